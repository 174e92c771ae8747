from warehouse.carriers.base import Carrier

CARRIER = Carrier(
    code="OTHER",
    name="Another carrier",
    name_zh="其他快递",
)
