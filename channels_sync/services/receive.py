"""A delivery at the door: verified on its raw bytes, named, kept in the inbox and acknowledged.

What it means comes later.
"""

from collections.abc import Mapping

from channels_sync import directory
from channels_sync.connectors.base import Ack, BadSignature
from channels_sync.connectors.peeking import is_object
from channels_sync.directory import Door
from channels_sync.services.process import process_delivery
from kernel import clock, inbox
from kernel.models import InboxDelivery

SOURCE = "shop"
PROBE_MAX_BYTES = 1024


def receive_delivery(*, shop_code: str, headers: Mapping[str, str], body: bytes, remote_addr: str | None) -> inbox.Ack:
    """Keep one delivery and answer as its platform expects. A connectivity probe is answered and leaves nothing."""
    door = directory.find(shop_code)
    if door is not None and len(body) <= PROBE_MAX_BYTES and _is_probe(door, headers, body):
        return _reply(door.connector.accepted)
    return inbox.receive(SOURCE, shop_code, headers, body, remote_addr)


class ShopSource:
    """Platforms' webhooks, as the inbox asks about them."""

    name = SOURCE

    def verify(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> Door:
        door = directory.find(endpoint)
        if door is None:
            raise inbox.Refusal("no such shop", status=404)
        try:
            door.connector.verify(door.credentials, headers, body, clock.now())
        except BadSignature as bad:
            raise inbox.Refusal(bad.reason) from bad
        return door

    def identify(self, verified: Door, headers: Mapping[str, str], body: bytes) -> inbox.Identity:
        if not is_object(body):
            raise inbox.Malformed("not_json", "The body is not a JSON object.")
        identity = verified.connector.identify(headers, body)
        kind = verified.connector.classify(identity.topic)
        ignored = f"nobody listens to the topic {identity.topic or '(none)'}" if kind == "unknown" else ""
        return inbox.Identity(identity.delivery_key, identity.topic, identity.order_id, ignored)

    def acknowledge(self, endpoint: str, verified: Door | None, outcome: inbox.Outcome) -> inbox.Ack:
        if outcome.is_kept and verified is not None:
            return _reply(verified.connector.accepted)
        door = directory.find(endpoint)
        if door is None or outcome.status != door.connector.refused.status:
            return inbox.Ack(outcome.status, b"{}")
        return _reply(door.connector.refused)

    def process(self, delivery: InboxDelivery) -> None:
        process_delivery(delivery)


def _is_probe(door: Door, headers: Mapping[str, str], body: bytes) -> bool:
    if door.connector.classify(door.connector.identify(headers, body).topic) != "probe":
        return False
    try:
        door.connector.verify(door.credentials, headers, body, clock.now())
    except BadSignature:
        return False
    return True


def _reply(ack: Ack) -> inbox.Ack:
    return inbox.Ack(ack.status, ack.body, ack.content_type)
