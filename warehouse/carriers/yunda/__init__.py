from warehouse.carriers.base import Carrier

CARRIER = Carrier(
    code="YUNDA",
    name="Yunda Express",
    name_zh="韵达快递",
    maybe=(r"\d{13}", r"\d{15}"),
)
