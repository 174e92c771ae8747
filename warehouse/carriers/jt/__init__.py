from warehouse.carriers.base import Carrier

CARRIER = Carrier(
    code="JT",
    name="J&T Express",
    name_zh="极兔速递",
    sure=(r"JT\d{12,13}",),
)
