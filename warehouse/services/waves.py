"""A wave's own state follows its tasks."""

from kernel import clock
from warehouse.choices import TaskState, WaveState
from warehouse.models import PickTask, Wave

BEFORE_PICKED = (TaskState.WAITING, TaskState.PICKING)


def refresh_wave(wave_id: int) -> None:
    """Open until the first task is taken, done when none is left to pick. Conditional updates: repeating changes nothing."""
    states = set(PickTask.objects.filter(wave_id=wave_id).values_list("state", flat=True))
    if not states & set(BEFORE_PICKED):
        Wave.objects.filter(pk=wave_id).exclude(state=WaveState.DONE).update(
            state=WaveState.DONE, finished_at=clock.now()
        )
    elif states - {TaskState.WAITING, TaskState.CANCELLED}:
        Wave.objects.filter(pk=wave_id, state=WaveState.OPEN).update(state=WaveState.PICKING, started_at=clock.now())
