"""What the warehouse does when it hears news of an order. Only lists are refreshed here: every scan reads the truth itself."""

from django.conf import settings

from kernel.events import subscribe
from kernel.sweeps import register_sweep
from oms.orders.events import FulfilmentCancelled, OrderHeld, OrderHoldCleared
from warehouse.services.auto_wave import create_waves_everywhere
from warehouse.services.call_off import call_off
from warehouse.services.refresh_stops import refresh_stops


def on_fulfilment_cancelled(event: FulfilmentCancelled) -> None:
    call_off(fo_no=event.fo_no)


def on_order_held(event: OrderHeld) -> None:
    refresh_stops(order_no=event.order_no)


def on_order_hold_cleared(event: OrderHoldCleared) -> None:
    refresh_stops(order_no=event.order_no)


subscribe(FulfilmentCancelled, on_fulfilment_cancelled)
subscribe(OrderHeld, on_order_held)
subscribe(OrderHoldCleared, on_order_hold_cleared)
if settings.OMS_AUTO_WAVE_SECONDS:
    register_sweep("auto_wave", settings.OMS_AUTO_WAVE_SECONDS, create_waves_everywhere)
