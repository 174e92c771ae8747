"""WooCommerce: signed webhooks that are never repeated, so polling stands behind them, and the REST API v3."""

from channels_sync.connectors.base import Ack, Connector
from channels_sync.connectors.woocommerce.client import WooCommerceClient
from channels_sync.connectors.woocommerce.normalize import normalize
from channels_sync.connectors.woocommerce.signing import classify, identify, verify

CONNECTOR = Connector(
    name="woocommerce",
    title="WooCommerce",
    receiver_mode="own_encrypted",
    zone="UTC",
    currency="USD",
    rate_per_minute=100,
    verify=verify,
    identify=identify,
    classify=classify,
    normalize=normalize,
    client=WooCommerceClient,
    accepted=Ack(200, b"{}"),
)
