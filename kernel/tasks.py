"""Celery's only tasks of the kernel. A task carries a table's label, never data."""

from celery import shared_task

from kernel import heartbeats, work


@shared_task(name="kernel.drain_work")
def drain_work(label: str) -> None:
    """Work the due rows of one table."""
    work.drain(label)


@shared_task(name="kernel.show_life")
def show_life(queue: str) -> None:
    """Prove that broker, worker and database work together for this queue: /readyz looks at the time."""
    heartbeats.beat(f"worker:{queue}")
