from warehouse.carriers.base import Carrier

CARRIER = Carrier(
    code="JD",
    name="JD Logistics",
    name_zh="京东快递",
    sure=(r"JD[VXK][A-Z0-9]?\d{11,12}(-\d+-\d+-)?",),
)
