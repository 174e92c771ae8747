"""Who sees which personal fields of a parcel (SEC-1). The recipient is not stored here at all."""

from accounts.api import Field

FIELDS = {
    "warehouse.package.receiver_region": Field("none", "clear", {"finance": "hidden", "operations_lead": "hidden"}),
    "warehouse.waybill.tracking_no": Field("none", "clear", {"operations_lead": "hidden"}),
}
