"""Who sees which personal fields of a delivery. The order inside one is shown by the order centre's own policy."""

from accounts.api import Field

FIELDS = {
    "channels_sync.delivery.remote_addr": Field("ip", "masked", {"admin": "clear", "operations_lead": "clear"}),
    "channels_sync.delivery.raw_body": Field("text", "hidden", {"admin": "clear", "operations_lead": "clear"}),
}
