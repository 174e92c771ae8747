"""The fields of the generic documents. Another one is reported with the order and does no harm."""

_ORDER_FIELDS = """
schema order_no order_name status refund_status currency created_at updated_at paid_at shipped_at signed_at ship_by
buyer receiver lines totals payments buyer_note seller_note cash_on_delivery shipments
"""
ORDER_FIELDS = frozenset(_ORDER_FIELDS.split())
_RECEIPT_FIELDS = """
schema store_code terminal_code receipt_no kind business_date created_at updated_at cashier currency lines totals
payments member_no refund_of
"""
RECEIPT_FIELDS = frozenset(_RECEIPT_FIELDS.split())
