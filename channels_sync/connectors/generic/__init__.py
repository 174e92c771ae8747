"""Any system of one's own (mini-program, POS, ERP): Standard Webhooks signatures, and two documents in plain JSON."""

from channels_sync.connectors.base import Connector
from channels_sync.connectors.generic.client import GenericClient
from channels_sync.connectors.generic.normalize import normalize
from channels_sync.connectors.generic.signing import classify, identify, verify

CONNECTOR = Connector(
    name="generic",
    title="Generic JSON",
    receiver_mode="own_encrypted",
    zone="Asia/Shanghai",
    currency="CNY",
    rate_per_minute=100,
    verify=verify,
    identify=identify,
    classify=classify,
    normalize=normalize,
    client=GenericClient,
)
