#!lua flags=no-writes
-- Reads entries. The number of bytes is bounded, because Redis serves nobody else meanwhile.
-- KEYS: entries, state. ARGV: sequence after which to begin, number of entries, bytes.
-- Returns the sequence and the token of the log's end, and the entries.
local state = redis.call('HMGET', KEYS[2], 'sequence', 'token')
local result = {state[1] or '0', state[2] or '-'}
local last = string.format('%.0f', tonumber(ARGV[1])) .. '-0'
local left = tonumber(ARGV[2])
local bytes = tonumber(ARGV[3])
while left > 0 and bytes > 0 do
  local count = math.min(left, 16)
  local part = redis.call('XRANGE', KEYS[1], '(' .. last, '+', 'COUNT', count)
  for _, item in ipairs(part) do
    last = item[1]
    result[#result + 1] = item[2][2]
    bytes = bytes - #item[2][2]
  end
  if #part < count then
    break
  end
  left = left - count
end
return result
