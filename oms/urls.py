"""Where each address is answered: one line an app, each app's own urls.py holds the rest."""

from django.urls import include, path

urlpatterns = [
    path("", include("kernel.urls")),
    path("", include("accounts.urls")),
    path("", include("inventory.urls")),
    path("", include("oms.rules.urls")),
    path("", include("warehouse.urls")),  # before the orders: /api/v1/orders/ship/ is no order number
    path("", include("oms.orders.urls")),
    path("", include("channels_sync.urls")),
    path("", include("reconciliation.urls")),
    path("", include("insights.urls")),
]
