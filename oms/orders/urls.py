from django.urls import path

from oms.orders.views import bulk, lists, order

app_name = "orders"
urlpatterns = [
    path("orders/", lists.OrderList.as_view(), name="list"),
    path("orders/<str:order_no>/", order.order_detail, name="detail"),
    path("orders/<str:order_no>/<str:action>/", order.order_act, name="act"),
    path("review/", lists.ReviewQueue.as_view(), name="review"),
    path("bulk/<uuid:uid>/", bulk.bulk_run, name="bulk"),
    path("bulk/<uuid:uid>/retry/", bulk.bulk_retry, name="bulk_retry"),
    path("transition-failures/", lists.TransitionFailureList.as_view(), name="transition_failures"),
]
