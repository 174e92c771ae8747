"""Shopify: signed webhooks that carry the whole order, and the Admin REST API for pulls and fulfillments."""

from channels_sync.connectors.base import Connector, Option
from channels_sync.connectors.shopify.client import ShopifyClient
from channels_sync.connectors.shopify.normalize import normalize
from channels_sync.connectors.shopify.signing import classify, identify, verify

CONNECTOR = Connector(
    name="shopify",
    title="Shopify",
    receiver_mode="own_encrypted",
    zone="UTC",
    currency="USD",
    rate_per_minute=120,
    verify=verify,
    identify=identify,
    classify=classify,
    normalize=normalize,
    client=ShopifyClient,
    options=(Option("api_version", "Admin API version", "2026-07"),),
)
