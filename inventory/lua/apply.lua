-- Take in one numbered batch of the folder: stock given back or added, changed layers, entries it has seen.
-- KEYS   1 meta {epoch, batch, ticket}  2 free {sku: qty}  3 layers {sku: "safety buffer"}  4 pending {id: entry}
-- ARGV   1 epoch  2 batch number  3 count of SKUs  then sku, qty, layers for each  then id, ticket for each entry seen
-- Reply  {code, epoch, batch}; only last + 1 of the same epoch is taken in, so a batch counts once however often it is sent
-- Cost   O(SKUs + entries)

local state = redis.call('HMGET', KEYS[1], 'epoch', 'batch')
if not state[1] or state[1] ~= ARGV[1] then
  return {6, tonumber(state[1] or '0'), tonumber(state[2] or '0')}
end
local epoch, last, number = tonumber(state[1]), tonumber(state[2]), tonumber(ARGV[2])
if number <= last then
  return {2, epoch, last}
end
if number > last + 1 then
  return {7, epoch, last}
end

local entries = 4 + 3 * tonumber(ARGV[3])
local seen = {}
for i = entries, #ARGV, 2 do
  local ticket = string.match(redis.call('HGET', KEYS[4], ARGV[i]) or '', '^(%d+)\n')
  if ticket == ARGV[i + 1] then
    seen[#seen + 1] = ARGV[i]
  end
end

for i = 4, entries - 1, 3 do
  redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1])
  redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 2])
end
for _, id in ipairs(seen) do
  redis.call('HDEL', KEYS[4], id)
end
redis.call('HSET', KEYS[1], 'batch', ARGV[2])
return {1, epoch, number}
