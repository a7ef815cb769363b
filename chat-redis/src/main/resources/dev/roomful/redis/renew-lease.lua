#!lua flags=allow-oom
-- KEYS: nodes. ARGV: node, milliseconds to expiry, 1 if it was renewed before, else 0.
-- Returns whether the lease was held, or is the first one.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], string.format('%.0f', now + tonumber(ARGV[2])), ARGV[1])
-- An expired lease is remembered for an hour, so that a node which was paused learns of it.
local hour = 3600000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - hour))
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', tonumber(ARGV[2]) + hour))
if held then
  return {tonumber(held) > now and 1 or 0}
end
return {1 - tonumber(ARGV[3])}
