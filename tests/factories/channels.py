"""Connected shops, the simulated platform, and deliveries as platforms send them."""

import json
from pathlib import Path
from typing import Any

from channels_sync.models import Connection
from channels_sync.services.connect import connect_shop
from channels_sync.simulator.dialect import Announcement, SimShop
from channels_sync.simulator.server import Server, dialects

FIXTURES = Path(__file__).parent.parent / "fixtures"
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def payload(name: str) -> dict[str, Any]:
    """A sample by its place: `shopify/order-webhook`."""
    found: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return found


def make_connection(
    platform: str = "generic", code: str = "demo", server: Server | None = None, **options: str
) -> Connection:
    """A connected shop; with a server, also known to the simulated platform."""
    given = {"api_key": "key", "api_token": "token", "currency": "CNY", **options}
    if server is not None:
        given["base_url"] = f"{server.url}/{platform}/{code}"
    connection = connect_shop(platform=platform, code=code, secret=SECRET, options=given)
    if server is not None:
        server.platform.book.connect(sim_shop(connection))
    return connection


def sim_shop(connection: Connection, hook_url: str = "", rate_per_minute: int = 10_000) -> SimShop:
    return SimShop(
        code=connection.shop.code,
        platform=connection.platform,
        secret=SECRET,
        api_key="key",
        api_token="token",
        hook_url=hook_url,
        currency=connection.shop.currency,
        zone=connection.shop.zone,
        rate_per_minute=rate_per_minute,
    )


def signed(platform: str, body: dict[str, Any] | bytes, event: str = "pay", code: str = "demo") -> Announcement:
    """A webhook as this platform would sign it."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    shop = SimShop(code=code, platform=platform, secret=SECRET, api_key="key", api_token="token")
    return dialects()[platform].sign(shop, event, raw)


def post(client: Any, announcement: Announcement, code: str = "demo", **changed: str) -> Any:
    """Send a delivery to our door with Django's test client, some headers perhaps changed."""
    headers = {**announcement.headers, **changed}
    query = headers.pop("x-query-string", "")
    content_type = headers.pop("Content-Type", "application/json")
    return client.post(
        f"/hooks/{code}/",
        data=announcement.body,
        content_type=content_type,
        headers=headers,
        query_params=None,
        QUERY_STRING=query,
    )
