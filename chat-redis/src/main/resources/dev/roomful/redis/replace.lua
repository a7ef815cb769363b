#!lua
-- Replaces a log that ends before a snapshot, as its node expects, by the snapshot.
-- KEYS: entries, state. ARGV: sequence, token, data, retention, expected sequence and token.
-- Returns whether it was replaced.
local state = redis.call('HMGET', KEYS[2], 'sequence', 'token')
local sequence = tonumber(ARGV[1])
local last = tonumber(state[1] or 0)
if last >= sequence or last ~= tonumber(ARGV[5]) or (state[2] or '-') ~= ARGV[6] then
  return {0}
end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[2], 'sequence', ARGV[1], 'token', ARGV[2],
  'snapshot-sequence', ARGV[1], 'snapshot-token', ARGV[2], 'snapshot', ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return {1}
