-- Take the stock of one reservation: every line or none.
-- KEYS   1 meta {epoch, batch, ticket}  2 free {sku: qty}  3 layers {sku: "safety buffer"}  4 pending {id: entry}
-- ARGV   1 reservation id  2 floor: sellable, paid or force  3… sku, qty, sku, qty … (each SKU once)
-- Reply  {code, epoch, ticket, sku, left}; codes are Code in stock_gate.py; sku and left tell which line failed
-- Cost   O(lines)

local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch then
  return {6, 0, 0, '', 0}
end
epoch = tonumber(epoch)

-- The entry says what was taken: ticket, second, then the lines. The same lines again get the same ticket.
local lines = table.concat(ARGV, '\n', 3)
local known = redis.call('HGET', KEYS[4], ARGV[1])
if known then
  local ticket, taken = string.match(known, '^(%d+)\n%d+\n(.*)$')
  return {taken == lines and 2 or 5, epoch, tonumber(ticket), '', 0}
end

local skus = {}
for i = 3, #ARGV, 2 do
  skus[#skus + 1] = ARGV[i]
end
local free = redis.call('HMGET', KEYS[2], unpack(skus))
local layers = ARGV[2] == 'sellable' and redis.call('HMGET', KEYS[3], unpack(skus)) or {}

-- First pass: check all. sellable = floor((free - safety) * (1 - buffer)), the buffer in hundredths of a percent.
for i, sku in ipairs(skus) do
  local left = tonumber(free[i])
  if not left then
    return {4, epoch, 0, sku, 0}
  end
  if layers[i] then
    local safety, buffer = string.match(layers[i], '^(%d+) (%d+)$')
    left = math.floor((left - safety) * (10000 - buffer) / 10000)
  end
  if left < tonumber(ARGV[2 * i + 2]) and ARGV[2] ~= 'force' then
    return {3, epoch, 0, sku, math.max(left, 0)}
  end
end

-- Second pass: write all.
local ticket = redis.call('HINCRBY', KEYS[1], 'ticket', 1)
for i, sku in ipairs(skus) do
  redis.call('HINCRBY', KEYS[2], sku, -ARGV[2 * i + 2])
end
redis.call('HSET', KEYS[4], ARGV[1], ticket .. '\n' .. redis.call('TIME')[1] .. '\n' .. lines)
return {1, epoch, ticket, '', 0}
