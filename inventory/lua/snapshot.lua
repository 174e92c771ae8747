-- Read the gate in one instant, for the auditor and the reaper.
-- KEYS   1 meta {epoch, batch, ticket}  2 free {sku: qty}  3 pending {id: entry}
-- ARGV   1 "all", or "pending" to leave out the free quantities
-- Reply  {code, epoch, batch, last ticket, second, {sku, qty …}, {id, entry …}}
-- Cost   O(SKUs + entries)

local state = redis.call('HMGET', KEYS[1], 'epoch', 'batch', 'ticket')
if not state[1] then
  return {6, 0, 0, 0, 0, {}, {}}
end
local free = ARGV[1] == 'all' and redis.call('HGETALL', KEYS[2]) or {}
local second = tonumber(redis.call('TIME')[1])
return {1, tonumber(state[1]), tonumber(state[2]), tonumber(state[3]), second, free, redis.call('HGETALL', KEYS[3])}
