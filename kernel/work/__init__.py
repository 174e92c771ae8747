"""Work rows: the one way in which anything happens later. See `kernel.models.work.WorkRow` for what a row is.

    class ShipmentPush(WorkRow):                       # models/: one table a kind
        queue = "outbound"
        class Meta(WorkRow.Meta):
            indexes = (*WorkRow.Meta.indexes, ...)     # only when it has some of its own

    work.register(ShipmentPush, push, transactional=False)     # handlers.py, found at start
    with transaction.atomic():
        ShipmentPush.objects.create(...)
        work.ring(ShipmentPush)                        # rings when the transaction has committed

A *transactional* handler runs inside a savepoint; its effect and "done" commit together. An *outbound* handler
(`transactional=False`) runs outside a transaction, because it waits for somebody's server; it commits its result with

    with work.settle(row):          # one transaction: what is written here and "done", or LeaseLost and neither
        ...

A handler that returns has succeeded. It may raise Retry, Dead, Defer or Ignore; a BusinessError or any other exception
counts as a Retry. Delivery is at least once: an effect must be idempotent by constraint, an outbound call needs a
stable key.
"""

from kernel.doorbell import ring
from kernel.models.work import ErrorClass, WorkRow, WorkState
from kernel.work.claiming import claim, return_expired
from kernel.work.draining import drain
from kernel.work.outcomes import defer, discard, done, fail, release, replay, settle
from kernel.work.registry import on_dead, register, registered
from kernel.work.verdicts import Dead, Defer, Ignore, LeaseLost, Retry

__all__ = [
    "Dead",
    "Defer",
    "ErrorClass",
    "Ignore",
    "LeaseLost",
    "Retry",
    "WorkRow",
    "WorkState",
    "claim",
    "defer",
    "discard",
    "done",
    "drain",
    "fail",
    "on_dead",
    "register",
    "registered",
    "release",
    "replay",
    "return_expired",
    "ring",
    "settle",
]
