"""The four-way link: each paid order with its payment, shipment and sign-off, and what of it is missing."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.api import person
from kernel.pages import ListPage
from oms.orders.api import Order
from reconciliation import selectors
from reconciliation.filters import FourWayFilter
from reconciliation.tables import FourWayTable


class FourWayList(ListPage):
    title = _("Four-way link")
    permission_required = "reconciliation.view_payment"
    table_class = FourWayTable
    filterset_class = FourWayFilter
    order = ("-received_at", "-id")
    row_key = "order_no"
    empty_why = _("No paid order in this time.")
    empty_next = _("Choose a longer time above.")

    def get_queryset(self) -> QuerySet[Order]:
        return selectors.four_way_orders(person(self.request))
