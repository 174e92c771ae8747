from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from inventory.filters import StockFilter
from inventory.models import StockLevel
from inventory.page_selectors import list_levels
from inventory.tables import StockTable
from kernel.pages import ListPage


class StockList(ListPage):
    """Every SKU in every warehouse that the person may see, as it was folded within the last second."""

    title = _("Stock")
    permission_required = "inventory.view_stock"
    table_class = StockTable
    filterset_class = StockFilter
    order = ("sku__code", "id")
    row_key = "pk"
    empty_why = _("There is no stock yet.")
    empty_next = _("Stock appears with the first receipt, or with an opening count.")

    def get_queryset(self) -> QuerySet[StockLevel]:
        return list_levels(self.request.user)
