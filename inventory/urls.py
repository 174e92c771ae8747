from django.urls import path

from inventory import rest, rest_stock
from inventory.views import stock_audit, stock_list, stock_sku

app_name = "inventory"
urlpatterns = [
    path("stock/", stock_list.StockList.as_view(), name="stock"),
    path("stock/<path:sku_code>/adjust/", stock_sku.adjust, name="adjust"),
    path("stock/<path:sku_code>/", stock_sku.sku_page, name="sku"),
    path("stock-audit/", stock_audit.audit_page, name="audit"),
    path("api/v1/stock/", rest_stock.StockView.as_view(), name="api-stock"),
    path("api/v1/reservations/", rest.create_reservation, name="api-reservations"),
    path("api/v1/reservations/<str:reservation_id>/", rest.read_reservation, name="api-reservation"),
    path("api/v1/reservations/<str:reservation_id>/commit/", rest.commit, name="api-commit"),
    path("api/v1/reservations/<str:reservation_id>/release/", rest.release, name="api-release"),
]
