#!lua
-- Appends an entry, unless the log ends before what the node knows, and publishes it.
-- KEYS: entries, state. ARGV: known sequence, known token, token, rest of the entry, retention.
-- Returns the head of the entry, or "rewound", the sequence and the token of the log's end.
local state = redis.call('HMGET', KEYS[2], 'sequence', 'token', 'refreshed')
local sequence = tonumber(state[1] or 0)
local previous = state[2] or '-'
local known = tonumber(ARGV[1])
if sequence < known or (sequence == known and previous ~= ARGV[2]) then
  return {'rewound', string.format('%.0f', sequence), previous}
end
local time = redis.call('TIME')
local millis = time[1] * 1000 + math.floor(time[2] / 1000)
local number = string.format('%.0f', sequence + 1)
local head = '1 ' .. number .. ' ' .. previous .. string.format(' %.0f', millis)
local entry = head .. ARGV[4]
if sequence == 0 then
  -- Entries without a state are the rest of a log whose state was evicted.
  redis.call('DEL', KEYS[1])
end
redis.call('XADD', KEYS[1], number .. '-0', 'e', entry)
local retention = tonumber(ARGV[5])
local age = millis - tonumber(state[3] or 0)
if age < 0 or age > retention / 100 then
  redis.call('HSET', KEYS[2], 'sequence', number, 'token', ARGV[3],
    'refreshed', string.format('%.0f', millis))
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  redis.call('PEXPIRE', KEYS[2], ARGV[5])
else
  redis.call('HSET', KEYS[2], 'sequence', number, 'token', ARGV[3])
end
redis.call('SPUBLISH', KEYS[1], entry)
return {head}
