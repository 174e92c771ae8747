"""The scan book: every scan, right or wrong, is written once, and a scan sent again gets its first answer."""

from django.db import transaction

from accounts.api import User
from kernel import clock
from kernel.errors import IdempotencyMismatch
from warehouse import metrics
from warehouse.models import Scan
from warehouse.scan.envelope import Reply
from warehouse.scan.scenario import ScanInput, Step

LONGEST = 120


def earlier_reply(actor: User, scan: ScanInput) -> Reply | None:
    """The answer this scan got when it came first. Raises IdempotencyMismatch when its id came with another code."""
    seen = Scan.objects.filter(user=actor, scan_id=scan.scan_id).first()
    if seen is None:
        return None
    if (seen.value, seen.action) != (scan.value[:LONGEST], scan.action):
        raise IdempotencyMismatch(f"Scan {scan.scan_id} came before with another code.", scan_id=scan.scan_id)
    return Reply.from_dict(seen.reply)


def record_scan(
    scan: ScanInput,
    step: Step,
    reply: Reply,
    *,
    kind: str,
    screen: str,
    actor: User,
    warehouse_id: int,
    task_id: int | None,
) -> None:
    Scan.objects.create(
        scan_id=scan.scan_id,
        user=actor,
        warehouse_id=warehouse_id,
        task_id=task_id,
        kind=kind,
        screen=screen,
        action=scan.action,
        value=scan.value[:LONGEST],
        expected=step.expected[:LONGEST],
        is_right=step.is_right,
        code=step.said.code,
        sku_code=step.sku_code,
        qty=step.qty,
        reply=reply.as_dict(),
        created_at=clock.now(),
    )
    if not step.is_right:
        transaction.on_commit(lambda: metrics.WRONG_SCANS.labels(kind=kind, code=step.said.code).inc())
