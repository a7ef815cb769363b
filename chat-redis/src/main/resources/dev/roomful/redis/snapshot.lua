#!lua flags=no-writes
-- KEYS: state. Returns the sequence, the token and the data of the snapshot, or nothing.
local snapshot = redis.call('HMGET', KEYS[1], 'snapshot-sequence', 'snapshot-token', 'snapshot')
if not snapshot[1] then
  return {}
end
return snapshot
