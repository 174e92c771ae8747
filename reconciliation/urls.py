from django.urls import include, path
from rest_framework.routers import SimpleRouter

from reconciliation import rest
from reconciliation.views import differences, four_way, statements

app_name = "reconciliation"
router = SimpleRouter(use_regex_path=False)
router.register("statements", rest.StatementViewSet, basename="api-statement")
router.register("differences", rest.DifferenceViewSet, basename="api-difference")
router.register("payments", rest.PaymentViewSet, basename="api-payment")
urlpatterns = [
    path("statements/", statements.StatementList.as_view(), name="statements"),
    path("statements/upload/", statements.upload, name="upload"),
    path("statements/<uuid:uid>/", statements.StatementPage.as_view(), name="statement"),
    path("differences/", differences.DifferenceList.as_view(), name="differences"),
    path("differences/export/", differences.export, name="differences_export"),
    path("differences/<uuid:uid>/", differences.difference_page, name="difference"),
    path("four-way/", four_way.FourWayList.as_view(), name="four_way"),
    path("api/v1/", include(router.urls)),
]
