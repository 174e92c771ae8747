"""Which shop is reached how: connections as plain values, remembered by each process for a few seconds.

The webhook door asks for one on every delivery and must not pay a query and a decryption for it.
"""

import time
from dataclasses import dataclass

from channels_sync.connectors.base import Connector, Credentials, Settings
from channels_sync.connectors.registry import connectors
from channels_sync.models import Connection
from kernel import clock

TTL_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Door:
    """One connection, ready to verify, read and call."""

    connection_id: int
    shop_code: str
    connector: Connector
    credentials: Credentials
    settings: Settings
    base_url: str
    rate_per_minute: int
    is_intake_paused: bool


_known: dict[str, tuple[float, Door | None]] = {}


def find(shop_code: str) -> Door | None:
    """The door of an active connection; None for any other code. At most five seconds old."""
    known = _known.get(shop_code)
    now = time.monotonic()
    if known is not None and known[0] > now:
        return known[1]
    rows = Connection.objects.select_related("shop").filter(shop__code=shop_code, is_active=True, shop__is_active=True)
    found = rows.first()
    door = open_door(found) if found else None
    if len(_known) > 1_000:
        _known.clear()
    _known[shop_code] = (now + TTL_SECONDS, door)
    return door


def forget(shop_code: str) -> None:
    """A connection was changed in this process; the others learn of it within their few seconds."""
    _known.pop(shop_code, None)


def forget_all() -> None:
    _known.clear()


def open_door(connection: Connection) -> Door | None:
    """The door of this row as it stands; None when no connector of this name is installed."""
    connector = connectors().get(connection.platform)
    if connector is None:
        return None
    shop = connection.shop
    return Door(
        connection_id=connection.pk,
        shop_code=shop.code,
        connector=connector,
        credentials=_credentials(connection),
        settings=Settings(shop.zone, shop.currency, {**_defaults(connector), **connection.options}),
        base_url=connection.base_url,
        rate_per_minute=connection.rate_per_minute,
        is_intake_paused=connection.is_intake_paused,
    )


def _defaults(connector: Connector) -> dict[str, str]:
    return {option.name: option.default for option in connector.options if option.default}


def _credentials(connection: Connection) -> Credentials:
    stored = dict(connection.credentials or {})
    until = connection.previous_secret_until
    if until is not None and until <= clock.now():
        stored.pop("previous_secret", None)
    return Credentials(
        secret=stored.get("secret", ""),
        previous_secret=stored.get("previous_secret", ""),
        api_key=stored.get("api_key", ""),
        api_token=stored.get("api_token", ""),
    )
