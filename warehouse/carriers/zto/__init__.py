from warehouse.carriers.base import Carrier

CARRIER = Carrier(
    code="ZTO",
    name="ZTO Express",
    name_zh="中通快递",
    sure=(r"7[3-9]\d{12}",),
    maybe=(r"\d{12}", r"\d{14}"),
)
