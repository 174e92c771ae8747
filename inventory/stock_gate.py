"""The Redis gate in front of stock: the only Python that knows its keys, its scripts and its answers.

PostgreSQL is the truth; the gate only may be more pessimistic. It speaks for one *epoch*, one loading from PostgreSQL.
The scripts that act on a loaded gate carry warehouse and epoch in their text, so their SHA is known to a server only if
this very server was loaded for this epoch: a restarted, truncated, promoted or wrong server answers NOSCRIPT, and that
reads as "not ready", never as zero or as plenty. Nobody but the gatekeeper loads scripts.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from functools import cache, lru_cache
from hashlib import sha1
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, RedisError
from redis.retry import Retry

SCRIPTS = Path(__file__).parent / "lua"
LIVE_SCRIPTS = ("reserve", "forget", "apply", "snapshot")
ROWS_PER_LOAD = 1000


class Code(IntEnum):
    """What the scripts answer."""

    OK = 1
    ALREADY = 2
    SHORT = 3
    UNKNOWN_SKU = 4
    MISMATCH = 5
    NOT_READY = 6
    GAP = 7


class Reply(NamedTuple):
    """The answer to a reservation. `ticket` is the gate's entry; `sku` and `left` tell which line failed."""

    code: int
    epoch: int
    ticket: int
    sku: bytes
    left: int


class Pending(NamedTuple):
    """Stock that the gate has given and whose reservation the folder has not seen yet."""

    reservation_id: str
    ticket: int
    second: int
    lines: tuple[tuple[str, int], ...]


class Snapshot(NamedTuple):
    epoch: int
    batch: int
    ticket: int
    second: int
    free: dict[str, int]
    pending: tuple[Pending, ...]


class Credit(NamedTuple):
    """One SKU of a batch or of a loading: how much is free or comes back, and the layers that stand in front of it."""

    sku: str
    qty: int
    safety: int
    buffer: int

    @property
    def arguments(self) -> tuple[str, int, str]:
        return self.sku, self.qty, f"{self.safety} {self.buffer}"


class GateNotReady(Exception):
    """The gate cannot answer for this epoch. `why` is a short stable word for the log and the gate's page."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def reserve(warehouse: str, epoch: int, reservation_id: str, demand: Sequence[tuple[str, int]], floor: str) -> Reply:
    """Take the demand (each SKU once) or nothing. The same id with the same demand gets the ticket it already has."""
    database = _database()
    sha, keys = _sha_of("reserve", database, warehouse, epoch), _keys_of(database, warehouse)
    try:
        answer = _client(settings.STOCK_REDIS_URL).evalsha(
            sha, 4, *keys, reservation_id, floor, *(part for line in demand for part in line)
        )
    except NoScriptError as error:
        raise GateNotReady("noscript") from error
    except RedisError as error:
        raise GateNotReady("unreachable") from error
    if answer[0] == Code.NOT_READY:
        raise GateNotReady("not_loaded")
    return Reply(*answer)


def forget(warehouse: str, epoch: int, entries: Iterable[tuple[str, int]], *, give_back: bool) -> int:
    """Drop pending entries (id, ticket), with their stock given back or kept. Doing it twice does no harm."""
    meta, free, _layers, pending = _keys(warehouse)
    flat = [part for entry in entries for part in entry]
    if not flat:
        return 0
    answer = _run("forget", warehouse, epoch, (meta, free, pending), "back" if give_back else "keep", *flat)
    return int(answer[2])


def ping() -> None:
    """Raise GateNotReady unless Redis answers."""
    with _not_ready_if_redis_fails():
        _client(settings.STOCK_REDIS_URL).ping()


def check(warehouse: str, epoch: int) -> None:
    """Raise GateNotReady unless this server was loaded for this epoch and still has it."""
    meta, free, _layers, pending = _keys(warehouse)
    if _run("forget", warehouse, epoch, (meta, free, pending), "keep")[1] != epoch:
        raise GateNotReady("other_epoch")


def apply(warehouse: str, epoch: int, number: int, given: Sequence[Credit], seen: Iterable[tuple[str, int]]) -> Code:
    """Send one numbered batch. OK and ALREADY both mean that the gate has it; GAP that an earlier one is missing."""
    rows = [part for credit in given for part in credit.arguments]
    entries = [part for entry in seen for part in entry]
    return Code(_run("apply", warehouse, epoch, _keys(warehouse), epoch, number, len(given), *rows, *entries)[0])


def snapshot(warehouse: str, epoch: int, *, pending_only: bool = False) -> Snapshot:
    meta, free, _layers, pending = _keys(warehouse)
    what = "pending" if pending_only else "all"
    _code, loaded_epoch, batch, ticket, second, free_flat, entries = _run(
        "snapshot", warehouse, epoch, (meta, free, pending), what
    )
    quantities = {sku.decode(): int(qty) for sku, qty in _pairs(free_flat)}
    waiting = tuple(_pending(reservation_id.decode(), entry.decode()) for reservation_id, entry in _pairs(entries))
    return Snapshot(loaded_epoch, batch, ticket, second, quantities, waiting)


def load(warehouse: str, epoch: int, batch: int, levels: Sequence[Credit]) -> None:
    """Fill the gate for a new epoch. Only the gatekeeper calls this, while the gate is closed and its lock is held."""
    keys, token, source = _keys(warehouse), uuid4().hex, _source("load")
    with _not_ready_if_redis_fails():
        client = _client(settings.STOCK_REDIS_URL)
        answers = [client.eval(source, 4, *keys, "begin", token)]
        for start in range(0, len(levels), ROWS_PER_LOAD):
            rows = [part for level in levels[start : start + ROWS_PER_LOAD] for part in level.arguments]
            answers.append(client.eval(source, 4, *keys, "rows", token, *rows))
        for name in LIVE_SCRIPTS:
            client.script_load(_text(name, _database(), warehouse, epoch))
        answers.append(client.eval(source, 4, *keys, "finish", token, epoch, batch, len(levels)))
    if any(code != Code.OK for code, _loaded in answers):
        raise GateNotReady("load_overtaken")


def _database() -> str:
    return str(settings.DATABASES["default"]["NAME"])


def _keys(warehouse: str) -> tuple[str, str, str, str]:
    return _keys_of(_database(), warehouse)


@lru_cache(maxsize=1000)
def _keys_of(database: str, warehouse: str) -> tuple[str, str, str, str]:
    # The database's name keeps installations apart that share a Redis; the braces put a warehouse on one cluster node.
    stem = f"stock:{database}:{{{warehouse}}}"
    return f"{stem}:meta", f"{stem}:free", f"{stem}:layers", f"{stem}:pending"


@cache
def _client(url: str) -> redis.Redis:
    # One retry at once: a pooled connection may be stale, and a reservation is the same by its id however often it is sent.
    return redis.Redis.from_url(
        url, socket_connect_timeout=0.3, socket_timeout=1.0, retry=Retry(NoBackoff(), 1), health_check_interval=0
    )


@cache
def _source(name: str) -> str:
    return (SCRIPTS / f"{name}.lua").read_text()


def _text(name: str, database: str, warehouse: str, epoch: int) -> str:
    return f"-- gate {database} {warehouse} {epoch}\n{_source(name)}"


@lru_cache(maxsize=1000)
def _sha_of(name: str, database: str, warehouse: str, epoch: int) -> str:
    return sha1(_text(name, database, warehouse, epoch).encode(), usedforsecurity=False).hexdigest()


def _run(name: str, warehouse: str, epoch: int, keys: Sequence[str], *arguments: Any) -> list[Any]:
    with _not_ready_if_redis_fails():
        sha = _sha_of(name, _database(), warehouse, epoch)
        answer = _client(settings.STOCK_REDIS_URL).evalsha(sha, len(keys), *keys, *arguments)
    if answer[0] == Code.NOT_READY:
        raise GateNotReady("not_loaded")
    return answer


@contextmanager
def _not_ready_if_redis_fails() -> Iterator[None]:
    try:
        yield
    except NoScriptError as error:
        raise GateNotReady("noscript") from error
    except RedisError as error:
        raise GateNotReady("unreachable") from error


def _pairs(flat: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    return zip(flat[::2], flat[1::2], strict=True)


def _pending(reservation_id: str, entry: str) -> Pending:
    ticket, second, *lines = entry.split("\n")
    quantities = (int(qty) for qty in lines[1::2])
    return Pending(reservation_id, int(ticket), int(second), tuple(zip(lines[::2], quantities, strict=True)))
