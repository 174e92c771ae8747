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

handler400 = "kernel.views.bad_request"
handler403 = "kernel.views.permission_denied"
handler404 = "kernel.views.page_not_found"
handler500 = "kernel.views.server_error"
