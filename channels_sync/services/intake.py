"""Stopping and resuming what comes in from a channel. Deliveries are still kept and acknowledged: nothing is lost."""

from typing import Any

from django.db import transaction

from accounts.api import audit
from channels_sync import directory
from channels_sync.models import Connection
from kernel import clock, work
from kernel.models import InboxDelivery


def pause_intake(*, code: str, actor: Any, reason: str) -> bool:
    """Keep this channel's deliveries and do nothing with them. False when it was paused already."""
    return _set(code, actor, reason, is_paused=True)


def resume_intake(*, code: str, actor: Any, reason: str = "") -> bool:
    """Work off what was kept meanwhile, in its order, and go on."""
    return _set(code, actor, reason, is_paused=False)


def _set(code: str, actor: Any, reason: str, *, is_paused: bool) -> bool:
    with transaction.atomic():
        changed = Connection.objects.filter(shop__code=code, is_intake_paused=not is_paused).update(
            is_intake_paused=is_paused, intake_paused_at=clock.now() if is_paused else None
        )
        if changed:
            action = "channel.intake_paused" if is_paused else "channel.intake_resumed"
            audit.record(actor, action, "channels_sync.connection", code, reason=reason)
            if not is_paused:
                _wake(code)
    directory.forget(code)
    return bool(changed)


def _wake(code: str) -> None:
    waiting = InboxDelivery.objects.filter(source="shop", endpoint=code, state=work.WorkState.READY)
    if waiting.update(next_attempt_at=clock.now()):
        work.ring(InboxDelivery)
