"""One scan at the door where carriers take parcels: a right one ships the order."""

from django.db import connection, transaction

from accounts.api import User
from kernel import clock
from kernel.errors import BusinessError
from warehouse.scan import ship
from warehouse.scan.envelope import Reply
from warehouse.scan.refusals import said_of
from warehouse.scan.scenario import HandoverDesk, ScanInput, Step
from warehouse.services.record_scan import earlier_reply, record_scan

SCENARIO = ship.SCENARIO


def scan_parcel(*, warehouse_id: int, scan: ScanInput, actor: User) -> Reply:
    """Answer one scan. The same `scan_id` again ships nothing and gets the same answer."""
    with transaction.atomic():
        _one_at_a_time(actor, scan.scan_id)
        if known := earlier_reply(actor, scan):
            return known
        desk = HandoverDesk(warehouse_id, actor, clock.now())
        try:
            with transaction.atomic():
                step = SCENARIO.act(ship.PARCEL, desk, scan)
        except BusinessError as refused:
            step = Step(said_of(refused), ship.PARCEL)
        reply = _reply(desk, step, scan)
        task_id = desk.task.pk if desk.task else None
        record_scan(
            scan,
            step,
            reply,
            kind=SCENARIO.kind,
            screen=ship.PARCEL,
            actor=actor,
            warehouse_id=warehouse_id,
            task_id=task_id,
        )
        return reply


def open_handover(*, warehouse_id: int, actor: User) -> Reply:
    """The door's screen before the first scan."""
    desk = HandoverDesk(warehouse_id, actor, clock.now())
    return _reply(desk, SCENARIO.start(desk), ScanInput(scan_id=""))


def _one_at_a_time(actor: User, scan_id: str) -> None:
    """A scan and its own resend wait for each other; other scans do not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"scan:{actor.pk}:{scan_id}"])


def _reply(desk: HandoverDesk, step: Step, scan: ScanInput) -> Reply:
    return Reply(
        kind=SCENARIO.kind,
        scan_id=scan.scan_id,
        ok=step.is_right,
        screen=step.screen,
        expects=SCENARIO.screens[ship.PARCEL].wants(desk),
        message=step.said.text,
        tone=step.said.tone,
        scanned="" if step.is_right else scan.value[:120],
        expected="" if step.is_right else step.expected,
        progress=SCENARIO.progress(desk),
    )
