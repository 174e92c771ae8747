"""The one inbox: every delivery from outside is a row, with its raw bytes, before it is acknowledged.

An app registers a *source* (platform webhooks, payment callbacks, carriers). A source checks, names, acknowledges and
processes; the inbox keeps, removes duplicates, and runs what is left as work rows in the `intake` queue.

    inbox.register_source(ShopSource())                                     # <app>/handlers.py
    ack = inbox.receive("shop", shop_code, request.headers, request.body, remote_addr)      # the view's one call
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from kernel import work
from kernel.inbox_store import Arrival, store, store_refused
from kernel.models import InboxDelivery, Verdict

log = structlog.get_logger("inbox")

MAX_BODY_BYTES = 1024 * 1024
LONGEST_KEY = 160
_SECRET_HEADER = re.compile(r"authorization|cookie|api-?key|token|secret", re.IGNORECASE)


class Refusal(Exception):
    """The delivery is not to be trusted, or its endpoint is unknown. `reason` is for our log, never for the caller."""

    def __init__(self, reason: str, *, status: int = 401) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Malformed(Exception):
    """The delivery is from the right hand but cannot be read. It is kept as a dead letter with this reason."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Identity:
    """What names a delivery. Without a `delivery_key` the body itself is the key. `ignored` says why nothing will be
    done.
    """

    delivery_key: str
    topic: str
    ordering_key: str = ""
    ignored: str = ""


@dataclass(frozen=True)
class Outcome:
    """What happened at the door: accepted, duplicate, ignored, malformed, refused or too_large; `status` is our HTTP
    answer.
    """

    name: str
    status: int
    delivery_uid: str = ""

    @property
    def is_kept(self) -> bool:
        return self.name in {"accepted", "duplicate", "ignored", "malformed"}


@dataclass(frozen=True)
class Ack:
    """The answer in the form that the sender expects."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"


class Source(Protocol):
    """What an app must give for its kind of deliveries. `verify` and `identify` must query little."""

    name: str

    def verify(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> Any:
        """Check the sender; answers with anything that the other calls need. Raises Refusal."""

    def identify(self, verified: Any, headers: Mapping[str, str], body: bytes) -> Identity:
        """Name the delivery. Raises Malformed."""

    def acknowledge(self, endpoint: str, verified: Any | None, outcome: Outcome) -> Ack:
        """The reply for each outcome; `verified` is None when verification refused."""

    def process(self, delivery: InboxDelivery) -> None:
        """Do what the delivery asks for, inside a savepoint, later. May set `delivery.result`; raises the work
        verdicts.
        """


_sources: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Make a kind of delivery known, under its name."""
    _sources[source.name] = source


def receive(source_name: str, endpoint: str, headers: Mapping[str, str], body: bytes, remote_addr: str | None) -> Ack:
    """Keep one delivery and answer the sender. New key and row are one statement; a duplicate changes nothing but a
    count.
    """
    source = _sources[source_name]
    arrival = Arrival(source_name, endpoint, shown_headers(headers), body, remote_addr)
    verified, outcome = None, None
    if len(body) > MAX_BODY_BYTES:
        outcome = _refuse(arrival, "too_large", f"{len(body)} bytes", 413)
    else:
        try:
            verified = source.verify(endpoint, headers, body)
        except Refusal as refusal:
            outcome = _refuse(arrival, "refused", refusal.reason, refusal.status)
    if outcome is None:
        outcome = _keep(source, arrival, verified, headers)
    return source.acknowledge(endpoint, verified, outcome)


def put(source_name: str, endpoint: str, identity: Identity, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """Keep a delivery that was fetched, not sent to us (a message queue, a pull): its sender needs no verification."""
    arrival = Arrival(source_name, endpoint, shown_headers(headers), body, None)
    return _insert(arrival, identity)


def process(delivery: InboxDelivery) -> None:
    """The handler of the inbox: hands a delivery to its source and keeps what the source put into `result`."""
    before = dict(delivery.result)
    _sources[delivery.source].process(delivery)
    if delivery.result != before:
        InboxDelivery.objects.filter(pk=delivery.pk).update(result=delivery.result)


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that may be kept and shown: those that carry a credential are named without their value."""
    return {name: "(withheld)" if _SECRET_HEADER.search(name) else value[:1000] for name, value in headers.items()}


def _refuse(arrival: Arrival, name: str, reason: str, status: int) -> Outcome:
    uid = store_refused(arrival, f"{name}: {reason}")
    log.warning("delivery_refused", source=arrival.source, endpoint=arrival.endpoint, reason=reason)
    return Outcome(name, status, uid)


def _keep(source: Source, arrival: Arrival, verified: Any, headers: Mapping[str, str]) -> Outcome:
    try:
        identity = source.identify(verified, headers, arrival.body)
    except Malformed as malformed:
        return _insert(arrival, Identity("", ""), malformed)
    return _insert(arrival, identity)


def _insert(arrival: Arrival, identity: Identity, malformed: Malformed | None = None) -> Outcome:
    key = identity.delivery_key or f"sha256:{hashlib.sha256(arrival.body).hexdigest()}"
    delivery = arrival.delivery(_bounded(key), identity.topic[:120], identity.ordering_key)
    if malformed is not None:
        delivery.verdict, delivery.state = Verdict.MALFORMED, work.WorkState.DEAD
        delivery.error_class, delivery.last_error_code = work.ErrorClass.SCHEMA, malformed.code[:80]
        delivery.last_error = malformed.detail[:1000]
    elif identity.ignored:
        delivery.verdict, delivery.state = Verdict.IGNORED, work.WorkState.DISCARDED
        delivery.discarded_reason = identity.ignored[:255]
    if not store(delivery, arrival.body):
        return Outcome("duplicate", 200)
    if delivery.state == work.WorkState.READY:
        work.ring(InboxDelivery)
    return Outcome(str(delivery.verdict), 200, str(delivery.uid))


def _bounded(key: str) -> str:
    """A key that is too long for its column keeps its beginning to be read and its digest to be told from others."""
    if len(key) <= LONGEST_KEY:
        return key
    tail = f"|sha256:{hashlib.sha256(key.encode()).hexdigest()}"
    return key[: LONGEST_KEY - len(tail)] + tail
