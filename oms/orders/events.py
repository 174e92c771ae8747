"""What happened to an order, told to the apps above. Ids only: whoever hears it reads the rest through oms.orders.api."""

from dataclasses import dataclass

from kernel.events import Event


@dataclass(frozen=True)
class OrderReceived(Event):
    order_no: str


@dataclass(frozen=True)
class OrderPaid(Event):
    order_no: str


@dataclass(frozen=True)
class OrderHeld(Event):
    order_no: str


@dataclass(frozen=True)
class OrderHoldCleared(Event):
    order_no: str


@dataclass(frozen=True)
class OrderApproved(Event):
    order_no: str


@dataclass(frozen=True)
class OrderCancelled(Event):
    order_no: str


@dataclass(frozen=True)
class FulfilmentReleased(Event):
    fo_no: str


@dataclass(frozen=True)
class FulfilmentCancelled(Event):
    fo_no: str


@dataclass(frozen=True)
class OrderShipped(Event):
    order_no: str
    fo_no: str
