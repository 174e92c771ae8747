"""A table full of orders in a minute: the shape of real ones, made by SQL alone. For benches only; life goes through services."""

from django.db import connection

STATES = "ARRAY['completed','completed','completed','shipped','allocated','in_review','pending_payment','cancelled']"
ORDERS = f"""
INSERT INTO orders_order (
    uid, order_no, shop_id, channel_order_no, channel_order_name, state, state_changed_at, payment_state,
    platform_status, source_status, refund_status, close_reason, is_held, review_role, priority, tags, is_non_sale,
    is_cash_on_delivery, currency, goods_amount, shipping_amount, discount_seller_amount, discount_platform_amount,
    adjust_amount, tax_amount, service_fee_amount, paid_amount, refunded_amount, source_created_at, source_updated_at,
    source_paid_at, source_version, received_at, warehouse_id, reservation_id, buyer_token, buyer_nick, buyer_index,
    buyer_ip, lines_digest, buyer_note, seller_note, flag, warnings, correlation_id)
SELECT gen_random_uuid(), 'B' || lpad(n::text, 14, '0'), shops.ids[1 + n %% cardinality(shops.ids)], 'BENCH-' || n, '',
    ({STATES})[1 + n %% 8], at, 'paid', 'PAID', 'to_ship', 'none', '', n %% 50 = 0, '', 0, '{{}}', false,
    false, 'CNY', 59, 0, 0, 0,
    0, 0, 0, 59, 0, at, at,
    at, 'bench', at, %(warehouse)s, '', 'buyer-' || n %% 100000, 'b**' || n %% 100, sha256(('b' || n %% 100000)::bytea),
    '', '', '', '', '', '{{}}', 'bench'
FROM (SELECT n, now() - (%(count)s - n) * interval '2.5 seconds' AS at FROM generate_series(1, %(count)s) AS n) AS rows,
    (SELECT array_agg(id ORDER BY id) AS ids FROM orders_shop) AS shops
"""
LINES = """
INSERT INTO orders_orderline (
    order_id, line_no, channel_line_id, sku_id, sku_code, title, spec, qty, unit_price_amount, goods_amount,
    discount_seller_amount, discount_platform_amount, tax_amount, paid_amount, is_gift, refund_status)
SELECT id, 1, '1', %(sku)s, 'BENCH', '示例T恤', '黑 L', 1, 59, 59, 0, 0, 0, 59, false, 'none'
FROM orders_order WHERE correlation_id = 'bench'
"""
HOLDS = """
INSERT INTO orders_orderhold (uid, order_id, code, source, evidence, note, placed_at, clear_reason)
SELECT gen_random_uuid(), id, 'MANUAL', 'bench', '{}', '', received_at, ''
FROM orders_order WHERE correlation_id = 'bench' AND is_held
"""
TABLES = "orders_order, orders_orderline, orders_orderhold"


def grow(*, count: int, warehouse_id: int, sku_id: int) -> None:
    """Add `count` orders of all shops, the newest of this minute, with a line each and every fiftieth held.

    History triggers and foreign-key checks are off meanwhile: the rows are right by construction.
    """
    values = {"count": count, "warehouse": warehouse_id, "sku": sku_id}
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in (ORDERS, LINES, HOLDS):
            cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute(f"ANALYZE {TABLES}")
