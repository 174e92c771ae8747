"""The simulated platform's front door: `/<platform>/<shop>/…` for the platforms' APIs, `/control/…` for switches.

It listens on this machine only, and what it is told through `/control/` is for tests and for the demo.
"""

import logging
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from channels_sync.simulator import control, statement
from channels_sync.simulator.book import OrderBook
from channels_sync.simulator.dialect import Dialect, Refusal, Request, Response, SimShop, json_response
from channels_sync.simulator.faults import Fault, Faults
from channels_sync.simulator.life import Life
from channels_sync.simulator.limits import Limits
from kernel import plugins

logger = logging.getLogger(__name__)
MAX_BODY = 5 * 1024 * 1024
# How long a caller is kept without an answer when the answer is to be lost.
LOST_ANSWER_SECONDS = 30.0


class Dropped(Exception):
    """The connection is to be cut without an answer."""


@cache
def dialects() -> dict[str, Dialect]:
    folders = plugins.discover("channels_sync.connectors", needs="CONNECTOR")
    found = {name: plugins.discover(f"channels_sync.connectors.{name}", needs="DIALECT") for name in folders}
    return {name: modules["simulator"].DIALECT for name, modules in found.items() if "simulator" in modules}


class Platform:
    """Everything that the simulated platform is, without its socket."""

    def __init__(self, path: Path) -> None:
        self.book = OrderBook(path)
        self.faults = Faults()
        self.limits = Limits()
        self.life = Life(self.book, dialects())
        self.calls: list[tuple[str, str]] = []

    def respond(self, request: Request) -> Response:
        first, _, rest = request.path.lstrip("/").partition("/")
        if first == "control":
            return control.respond(self, Request(request.method, rest, request.query, request.headers, request.body))
        code, _, path = rest.partition("/")
        shop, dialect = self.book.shop(unquote(code)), dialects().get(first)
        if shop is None or dialect is None or shop.platform != first:
            return json_response({"error": "no such shop"}, 404)
        inner = Request(request.method, path, request.query, request.headers, request.body)
        return self._serve(inner, shop, dialect)

    def _serve(self, request: Request, shop: SimShop, dialect: Dialect) -> Response:
        what = f"{request.method} {request.path} {request.form().get('method', '') if request.method == 'POST' else ''}"
        self.calls.append((shop.code, what.strip()))
        fault = self.faults.next(shop.code, what)
        if fault:
            _before(fault)
        if fault and fault.kind == "status":
            return json_response(
                {"error": "fault"}, fault.status, {"Retry-After": "1"} if fault.status == 429 else None
            )
        if wait := self.limits.wait_seconds(shop.code, shop.rate_per_minute):
            return dialect.throttled(wait)
        response = self._answer(request, shop, dialect)
        return _after(fault, response) if fault else response

    def _answer(self, request: Request, shop: SimShop, dialect: Dialect) -> Response:
        try:
            if request.path.startswith("settlements/"):
                return statement.respond(request, shop, self.book)
            dialect.authorize(request, shop)
            return dialect.answer(request, shop, self.book)
        except Refusal as refusal:
            return refusal.response


def _before(fault: Fault) -> None:
    if fault.kind == "drop_before":
        raise Dropped
    if fault.kind == "slow":
        time.sleep(fault.seconds)


def _after(fault: Fault, response: Response) -> Response:
    if fault.kind == "time_out_after":
        time.sleep(fault.seconds or LOST_ANSWER_SECONDS)
        raise Dropped
    if fault.kind == "drop_after":
        raise Dropped
    return Response(200, b"<html>not json</html>") if fault.kind == "wrong_answer" else response


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    platform: Platform

    def _handle(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), MAX_BODY)
        address = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=address.path,
            query=dict(parse_qsl(address.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        try:
            response = self.platform.respond(request)
        except Dropped:
            self.close_connection = True
            return
        except Exception:
            logger.exception("simulator failed")
            response = json_response({"error": "simulator failed"}, 500)
        self._send(response)

    do_GET = do_POST = do_PUT = do_DELETE = _handle  # noqa: N815 (http.server's names)

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in {"Content-Type": "application/json", **response.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def log_message(self, *args: Any) -> None:
        logger.debug(*args)


class Server:
    """The platform behind a socket, with the life of its buyers if wanted. `port` 0 takes any free one."""

    def __init__(self, path: Path, port: int = 0) -> None:
        self.platform = Platform(path)
        handler = type("BoundHandler", (Handler,), {"platform": self.platform})
        self._http = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, name="simulator", daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.platform.life.stop()
        self._http.shutdown()
        self._http.server_close()
        self.platform.book.close()
