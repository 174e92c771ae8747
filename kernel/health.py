"""What works and how far behind it is. Each part is looked at on its own; only a vital part that fails takes us out of
service.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

import structlog
from celery import current_app
from django.db import connection
from kombu.exceptions import OperationalError as BrokerError

from kernel import clock, heartbeats, sweeps, work
from kernel.models import Heartbeat
from kernel.models.work import WorkRow, WorkState
from kernel.redis import get_client

log = structlog.get_logger("health")

SWEEPER_SILENCE = timedelta(seconds=10)
WORKER_SILENCE = timedelta(seconds=30)
LAG_LIMIT_SECONDS = 60.0
BROKER_SECONDS = 0.5


@dataclass(frozen=True)
class Health:
    """How one part is. `lag_seconds` says how old the oldest thing is that it has not done yet."""

    ok: bool
    detail: str = ""
    lag_seconds: float | None = None


@dataclass(frozen=True)
class Check:
    look: Callable[[], Health]
    vital: bool


_checks: dict[str, Check] = {}


def register_check(name: str, look: Callable[[], Health], *, vital: bool = False) -> None:
    """Add a part to /readyz. `vital`: without it no request can be served, so the answer is 503."""
    _checks[name] = Check(look, vital)


def report() -> tuple[bool, dict[str, object]]:
    """Whether requests can be served, and the state of every part: `ok`, `degraded` or `down` altogether."""
    parts: dict[str, Health] = {}
    serving = True
    for name, check in list(_checks.items()):
        parts[name] = _look(name, check)
        serving = serving and (parts[name].ok or not check.vital)
    if serving:
        parts |= _worker_parts() | _work_parts()
    status = "ok" if all(part.ok for part in parts.values()) else "degraded" if serving else "down"
    return serving, {"status": status, "parts": {name: asdict(part) for name, part in parts.items()}}


def lag(model: type[WorkRow]) -> float:
    """The age in seconds of the oldest row that could run now; 0 when nothing waits."""
    now = clock.now()
    ready = model._default_manager.filter(state=WorkState.READY, next_attempt_at__lte=now)
    oldest = ready.order_by("next_attempt_at", "id").values_list("next_attempt_at", flat=True).first()
    return 0.0 if oldest is None else round((now - oldest).total_seconds(), 3)


def _look(name: str, check: Check) -> Health:
    try:
        return check.look()
    except Exception as error:
        log.warning("health_check_failed", part=name, error=type(error).__name__)
        return Health(False, f"does not answer ({type(error).__name__})")


def _work_parts() -> dict[str, Health]:
    return {f"work:{model._meta.label_lower}": _work(model) for model in work.registered()}


def _work(model: type[WorkRow]) -> Health:
    seconds = lag(model)
    ok = seconds <= LAG_LIMIT_SECONDS
    return Health(ok, "" if ok else f"work has been waiting for {seconds:.0f} s", seconds)


def _database() -> Health:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Health(True)


def _redis_stock() -> Health:
    get_client("stock").ping()
    return Health(True)


def _redis_cache() -> Health:
    get_client("cache").ping()
    return Health(True)


def broker() -> Health:
    """Whether the broker takes a connection."""
    with current_app.connection_for_write() as link:
        try:
            link.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
        except (BrokerError, OSError):
            return Health(False, "the broker does not answer; the sweeper rings when it is back")
    return Health(True)


def _sweeper() -> Health:
    return _alive(heartbeats.SWEEPER, SWEEPER_SILENCE)


def _sweeps() -> Health:
    """The sweep that has been silent longest, of those that should have run."""
    beats = dict(Heartbeat.objects.filter(name__startswith="sweep:").values_list("name", "beat_at"))
    now = clock.now()
    for sweep in sweeps.registered_sweeps():
        beat_at = beats.get(f"sweep:{sweep.name}")
        if beat_at and (now - beat_at).total_seconds() > max(4 * sweep.seconds, 30):
            return Health(False, f"{sweep.name} has not succeeded since {beat_at:%H:%M:%S} UTC")
    return Health(True)


def _worker_parts() -> dict[str, Health]:
    """A worker of each queue has shown its life lately: broker, worker and database together."""
    return {f"worker:{queue}": _alive(f"worker:{queue}", WORKER_SILENCE) for queue in sweeps.queues()}


def _alive(name: str, limit: timedelta) -> Health:
    silence = heartbeats.silence(name)
    if silence is None:
        return Health(False, "not heard yet")
    seconds = round(silence.total_seconds(), 1)
    return Health(silence <= limit, "" if silence <= limit else f"silent for {seconds:.0f} s", seconds)


register_check("database", _database, vital=True)
register_check("redis_stock", _redis_stock)
register_check("redis_cache", _redis_cache)
register_check("broker", broker)
register_check("sweeper", _sweeper)
register_check("sweeps", _sweeps)
