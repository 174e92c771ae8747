"""Where the present request comes from, so that the audit log can tell it without every service passing it on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

_ip: ContextVar[str | None] = ContextVar("client_ip", default=None)


def current_ip() -> str | None:
    return _ip.get()


@contextmanager
def from_request(request: HttpRequest) -> Iterator[None]:
    token = _ip.set(client_ip(request))
    try:
        yield
    finally:
        _ip.reset(token)


def client_ip(request: HttpRequest) -> str | None:
    """The peer's address; behind OMS_PROXY_COUNT own proxies, the address that the outermost of them saw."""
    seen = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    if settings.OMS_PROXY_COUNT and len(hops) >= settings.OMS_PROXY_COUNT:
        seen = hops[-settings.OMS_PROXY_COUNT]
    try:
        return str(ip_address(seen))
    except ValueError:
        return None
