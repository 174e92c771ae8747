"""Opening a shop on a platform, and changing how it is reached."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from accounts.api import audit
from channels_sync import directory
from channels_sync.connectors.base import Connector
from channels_sync.connectors.registry import connectors
from channels_sync.errors import ConnectionNotFound, PlatformUnknown
from channels_sync.models import BreakerReason, Connection
from channels_sync.services import gate
from kernel import clock
from kernel.errors import InvalidInput
from oms.orders import api as orders

# How long a secret that was replaced still verifies: platforms sign with the old one for up to an hour.
ROTATION = timedelta(hours=24)
SECRET_OPTIONS = ("api_key", "api_token", "previous_secret")
SHOP_OPTIONS = ("name", "zone", "currency", "warehouses")
CONNECTION_OPTIONS = ("base_url", "rate_per_minute")


def connect_shop(
    *, platform: str, code: str, secret: str, options: Mapping[str, str] | None = None, actor: Any = "system"
) -> Connection:
    """Open a shop and the way to it. Options: `base_url`, `api_key`, `api_token`, `name`, `zone`, `currency`,
    `warehouses`, `rate_per_minute`, and those that the connector declares.
    """
    given = dict(options or {})
    connector = connectors().get(platform)
    if connector is None:
        known = ", ".join(sorted(connectors()))
        raise PlatformUnknown(f"There is no platform {platform}.", advice=f"Known are: {known}.")
    _check(connector, given)
    with transaction.atomic():
        orders.create_shop(
            code=code,
            name=given.get("name") or code,
            platform=platform,
            zone=given.get("zone") or connector.zone,
            currency=given.get("currency") or connector.currency,
            warehouse_codes=given["warehouses"].split(",") if given.get("warehouses") else None,
        )
        connection = Connection.objects.create(
            shop=orders.Shop.objects.get(code=code),
            platform=platform,
            credentials={"secret": secret} | {name: given[name] for name in SECRET_OPTIONS if name in given},  # type: ignore[misc]
            base_url=given.get("base_url", ""),
            rate_per_minute=int(given.get("rate_per_minute") or connector.rate_per_minute),
            options={option.name: given[option.name] for option in connector.options if option.name in given},
        )
        audit.record(actor, "channel.connected", "channels_sync.connection", code, after={"platform": platform})
    directory.forget(code)
    return connection


def change_credentials(*, code: str, changes: Mapping[str, str], actor: Any) -> None:
    """Replace a secret or token. The old secret verifies for a day longer, and calls that waited for a token go on."""
    with transaction.atomic():
        connection = get_connection(code)
        stored = dict(connection.credentials or {})
        now = clock.now()
        if changes.get("secret") and changes["secret"] != stored.get("secret"):
            stored["previous_secret"] = stored.get("secret", "")
            connection.previous_secret_until = now + ROTATION
        names = ("secret", "api_key", "api_token")
        connection.credentials = stored | {name: changes[name] for name in names if changes.get(name)}
        connection.credentials_changed_at = now
        connection.breaker_reason, connection.breaker_failures = BreakerReason.NONE, 0
        connection.breaker_open_until = connection.breaker_opened_at = None
        connection.save()
        gate.wake_waiting(connection.pk)
        changed = {"changed": ", ".join(name for name in names if changes.get(name))}
        audit.record(actor, "channel.credentials_changed", "channels_sync.connection", code, after=changed)
    directory.forget(code)


def get_connection(code: str) -> Connection:
    connection = Connection.objects.select_related("shop").filter(shop__code=code).first()
    if connection is None:
        raise ConnectionNotFound(f"The shop {code} is not connected.")
    return connection


def _check(connector: Connector, given: Mapping[str, str]) -> None:
    own = (option.name for option in connector.options)
    known = {*SECRET_OPTIONS, *SHOP_OPTIONS, *CONNECTION_OPTIONS, *own}
    if unknown := sorted(set(given) - known):
        raise InvalidInput(f"Unknown option: {', '.join(unknown)}.", advice=f"Known are: {', '.join(sorted(known))}.")
    if (url := given.get("base_url")) and urlsplit(url).scheme not in ("http", "https"):
        raise InvalidInput("base_url must begin with http:// or https://.")
    if not (given.get("rate_per_minute") or "1").isdigit():
        raise InvalidInput("rate_per_minute must be a whole number.")
