from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from warehouse import rest
from warehouse.views import floor, pda, waves

router = SimpleRouter()
router.register("shipments", rest.ShipmentViewSet, basename="api-shipment")

app_name = "warehouse"
urlpatterns = [
    path("waves/", waves.WaveList.as_view(), name="waves"),
    path("waves/new/", waves.new_wave, name="new_wave"),
    path("waves/<slug:wave_no>/", waves.wave_detail, name="wave"),
    path("waves/<slug:wave_no>/pick-list/", waves.pick_list, name="pick_list"),
    path("floor/", floor.floor, name="floor"),
    path("floor/<slug:fo_no>/", floor.task_detail, name="task"),
    path("pda/", pda.pda, name="pda"),
    re_path(r"^pda/(?P<kind>pick|pack)/$", pda.choose, name="pda_choose"),
    re_path(r"^pda/(?P<kind>pick|pack)/scan/$", pda.open_by_scan, name="pda_open"),
    re_path(r"^pda/(?P<kind>pick|pack)/(?P<uid>[0-9a-f-]{36})/claim/$", pda.claim, name="pda_claim"),
    path("pda/tasks/<uuid:uid>/", pda.pda_task, name="pda_task"),
    path("pda/tasks/<uuid:uid>/leave/", pda.leave, name="pda_leave"),
    path("pda/scan/<uuid:uid>/", pda.scan, name="scan"),
    path("pda/ship/<slug:warehouse>/", pda.handover, name="handover"),
    path("pda/scan/ship/<slug:warehouse>/", pda.scan_handover, name="scan_parcel"),
    path("api/v1/orders/ship/", rest.ShipOrderView.as_view(), name="api-ship"),
    path("api/v1/", include(router.urls)),
]
