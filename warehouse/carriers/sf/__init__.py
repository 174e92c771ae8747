from warehouse.carriers.base import Carrier

CARRIER = Carrier(
    code="SF",
    name="SF Express",
    name_zh="顺丰速运",
    sure=(r"SF\d{13}",),
    maybe=(r"\d{12}",),
)
