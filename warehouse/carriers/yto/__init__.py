from warehouse.carriers.base import Carrier

CARRIER = Carrier(
    code="YTO",
    name="YTO Express",
    name_zh="圆通速递",
    sure=(r"YT\d{13}", r"DD[89]\d{15}"),
    maybe=(r"[A-Z0-9]{2}\d{8}", r"[A-Z0-9]{2}\d{10,13}", r"[6-9]\d{17}"),
)
