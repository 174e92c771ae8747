"""API keys: made, shown once, revoked."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model

from accounts import audit, scope
from accounts.models import ApiKey, User
from kernel.clock import now


@dataclass(frozen=True)
class NewKey:
    """A key at the only moment its text is known."""

    key: ApiKey
    text: str


@transaction.atomic
def create_api_key(
    *,
    name: str,
    role: str,
    actor: User | str,
    reach: list[Model] | None = None,
    expires_at: datetime | None = None,
    rate_per_minute: int | None = None,
) -> NewKey:
    """Make a key and the service person behind it, who has one role and reaches the shops and warehouses given."""
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    service = User(username=f"key-{prefix}", display_name=name, is_service=True, locale="en")
    service.set_unusable_password()
    service.save()
    service.groups.add(Group.objects.get(name=role))
    for obj in reach or []:
        scope.grant(service, obj)
    key = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        secret_hash=hash_secret(secret),
        user=service,
        created_by=actor if isinstance(actor, User) else None,
        expires_at=expires_at,
        rate_per_minute=settings.OMS_API_CALLS_PER_MINUTE if rate_per_minute is None else rate_per_minute,
    )
    audit.record(actor, "api_key.created", "accounts.apikey", prefix, after={"name": name, "role": role})
    return NewKey(key, f"oms_{prefix}_{secret}")


@transaction.atomic
def revoke_api_key(*, key: ApiKey, actor: User | str) -> bool:
    """Close a key for good; false when somebody did so before."""
    closed = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now())
    if closed:
        User.objects.filter(pk=key.user_id).update(is_active=False)
        audit.record(actor, "api_key.revoked", "accounts.apikey", key.prefix)
    return bool(closed)


def hash_secret(secret: str) -> str:
    """SHA-256 is right here: the secret is 256 random bits, not a password somebody thought of."""
    return hashlib.sha256(secret.encode()).hexdigest()
