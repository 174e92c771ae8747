from warehouse.carriers.base import Carrier

CARRIER = Carrier(
    code="DEPPON",
    name="Deppon Express",
    name_zh="德邦快递",
    sure=(r"DPK\d{12}",),
    maybe=(r"\d{8,10}", r"\d{15,}[-\d]+"),
)
