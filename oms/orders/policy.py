"""Who sees which personal fields of an order (SEC-1). Roles that are not named get the default."""

from accounts.api import Field

FIELDS = {
    "orders.order.buyer_nick": Field(
        "none", "clear", {"picker": "hidden", "finance": "hidden", "operations_lead": "hidden"}
    ),
    "orders.order.buyer_ip": Field("ip", "hidden", {"admin": "clear", "supervisor": "masked", "group_lead": "masked"}),
    "orders.order.buyer_note": Field("text", "clear", {"finance": "hidden", "operations_lead": "hidden"}),
    "orders.order.seller_note": Field("text", "clear", {"picker": "hidden", "operations_lead": "hidden"}),
    "orders.order.receiver_name": Field(
        "name", "masked", {"admin": "clear", "picker": "hidden", "finance": "hidden", "operations_lead": "hidden"}
    ),
    "orders.order.receiver_phone": Field(
        "phone", "masked", {"admin": "clear", "picker": "hidden", "finance": "hidden", "operations_lead": "hidden"}
    ),
    "orders.order.receiver_address": Field(
        "address",
        "masked",
        {
            "admin": "clear",
            "picker": "clear",
            "warehouse_lead": "clear",
            "finance": "hidden",
            "operations_lead": "hidden",
        },
    ),
    "orders.order.receiver_region": Field("text", "clear", {"finance": "hidden", "operations_lead": "hidden"}),
}
