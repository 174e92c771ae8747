from warehouse.carriers.base import Carrier

CARRIER = Carrier(
    code="EMS",
    name="EMS / China Post",
    name_zh="邮政 EMS",
    sure=(r"[A-Z]{2}\d{9}[A-Z]{2}",),
    maybe=(r"(1[0-2]|5[0-2]|9[5-9])\d{11}", r"\d{13}"),
)
