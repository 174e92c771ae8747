"""From an Authorization header to the service person behind it: fast, because every API call passes here.

A key that was right stays known to this process for some seconds with its roles and scope, so the hot path asks
PostgreSQL nothing; a revoked key therefore works at most `REMEMBER_SECONDS` longer.
"""

import hmac
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db.models import Q

from accounts.models import ApiKey, User
from accounts.services.keys import hash_secret
from accounts.throttle import admit
from kernel.clock import now

REMEMBER_SECONDS = 5
REMEMBER_KEYS = 1000
USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Caller:
    """The machine that calls: its key and the service person whose roles and scope count."""

    key_id: int
    prefix: str
    user: User
    expires_at: datetime | None
    rate_per_minute: int
    forget_at: float


_callers: dict[str, Caller] = {}
_lock = threading.Lock()


def authenticate_key(header: str) -> Caller | None:
    """The caller of `Authorization: Bearer oms_<prefix>_<secret>`, None for a wrong, revoked or expired key.

    Raises KeyThrottled when the key has used up its minute.
    """
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer" or not text.startswith("oms_"):
        return None
    caller = _remembered(text) or _looked_up(text)
    if caller is None or (caller.expires_at and caller.expires_at <= now()):
        return None
    admit(caller.prefix, caller.rate_per_minute)
    return caller


def forget_callers() -> None:
    with _lock:
        _callers.clear()


def _remembered(text: str) -> Caller | None:
    caller = _callers.get(hash_secret(text))
    return caller if caller and caller.forget_at > monotonic() else None


def _looked_up(text: str) -> Caller | None:
    _, prefix, secret = [*text.split("_", 2), "", ""][:3]
    key = (
        ApiKey.objects.select_related("user").filter(prefix=prefix[:16], revoked_at=None, user__is_active=True).first()
    )
    if key is None or not hmac.compare_digest(key.secret_hash, hash_secret(secret)):
        return None
    _note_use(key)
    caller = Caller(key.pk, key.prefix, key.user, key.expires_at, key.rate_per_minute, monotonic() + REMEMBER_SECONDS)
    with _lock:
        if len(_callers) >= REMEMBER_KEYS:
            _callers.clear()
        _callers[hash_secret(text)] = caller
    return caller


def _note_use(key: ApiKey) -> None:
    """`last_used_at` is kept to the minute: a busy key does not write with every call."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now() - USED_EVERY)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now())
