from warehouse.carriers.base import Carrier

CARRIER = Carrier(
    code="STO",
    name="STO Express",
    name_zh="申通快递",
    sure=(r"77\d{13}",),
    maybe=(r"(268|368|468|568|668|768|868|888|588|688|968|773)\d{9,10}", r"(33|55|66)\d{11}", r"(88|99)\d{13}"),
)
