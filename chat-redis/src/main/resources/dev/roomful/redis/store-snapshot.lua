#!lua
-- Stores a newer snapshot and removes the entries that it contains.
-- KEYS: entries, state. ARGV: sequence, token, data, retention. Returns whether it was stored.
local state = redis.call('HMGET', KEYS[2], 'sequence', 'token', 'snapshot-sequence')
local sequence = tonumber(ARGV[1])
local last = tonumber(state[1] or 0)
if tonumber(state[3] or -1) >= sequence or last < sequence then
  return {0}
end
local first = string.format('%.0f', sequence) .. '-0'
local next = string.format('%.0f', sequence + 1) .. '-0'
if last == sequence then
  if (state[2] or '-') ~= ARGV[2] then
    return {0}
  end
else
  -- The entry itself, and the one behind it, tell the token; either may have been removed.
  for _, item in ipairs(redis.call('XRANGE', KEYS[1], first, next)) do
    local previous, token = string.match(item[2][2], '^%d+ %d+ (%S+) %d+ (%S+) ')
    if (item[1] == first and token or previous) ~= ARGV[2] then
      return {0}
    end
  end
end
redis.call('HSET', KEYS[2], 'snapshot-sequence', ARGV[1], 'snapshot-token', ARGV[2],
  'snapshot', ARGV[3])
redis.call('XTRIM', KEYS[1], 'MINID', next)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return {1}
