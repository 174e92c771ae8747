from django.urls import include, path
from rest_framework.routers import SimpleRouter

from oms.orders import rest
from oms.orders.views import bulk, lists, order

router = SimpleRouter()
router.register("orders", rest.OrderViewSet, basename="api-order")
router.register("shops", rest.ShopViewSet, basename="api-shop")

app_name = "orders"
urlpatterns = [
    path("orders/", lists.OrderList.as_view(), name="list"),
    path("orders/<str:order_no>/", order.order_detail, name="detail"),
    path("orders/<str:order_no>/<str:action>/", order.order_act, name="act"),
    path("review/", lists.ReviewQueue.as_view(), name="review"),
    path("bulk/<uuid:uid>/", bulk.bulk_run, name="bulk"),
    path("bulk/<uuid:uid>/retry/", bulk.bulk_retry, name="bulk_retry"),
    path("transition-failures/", lists.TransitionFailureList.as_view(), name="transition_failures"),
    path("api/v1/", include(router.urls)),
]
