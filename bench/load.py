"""HTTP under load: our web server around any WSGI application, and a client that keeps its connections.

The client is one thread of asyncio on plain sockets, so that both sides of a pair pay the same small price for it.
"""

import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from oms.stack import ports, processes

ROOT = Path(__file__).resolve().parents[1]
BUSY = (429, 500, 502, 503)


@contextlib.contextmanager
def serving(application: str, *, workers: int = 2, threads: int = 4, **environ: str) -> Iterator[str]:
    """granian with the settings of `make up` around `application` ("module:name"); gives its address."""
    port = ports.pick()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--no-ws"),
        *("--workers", str(workers), "--blocking-threads", str(threads), application),
    ]
    log = Path(tempfile.gettempdir()) / f"oms-bench-web-{port}.log"
    child = processes.spawn(command, log=log, environ={**os.environ, **environ}, folder=ROOT)
    try:
        if not processes.wait_until(lambda: ports.is_answering("127.0.0.1", port), seconds=30):
            raise SystemExit(f"The web server around {application} did not start: see {log}.")
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait()
        log.unlink(missing_ok=True)


def rate(
    url: str, make: Callable[[int], tuple[bytes, dict[str, str]]], *, connections: int = 32, seconds: float = 3.0
) -> float:
    """Answers per second to POSTs whose body and headers `make(number)` gives; any refusal ends the run."""
    return asyncio.run(_rate(url, make, connections, seconds))


async def _rate(
    url: str, make: Callable[[int], tuple[bytes, dict[str, str]]], connections: int, seconds: float
) -> float:
    numbers = iter(range(time.monotonic_ns(), sys.maxsize))
    deadline = time.monotonic() + seconds
    start = time.monotonic()
    counts = await asyncio.gather(*(_one(url, make, numbers, deadline) for _ in range(connections)))
    return sum(counts) / (time.monotonic() - start)


async def _one(
    url: str, make: Callable[[int], tuple[bytes, dict[str, str]]], numbers: Iterator[int], deadline: float
) -> int:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    count = 0
    try:
        while time.monotonic() < deadline:
            body, headers = make(next(numbers))
            writer.write(_request(address.path, address.netloc, body, headers))
            status = await _answer(reader)
            if status in BUSY:
                raise SystemExit(f"{url} answered {status} under load.")
            count += 1
    finally:
        writer.close()
    return count


def _request(path: str, host: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    length = next(
        (int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    await reader.readexactly(length)
    return status
