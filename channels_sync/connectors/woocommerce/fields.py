"""The fields of a WooCommerce order that we know. Another one is reported with the order and does no harm."""

_ORDER_FIELDS = """
_links billing cart_hash cart_tax coupon_lines created_via currency currency_symbol customer_id customer_ip_address
customer_note customer_user_agent date_completed date_completed_gmt date_created date_created_gmt date_modified
date_modified_gmt date_paid date_paid_gmt discount_tax discount_total fee_lines id is_editable line_items meta_data
needs_payment needs_processing number order_key parent_id payment_method payment_method_title payment_url
prices_include_tax refunds shipping shipping_lines shipping_tax shipping_total status tax_lines total total_tax
transaction_id version
"""
ORDER_FIELDS = frozenset(_ORDER_FIELDS.split())
