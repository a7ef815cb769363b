#!lua flags=allow-oom
-- KEYS: nodes. ARGV: node.
redis.call('ZREM', KEYS[1], ARGV[1])
return {}
