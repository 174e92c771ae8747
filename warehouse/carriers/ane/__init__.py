from warehouse.carriers.base import Carrier

CARRIER = Carrier(
    code="ANE",
    name="ANE Logistics",
    name_zh="安能物流",
    maybe=(r"\d{12}",),
)
