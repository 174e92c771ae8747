-- Fill an empty gate from PostgreSQL: begin, rows as often as needed, finish. Until finish it answers "not ready".
-- KEYS   1 meta {epoch, batch, ticket}  2 free {sku: qty}  3 layers {sku: "safety buffer"}  4 pending {id: entry}
-- ARGV   1 begin, rows or finish  2 token of this loading  then rows: sku, free, layers for each; finish: epoch, batch, count
-- Reply  {code, SKUs loaded}; a loading that another one has overtaken is told "not ready" and changes nothing
-- Cost   O(rows)

if ARGV[1] == 'begin' then
  redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
  redis.call('HSET', KEYS[1], 'loading', ARGV[2])
  return {1, 0}
end
if redis.call('HGET', KEYS[1], 'loading') ~= ARGV[2] then
  return {6, 0}
end

if ARGV[1] == 'rows' then
  for i = 3, #ARGV, 3 do
    redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1])
    redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 2])
  end
  return {1, redis.call('HLEN', KEYS[2])}
end

local loaded = redis.call('HLEN', KEYS[2])
if loaded ~= tonumber(ARGV[5]) then
  return {6, loaded}
end
redis.call('HDEL', KEYS[1], 'loading')
redis.call('HSET', KEYS[1], 'epoch', ARGV[3], 'batch', ARGV[4], 'ticket', 0)
return {1, loaded}
