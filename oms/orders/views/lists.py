from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.api import in_scope
from kernel.pages import BulkAction, ListPage, Selection, Sort
from oms.orders.filters import OrderFilter, ReviewFilter, TransitionFailureFilter
from oms.orders.models import Order, Shop, TransitionFailure
from oms.orders.selectors import order_rows, visible_orders
from oms.orders.services.bulk import start_bulk
from oms.orders.tables import OrderTable, ReviewTable, TransitionFailureTable

APPROVE = BulkAction("approve", _("Approve"), "check", "orders.review_order", is_primary=True)
HOLD = BulkAction(
    "hold", _("Hold"), "hand-stop", "orders.hold_order", confirm=_("Hold these orders?"), asks_reason=True
)
CLEAR = BulkAction(
    "clear",
    _("Release holds"),
    "player-play",
    "orders.hold_order",
    confirm=_("Release the holds of these orders?"),
    asks_reason=True,
)


class OrderBulk(ListPage):
    """A list of orders with the bulk bar: the selection is frozen, and a page shows a result for each row."""

    permission_required = "orders.view_order"
    row_key = "order_no"
    bulk_actions = (APPROVE, HOLD, CLEAR)

    def bulk(self, action: str, selection: Selection) -> HttpResponse:
        orders = selection.queryset
        if orders is None:
            orders = visible_orders(self.request.user).filter(order_no__in=selection.keys)
        run = start_bulk(
            action=action,
            orders=orders,
            actor=self.request.user,
            reason=selection.reason,
            selection=selection.query or ", ".join(selection.keys[:20]),
        )
        return redirect("orders:bulk", uid=run.uid)


class OrderList(OrderBulk):
    title = _("Orders")
    table_class = OrderTable
    filterset_class = OrderFilter
    sorts = {
        "newest": Sort(_("Newest first"), ("-received_at", "-id")),
        "oldest": Sort(_("Oldest first"), ("received_at", "id")),
    }
    empty_why = _("No order matches.")
    empty_next = _("Orders appear within seconds of being placed. Loosen the filters, or look at the channels.")

    def get_queryset(self) -> QuerySet[Order]:
        return order_rows(self.request.user)


class ReviewQueue(OrderBulk):
    """What a person must decide: orders in review and held ones, the urgent and the oldest first; one's own unless asked."""

    title = _("Review")
    permission_required = "orders.review_order"
    table_class = ReviewTable
    filterset_class = ReviewFilter
    order = ("-priority", "received_at", "id")
    empty_why = _("Nothing waits for review.")
    empty_next = _("Orders that the rules let through go to the warehouse by themselves.")

    def get_queryset(self) -> QuerySet[Order]:
        waiting = Q(state="in_review") | Q(is_held=True)
        return order_rows(self.request.user).filter(waiting).prefetch_related("rule_runs", "holds__placed_by")


class TransitionFailureList(ListPage):
    title = _("Refused steps")
    permission_required = "orders.view_transitionfailure"
    table_class = TransitionFailureTable
    filterset_class = TransitionFailureFilter
    order = ("-at", "-id")
    empty_why = _("No step was refused.")
    empty_next = _("A step that an order may not take is kept here with its code and what to do.")

    def get_queryset(self) -> QuerySet[Any]:
        rows = TransitionFailure.objects.select_related("order")
        return in_scope(rows, self.request.user, "orders.view_order", "order__shop_id", Shop)
