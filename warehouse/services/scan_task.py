"""One scan on a task: pick or pack. Hold, check, counting and the record of the scan are one transaction."""

from django.db import transaction

from accounts.api import User, require
from kernel import clock
from kernel.errors import BusinessError
from oms.orders import api as orders
from warehouse import selectors
from warehouse.choices import ScanKind, TaskState
from warehouse.models import PickLine, PickTask
from warehouse.scan import messages as say
from warehouse.scan import pack, pick
from warehouse.scan.envelope import Expects, Item, Progress, Reply
from warehouse.scan.refusals import said_of
from warehouse.scan.scenario import DONE, LINE_COUNTS, STOPPED, Desk, ScanInput, Scenario, Step
from warehouse.services.call_off import call_off_task
from warehouse.services.record_scan import earlier_reply, record_scan

SCENARIOS = {TaskState.PICKING: pick.SCENARIO, TaskState.PACKING: pack.SCENARIO}


def scan_task(*, task_uid: str, scan: ScanInput, actor: User) -> Reply:
    """Answer one scan. The same `scan_id` again changes nothing and gets the same answer.

    Raises TaskNotFound, PermissionMissing, IdempotencyMismatch.
    """
    with transaction.atomic():
        task = selectors.lock_task(task_uid, actor)
        require(actor, f"warehouse.{kind_of(task)}")
        if known := earlier_reply(actor, scan):
            return known
        desk = Desk(task, list(task.lines.all()), actor, clock.now())
        scenario = SCENARIOS.get(TaskState(task.state))
        kind, screen = kind_of(task), task.screen
        step = _step(scenario, desk, scan)
        reply = _reply(kind, scenario, desk, step, scan)
        record_scan(
            scan, step, reply, kind=kind, screen=screen, actor=actor, task_id=task.pk, warehouse_id=task.warehouse_id
        )
        return reply


def open_task(*, task_uid: str, actor: User) -> Reply:
    """The first screen of a task that the person has taken, or where it was left. Reads the hold, scans nothing."""
    with transaction.atomic():
        task = selectors.lock_task(task_uid, actor)
        kind = kind_of(task)
        require(actor, f"warehouse.{kind}")
        desk = Desk(task, list(task.lines.all()), actor, clock.now())
        scenario = SCENARIOS.get(TaskState(task.state))
        step = _stopped(desk, scenario)
        if step is None:
            assert scenario is not None
            step = scenario.start(desk)
            if not task.screen:
                _keep(desk, step)
            step = Step(step.said, task.screen)
        return _reply(kind, scenario, desk, step, ScanInput(scan_id=""))


def kind_of(task: PickTask) -> str:
    """Whose work a task is at its present step."""
    return ScanKind.PICK.value if task.state in (TaskState.WAITING, TaskState.PICKING) else ScanKind.PACK.value


def _step(scenario: Scenario | None, desk: Desk, scan: ScanInput) -> Step:
    step = _stopped(desk, scenario)
    if step is not None:
        return step
    assert scenario is not None
    screen = desk.task.screen or scenario.start(desk).screen
    try:
        with transaction.atomic():
            step = scenario.act(screen, desk, scan)
            if step.is_right:
                _keep(desk, step)
    except BusinessError as refused:
        desk.reload()  # the savepoint has taken back what the screen had changed
        return Step(said_of(refused), screen)
    return step


def _stopped(desk: Desk, scenario: Scenario | None) -> Step | None:
    """Why nobody may go on with this task just now; None when all is well. The hold is read under the order's lock."""
    task = desk.task
    if task.state == TaskState.CANCELLED:
        return Step(say.CALLED_OFF(), STOPPED)
    if scenario is None:
        return Step(say.NOT_HERE(), STOPPED)
    if desk.user.pk not in (task.picker_id if task.state == TaskState.PICKING else task.packer_id,):
        return Step(say.TAKEN_OVER(), STOPPED)
    try:
        orders.check_fulfilment_for_floor(task.fo_no)
    except orders.FulfilmentNotLive:
        call_off_task(task)
        return Step(say.CALLED_OFF(), STOPPED)
    except BusinessError as refused:
        return Step(said_of(refused), STOPPED)
    return None


def _keep(desk: Desk, step: Step) -> None:
    """Save what a right scan has changed."""
    for line in desk.changed_lines():
        line.save(update_fields=LINE_COUNTS)
    task, before = desk.task, (desk.task.screen, desk.seen_tracking_no)
    if step.screen not in (STOPPED, DONE):
        task.screen = step.screen
    if (task.screen, task.pending_tracking_no) != before:
        task.save(update_fields=("screen", "pending_tracking_no"))


def _reply(kind: str, scenario: Scenario | None, desk: Desk, step: Step, scan: ScanInput) -> Reply:
    shown = scenario.screens.get(step.screen) if scenario else None
    wants = shown.wants(desk) if shown else Expects("none", str(say.STOPPED), desk.task.fo_no)
    return Reply(
        kind=kind,
        number=desk.task.fo_no,
        scan_id=scan.scan_id,
        ok=step.is_right,
        screen=step.screen,
        expects=wants,
        message=step.said.text,
        tone=step.said.tone,
        scanned="" if step.is_right else scan.value[:120],
        expected="" if step.is_right else step.expected,
        progress=scenario.progress(desk) if scenario else Progress(0, 0),
        is_over=wants.kind == "none",
        actions=tuple(shown.actions) if shown else (),
        items=tuple(_item(line, scenario) for line in desk.lines),
    )


def _item(line: PickLine, scenario: Scenario | None) -> Item:
    done = line.packed_qty if scenario is pack.SCENARIO else line.picked_qty
    return Item(line.sku_code, line.sku_name, line.location_code, done, line.qty)
