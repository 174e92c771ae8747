"""The one door to the order centre for the apps above it."""

from oms.orders.contracts import (
    FulfilmentLineView,
    FulfilmentView,
    IncomingAmounts,
    IncomingBuyer,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    IncomingReceiver,
    MoneyFacts,
    ReceiveResult,
    ShopView,
)
from oms.orders.errors import (
    FulfilmentNotFound,
    FulfilmentNotLive,
    OrderNotFound,
    OrderOnHold,
    PaymentConflict,
    ShopNotFound,
)
from oms.orders.explain import Explanation, explain
from oms.orders.models import FulfilmentOrder, Order, OrderPayment, Shop
from oms.orders.moments import MOMENTS, longest_stuck
from oms.orders.selectors import (
    can_see_shop,
    find_money_facts,
    get_fulfilment,
    get_shop,
    list_fulfilments,
    list_released_fulfilments,
    list_shops,
    visible_orders,
)
from oms.orders.services.cancel import cancel_order
from oms.orders.services.expire import close_unpaid
from oms.orders.services.fulfil import (
    check_fulfilment_for_floor,
    lock_fulfilment_for_floor,
    mark_packed,
    mark_picked,
    mark_picking,
    report_short_pick,
    ship_fulfilment,
)
from oms.orders.services.hold import hold_order, release_holds, retry_stock
from oms.orders.services.pay import record_payment
from oms.orders.services.receive import receive_order
from oms.orders.services.review import approve_order, review_order
from oms.orders.services.shops import create_shop

__all__ = [
    "MOMENTS",
    "Explanation",
    "FulfilmentLineView",
    "FulfilmentNotFound",
    "FulfilmentNotLive",
    "FulfilmentOrder",
    "FulfilmentView",
    "IncomingAmounts",
    "IncomingBuyer",
    "IncomingLine",
    "IncomingOrder",
    "IncomingPayment",
    "IncomingReceiver",
    "MoneyFacts",
    "Order",
    "OrderNotFound",
    "OrderOnHold",
    "OrderPayment",
    "PaymentConflict",
    "ReceiveResult",
    "Shop",
    "ShopNotFound",
    "ShopView",
    "approve_order",
    "can_see_shop",
    "cancel_order",
    "check_fulfilment_for_floor",
    "close_unpaid",
    "create_shop",
    "explain",
    "find_money_facts",
    "get_fulfilment",
    "get_shop",
    "hold_order",
    "list_fulfilments",
    "list_released_fulfilments",
    "list_shops",
    "lock_fulfilment_for_floor",
    "longest_stuck",
    "mark_packed",
    "mark_picked",
    "mark_picking",
    "receive_order",
    "record_payment",
    "release_holds",
    "report_short_pick",
    "retry_stock",
    "review_order",
    "ship_fulfilment",
    "visible_orders",
]
