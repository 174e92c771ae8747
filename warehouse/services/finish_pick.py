from accounts.api import User
from kernel import clock
from oms.orders import api as orders
from warehouse.models import PickTask
from warehouse.services.waves import refresh_wave
from warehouse.states import TASK


def finish_pick(*, task: PickTask, actor: User) -> None:
    """Everything of a locked task is in the tote: it waits for the packing desk."""
    TASK.advance(task, "finish_pick", extra={"picked_at": clock.now(), "screen": ""})
    orders.mark_picked(fo_no=task.fo_no, actor=actor)
    refresh_wave(task.wave_id)
