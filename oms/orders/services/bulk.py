"""Bulk work: one act on a frozen set of orders, each its own work row with its own result; safe to resume and to retry."""

from django.db import connection, transaction
from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.api import User, audit, can
from kernel import clock, correlation, work
from kernel.errors import BusinessError, Forbidden
from kernel.states import TransitionRefused
from oms.orders.models import BulkItem, BulkRun, Order
from oms.orders.services.hold import hold_order, release_holds
from oms.orders.services.review import approve_order
from oms.orders.services.step import record_refusal
from oms.orders.words import still_held_words

PERMISSIONS = {
    BulkRun.Action.APPROVE: "orders.review_order",
    BulkRun.Action.HOLD: "orders.hold_order",
    BulkRun.Action.CLEAR: "orders.hold_order",
}


def start_bulk(*, action: str, orders: QuerySet[Order], actor: User, reason: str, selection: str) -> BulkRun:
    """Freeze the selection by one INSERT … SELECT and let the workers do it. `orders` is already in the actor's scope."""
    if not can(actor, PERMISSIONS[BulkRun.Action(action)]):
        raise Forbidden(_("Your role may not do this to orders."))
    with transaction.atomic():
        run = BulkRun.objects.create(
            action=action,
            actor=actor,
            reason=reason,
            selection=selection[:500],
            created_at=clock.now(),
            correlation_id=correlation.current(),
        )
        run.total = _freeze(run, orders)
        run.save(update_fields=("total",))
        audit.record(
            actor, f"order.bulk_{action}", "orders.bulk_run", str(run.uid), after={"total": run.total}, reason=reason
        )
        work.ring(BulkItem)
    return run


def retry_failed(*, run: BulkRun, actor: User) -> int:
    """Set the failed rows of a run to work once more; what succeeded stays as it is."""
    failed = run.items.filter(Q(state="dead") | Q(state="done") & ~Q(result_code=""))
    with transaction.atomic():
        count = failed.update(
            state="ready", attempts=0, next_attempt_at=clock.now(), finished_at=None, replays=F("replays") + 1
        )
        audit.record(actor, "order.bulk_retried", "orders.bulk_run", str(run.uid), after={"rows": count})
        work.ring(BulkItem)
    return count


def progress(run: BulkRun) -> dict[str, int]:
    """How far a run is: done, refused, failed and waiting rows, adding up to its total."""
    counted = run.items.aggregate(
        done=Count("pk", filter=Q(state="done", result_code="")),
        refused=Count("pk", filter=Q(state="done") & ~Q(result_code="")),
        failed=Count("pk", filter=Q(state="dead")),
        waiting=Count("pk", filter=Q(state__in=("ready", "running"))),
    )
    return {name: count or 0 for name, count in counted.items()}


def items_with_look(run: BulkRun) -> QuerySet[BulkItem]:
    """The rows of a run, refused and failed first, each with the state a person reads (`shown_state`)."""
    refused = When(Q(state="done") & ~Q(result_code=""), then=Value("refused"))
    return run.items.select_related("order").annotate(shown_state=Case(refused, default=F("state")))


def do_item(item: BulkItem) -> None:
    """One row: the act on one order. A refusal is a result, told in the row in the language of the run's person, its reader.

    Anything else is retried by the work engine.
    """
    run, order_no = item.run, item.order.order_no
    with translation.override(run.actor.locale):
        try:
            with transaction.atomic():
                code, words = _act(run, order_no)
        except TransitionRefused as refused:
            record_refusal(order_no, refused, actor=run.actor)
            code, words = _told(refused)
        except BusinessError as refused:
            code, words = _told(refused)
    BulkItem.objects.filter(pk=item.pk).update(result_code=code, result_detail=words[:255])


def _act(run: BulkRun, order_no: str) -> tuple[str, str]:
    """Answers the code and words of what kept the order from going on, both empty when nothing did."""
    if run.action == BulkRun.Action.APPROVE:
        approve_order(order_no=order_no, actor=run.actor, note=run.reason)
    elif run.action == BulkRun.Action.HOLD:
        hold_order(order_no=order_no, actor=run.actor, reason=run.reason)
    else:
        still_held = release_holds(order_no=order_no, actor=run.actor, reason=run.reason).still_held
        if still_held:
            return still_held[0].code, " ".join(still_held_words(one) for one in still_held)
    return "", ""


def _told(refused: BusinessError) -> tuple[str, str]:
    return refused.code, f"{refused.detail} {refused.advice}".strip()


def _freeze(run: BulkRun, orders: QuerySet[Order]) -> int:
    """Write one item for each order of the query, in the database: nothing is loaded, whatever the query matches."""
    selected, params = orders.order_by().values("pk").query.sql_with_params()
    columns = (
        "uid, state, attempts, max_attempts, replays, ordering_key, correlation_id, error_class, last_error_code,"
        " last_error, discarded_reason, result_code, result_detail, run_id, order_id"
    )
    values = "gen_random_uuid(), 'ready', 0, 4, 0, '', %s, '', '', '', '', '', '', %s, chosen.id"
    # The query's own SQL; every value is a parameter.
    statement = f"INSERT INTO orders_bulkitem ({columns}) SELECT {values} FROM ({selected}) AS chosen (id)"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [run.correlation_id, run.pk, *params])
        return cursor.rowcount
