"""Who works on a task: taking it, putting it back. The first one wins by the conditional update."""

from django.db import transaction

from accounts.api import User
from kernel import clock
from kernel.states import TransitionRefused
from oms.orders import api as orders
from warehouse import selectors
from warehouse.choices import TaskState
from warehouse.errors import TaskTaken
from warehouse.models import PickTask
from warehouse.services.waves import refresh_wave
from warehouse.states import TASK


def claim_pick(*, task_uid: str, actor: User) -> PickTask:
    """Take a task to pick. Raises TaskTaken, OrderOnHold, FulfilmentNotLive."""
    with transaction.atomic():
        task = selectors.lock_task(task_uid, actor, "warehouse.pick")
        if task.state == TaskState.PICKING and task.picker_id == actor.pk:
            return task
        _take(task, "claim_pick", picker=actor, claimed_at=clock.now())
        orders.mark_picking(fo_no=task.fo_no, actor=actor)
        refresh_wave(task.wave_id)
        return task


def claim_pack(*, task_uid: str, actor: User) -> PickTask:
    """Take a picked task to the packing desk. Raises TaskTaken, OrderOnHold, FulfilmentNotLive."""
    with transaction.atomic():
        task = selectors.lock_task(task_uid, actor, "warehouse.pack")
        if task.state == TaskState.PACKING and task.packer_id == actor.pk:
            return task
        _take(task, "claim_pack", packer=actor)
        orders.check_fulfilment_for_floor(task.fo_no)
        return task


def leave_task(*, task_uid: str, actor: User) -> None:
    """Give one's own task back with what is done so far; somebody else goes on with it."""
    with transaction.atomic():
        task = selectors.lock_task(task_uid, actor, "warehouse.pick")
        if task.state == TaskState.PICKING and task.picker_id == actor.pk:
            put_back(task=task)
        elif task.state == TaskState.PACKING and task.packer_id == actor.pk:
            TASK.advance(task, "leave_desk", extra={"packer": None, "screen": ""})


def put_back(*, task: PickTask) -> None:
    """A locked task waits for a picker again, with its counts kept."""
    TASK.advance(task, "put_back", extra={"picker": None, "screen": ""})


def _take(task: PickTask, step: str, **columns: object) -> None:
    try:
        TASK.advance(task, step, extra={"screen": "", **columns})
    except TransitionRefused as refused:
        raise TaskTaken(
            f"{task.fo_no} is at another step: {TaskState(task.state).label}.", fo_no=task.fo_no
        ) from refused
