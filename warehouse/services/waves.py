"""A wave's own state follows its tasks."""

from kernel import clock
from warehouse.choices import TaskState, WaveState
from warehouse.models import PickTask, Wave
from warehouse.states import WAVE

UNTOUCHED = {TaskState.WAITING, TaskState.CANCELLED}
BEFORE_PICKED = {TaskState.WAITING, TaskState.PICKING}


def refresh_wave(wave_id: int) -> None:
    """Picking from the first task that is taken, done when none is left to pick.

    The wave is locked before its tasks are read: of two pickers who finish the last two tasks at once, the second sees both.
    """
    wave = Wave.objects.select_for_update().get(pk=wave_id)
    states = set(PickTask.objects.filter(wave=wave).values_list("state", flat=True))
    if wave.state != WaveState.DONE and not states & BEFORE_PICKED:
        WAVE.advance(wave, "finish", extra={"finished_at": clock.now()})
    elif wave.state == WaveState.OPEN and states - UNTOUCHED:
        WAVE.advance(wave, "start", extra={"started_at": clock.now()})
