import threading
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import httpx
import pytest

from kernel import clock, correlation, http


class Server(BaseHTTPRequestHandler):
    heard: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        self.heard.append(dict(self.headers))
        self.send_response(int(self.path.strip("/")))
        self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_every_call_carries_the_correlation_id(address: str) -> None:
    with correlation.bound("webhook-0001"), http.client(address) as client:
        client.get("/200")
    assert Server.heard[-1]["X-Request-Id"] == "webhook-0001"


def test_a_redirect_is_an_answer_and_not_followed(address: str) -> None:
    with http.client(address) as client:
        assert client.get("/302").status_code == 302


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, "auth"),
        (403, "auth"),
        (408, "timeout_408"),
        (429, "rate_limit"),
        (400, "business"),
        (422, "business"),
        (500, "server"),
        (503, "server"),
    ],
)
def test_each_status_has_its_class_of_error(address: str, status: int, expected: str) -> None:
    with http.client(address) as client:
        assert http.classify(client.get(f"/{status}")) == expected


def test_what_never_answered_is_told_apart_from_what_could_not_be_reached() -> None:
    request = httpx.Request("GET", "http://x")
    assert http.classify(httpx.ReadTimeout("", request=request)) == "timeout"
    assert http.classify(httpx.ConnectError("", request=request)) == "server"
    assert http.classify(ValueError()) == "schema"
    assert http.classify(RuntimeError()) == "unknown"


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    def answer(value: str) -> httpx.Response:
        return httpx.Response(429, headers={"Retry-After": value})

    later = http.retry_after(answer(format_datetime(clock.now() + timedelta(seconds=30), usegmt=False)))
    assert http.retry_after(answer("7")) == 7
    assert later is not None
    assert 28 < later <= 30
    assert http.retry_after(answer("soon")) is None
    assert http.retry_after(httpx.Response(429)) is None
