#!lua flags=allow-oom
-- Calls each command that the other scripts call. KEYS: a key of its own.
-- Returns the messages of those that fail, each behind the name of its command.
local failures = {}
local function try(...)
  local reply = redis.pcall(...)
  if type(reply) == 'table' and reply.err then
    failures[#failures + 1] = (select(1, ...)) .. ': ' .. reply.err
  end
end
local key = KEYS[1]
try('TIME')
try('DEL', key)
try('HSET', key, 'f', 'v')
try('HMGET', key, 'f')
try('PEXPIRE', key, '60000')
redis.pcall('DEL', key)
try('XADD', key, '1-0', 'e', 'v')
try('XRANGE', key, '-', '+')
try('XTRIM', key, 'MINID', '2-0')
redis.pcall('DEL', key)
try('ZADD', key, '1', 'm')
try('ZSCORE', key, 'm')
try('ZRANGE', key, '0', '+inf', 'BYSCORE')
try('ZREM', key, 'm')
try('ZREMRANGEBYSCORE', key, '-inf', '0')
redis.pcall('DEL', key)
try('SPUBLISH', key, '')
return failures
