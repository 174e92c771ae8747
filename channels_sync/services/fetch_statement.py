"""Fetching a day's settlement statement by a link that carries its time and a signature, as platforms hand them out."""

import hashlib
import hmac
from datetime import date
from urllib.parse import urlsplit

import httpx

from channels_sync.connectors.calling import call
from channels_sync.errors import StatementNotOffered
from channels_sync.models import Connection
from channels_sync.services.connect import get_connection
from channels_sync.services.platform import calling
from kernel import clock

LINK_SECONDS = 300


def offers_statements(connection: Connection) -> bool:
    """Of the platforms known here only the simulated one hands statements to machines; its address tells it."""
    return urlsplit(connection.base_url).path.rstrip("/") == f"/{connection.platform}/{connection.shop.code}"


def fetch_statement(*, shop_code: str, day: date) -> bytes:
    """The statement file of one day as it comes. Call it outside a transaction: it waits for somebody's server.

    Raises StatementNotOffered for a platform whose statements are downloaded by hand, ConnectionNotFound, Retry.
    """
    connection = get_connection(shop_code)
    if not offers_statements(connection):
        raise StatementNotOffered(
            f"{connection.platform} hands its statements to people only.", advice="Download the file and upload it."
        )
    path = f"settlements/{day:%Y-%m-%d}.csv"
    expires = str(int(clock.now().timestamp()) + LINK_SECONDS)
    secret = (connection.credentials or {}).get("secret", "")
    signature = hmac.new(secret.encode(), f"{path}:{expires}".encode(), hashlib.sha256).hexdigest()
    with calling(connection, "fetch_statement") as client:
        http: httpx.Client = client.http  # type: ignore[attr-defined]
        return call(http, "GET", path, params={"expires": expires, "signature": signature}).content
