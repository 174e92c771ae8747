"""The audit log's pen: who did or saw what, when, from where, before and after. Entries are never changed."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest

from accounts.field_policy import masked_for_record
from accounts.masking import scrub
from accounts.models import AuditEntry, User
from accounts.origin import client_ip, current_ip
from kernel import correlation

Facts = Mapping[str, Any]


def record(
    actor: User | AnonymousUser | str,
    action: str,
    obj_type: str = "",
    obj_key: str = "",
    *,
    before: Facts | None = None,
    after: Facts | None = None,
    reason: str = "",
    request: HttpRequest | None = None,
) -> AuditEntry:
    """Write one entry inside the caller's transaction. Personal data in `before` and `after` is stored masked only."""
    person = actor if isinstance(actor, User) else None
    return AuditEntry.objects.create(
        actor=person,
        actor_name=person.username if person else str(actor),
        action=action,
        obj_type=obj_type,
        obj_key=str(obj_key)[:120],
        before=_masked(obj_type, before),
        after=_masked(obj_type, after),
        reason=scrub(reason)[:500],
        ip=client_ip(request) if request else current_ip(),
        correlation_id=correlation.current()[:64],
    )


def happened(action: str) -> bool:
    """Whether the log tells of such an act at all."""
    return AuditEntry.objects.filter(action=action).exists()


def _masked(obj_type: str, facts: Facts | None) -> Any:
    """Declared fields masked by their kind, and whatever looks like personal data in the others."""
    if facts is None:
        return None
    plain = json.loads(json.dumps(facts, cls=DjangoJSONEncoder))
    return {name: _clean(f"{obj_type}.{name}", value) for name, value in plain.items()}


def _clean(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _clean(f"{key}.{name}", inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_clean(key, inner) for inner in value]
    masked = masked_for_record(key, value)
    if masked is not None:
        return masked
    return scrub(value) if isinstance(value, str) else value
