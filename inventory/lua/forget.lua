-- Drop pending entries: the folder has seen their reservations, or nobody will ever write them and the stock goes back.
-- KEYS   1 meta {epoch, batch, ticket}  2 free {sku: qty}  3 pending {id: entry}
-- ARGV   1 "back" gives the stock back, "keep" does not  2… id, ticket, id, ticket …
-- Reply  {code, epoch, dropped}; an entry under another ticket is left alone, so that doing this twice does no harm
-- Cost   O(entries * lines)

local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch then
  return {6, 0, 0}
end

local drop = {}
for i = 2, #ARGV, 2 do
  local ticket, lines = string.match(redis.call('HGET', KEYS[3], ARGV[i]) or '', '^(%d+)\n%d+\n(.*)$')
  if ticket == ARGV[i + 1] then
    drop[ARGV[i]] = lines
  end
end

local dropped = 0
for id, lines in pairs(drop) do
  if ARGV[1] == 'back' then
    for sku, qty in string.gmatch(lines, '([^\n]+)\n(%d+)') do
      redis.call('HINCRBY', KEYS[2], sku, qty)
    end
  end
  dropped = dropped + redis.call('HDEL', KEYS[3], id)
end
return {1, tonumber(epoch), dropped}
