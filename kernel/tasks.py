"""Celery's only tasks of the kernel, and what every task gets: the correlation id of its sender, and our logging.

A task carries a table's label or an id, never data.
"""

from contextlib import ExitStack
from typing import Any

from celery import Task, shared_task, signals

from kernel import correlation, heartbeats, logging, work

# Celery has a correlation_id of its own: the id of the task.
HEADER = "oms_correlation_id"


@shared_task(name="kernel.drain_work")
def drain_work(label: str) -> None:
    """Work the due rows of one table."""
    work.drain(label)


@shared_task(name="kernel.show_life")
def show_life(queue: str) -> None:
    """Prove that broker, worker and database work together for this queue: /readyz looks at the time."""
    heartbeats.beat(f"worker:{queue}")


@signals.before_task_publish.connect
def send_correlation(headers: dict[str, Any], **kwargs: Any) -> None:
    headers.setdefault(HEADER, correlation.current())


@signals.task_prerun.connect
def bind_correlation(task: Task, **kwargs: Any) -> None:
    task.request.correlation = ExitStack()
    sent = task.request.get(HEADER) or (task.request.headers or {}).get(HEADER)
    task.request.correlation.enter_context(correlation.bound(correlation.accept(sent)))


@signals.task_postrun.connect
def release_correlation(task: Task, **kwargs: Any) -> None:
    if bound := task.request.get("correlation"):
        bound.close()


@signals.setup_logging.connect
def set_up_logging(**kwargs: Any) -> None:
    """Celery asks before it sets up logging of its own; ours is enough."""
    logging.configure()
