"""Calling a platform: the connector's client over a transport that keeps the rate limit and writes the call log."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from channels_sync.connectors.base import CallFailed, Client
from channels_sync.directory import Door, open_door
from channels_sync.models import ApiCall, Connection
from channels_sync.services import gate
from kernel import clock, correlation, http, work

TIMEOUT_SECONDS = 10.0


@contextmanager
def calling(connection: Connection, purpose: str) -> Iterator[Client]:
    """A client for one act.

    A failed call becomes the right verdict for the row at work, and is noted on the connection.

    Raises Defer while the breaker is open. Call it outside a transaction: it waits for somebody's server.
    """
    door = open_door(connection)
    if door is None or not door.base_url:
        raise work.Dead("not_connected", "This shop has no API address.", "business")
    gate.require_closed_breaker(connection)
    transport = _PlatformTransport(door, purpose)
    try:
        with http.client(_base(door), timeout=TIMEOUT_SECONDS, transport=transport, trust_env=False) as client:
            yield door.connector.client(client, door.credentials, door.settings)
        gate.note_success(connection)
    except CallFailed as failed:
        raise gate.note_failure(connection, failed) from failed
    finally:
        ApiCall.objects.bulk_create(transport.calls)


def _base(door: Door) -> str:
    return door.base_url.rstrip("/") + "/"


class _PlatformTransport(httpx.BaseTransport):
    def __init__(self, door: Door, purpose: str) -> None:
        self.door = door
        self.purpose = purpose
        self.calls: list[ApiCall] = []
        self._wire = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        gate.take_turn(self.door.connection_id, self.door.rate_per_minute)
        started = time.perf_counter()
        try:
            response = self._wire.handle_request(request)
        except httpx.HTTPError as error:
            self._note(request, started, None, http.classify(error))
            raise
        failed = http.classify(response) if response.status_code >= 400 else ""
        self._note(request, started, response.status_code, failed)
        return response

    def close(self) -> None:
        self._wire.close()

    def _note(self, request: httpx.Request, started: float, status: int | None, error_class: str) -> None:
        self.calls.append(
            ApiCall(
                connection_id=self.door.connection_id,
                at=clock.now(),
                purpose=self.purpose,
                method=request.method,
                path=request.url.path[:255],
                status=status,
                latency_ms=round((time.perf_counter() - started) * 1000),
                error_class=error_class,
                correlation_id=correlation.current(),
            )
        )
