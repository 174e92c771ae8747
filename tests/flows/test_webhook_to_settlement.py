"""One order through the whole house, once per connector: a platform's news comes in over HTTP, a worker does the rest, a
picker scans, the parcel leaves, the platform is told, and its settlement statement is matched with the order."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from channels_sync.models import ShipmentPush
from channels_sync.simulator import statement
from channels_sync.simulator.server import Server
from inventory import api as inventory
from kernel import clock
from kernel.models import InboxDelivery
from oms.orders.models import Order
from reconciliation import api as reconciliation
from reconciliation.models import Match, StatementLine
from tests.factories.accounts import make_user
from tests.factories.warehouse import hand_over, make_picker, open_floor, pack, pick, warehouse
from tests.flows.conftest import until
from warehouse import api as floor
from warehouse.models import PickTask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(240)]

BASKET = [
    {"line_id": "71", "sku": "TEE-L", "title": "示例T恤", "spec": "", "qty": 2, "price": "59.00", "discount": "10.00"},
    {"line_id": "72", "sku": "CUP-RED", "title": "示例杯", "spec": "", "qty": 1, "price": "39.00"},
]
TRACKING_NO = "SF1234567890123"


def the_order() -> Order | None:
    return Order.objects.first()


def in_state(*states: str) -> Callable[[], Order | None]:
    return lambda: Order.objects.filter(state__in=states).first()


@pytest.mark.parametrize("name", ["shopify", "woocommerce", "generic", "taobao"])
def test_an_order_goes_from_the_webhook_to_the_settlement(
    name: str,
    platform: Server,
    connected: Callable[[str], Any],
    processes: Callable[..., None],
    running_system: None,
) -> None:
    open_floor()
    shop = connected(name)
    if name == "taobao":
        processes("manage.py", "consume_messages")
    life = platform.platform.life

    # A buyer places the order; unpaid, it holds its stock.
    placed = life.place(shop, lines=BASKET, shipping="6.00")
    order = until(the_order)
    assert (order.state, order.channel_order_no) == ("pending_payment", placed.order_id)
    until(lambda: inventory.get_reservation(the_order().reservation_id).state == "held")

    # The buyer pays; the same news comes twice and changes nothing the second time.
    life.happen(shop.code, placed.order_id, "pay")
    paid = platform.platform.book.order(shop.code, placed.order_id)
    life.announce(shop, paid, "pay")
    if name == "taobao":
        review_as_a_person(until(in_state("in_review")))
    order = until(in_state("allocated"))
    assert order.paid_amount == paid.total == Decimal("153.00")
    assert inventory.get_reservation(order.reservation_id).state == "committed"

    # The floor: wave, pick, pack, hand over.
    picker = make_picker()
    wave = floor.create_wave(warehouse=warehouse(), actor=None)
    task = PickTask.objects.get(wave__wave_no=wave.wave_no)
    pack(pick(task, picker), picker, tracking_no=TRACKING_NO)
    assert hand_over(TRACKING_NO, by=picker).ok
    order.refresh_from_db()
    assert order.state == "shipped"
    assert {row.sku: row.on_hand for row in inventory.get_stock(["TEE-L", "CUP-RED"])} == {"TEE-L": 98, "CUP-RED": 99}

    # The platform is told once, and has the parcel in its own books.
    push = until(lambda: ShipmentPush.objects.filter(confirmed_at__isnull=False).first())
    shipped = platform.platform.book.order(shop.code, placed.order_id)
    assert [parcel.tracking_no for parcel in shipped.shipments] == [TRACKING_NO]
    assert push.correlation_id == order.correlation_id

    # Its statement is imported and matched with order, payment and shipment.
    check_settlement(platform, shop, order)

    # Nothing is left over, and the stock adds up.
    until(lambda: not InboxDelivery.objects.filter(state__in=("ready", "running")).exists())
    assert not InboxDelivery.objects.filter(state="dead").exists()
    assert Order.objects.count() == 1
    assert order.payments.count() == 1
    report = until(lambda: (found := inventory.audit_stock()).is_sound and found)
    assert report.is_sound


def review_as_a_person(order: Order) -> None:
    """Taobao withholds the address, so a rule that asks for it sends the order to a reviewer, who approves on its page."""
    client = Client()
    client.force_login(make_user("reviewer", shops=[order.shop]))
    answer = client.post(reverse("orders:act", args=[order.order_no, "approve"]))
    assert answer.status_code == 302


def check_settlement(platform: Server, shop: Any, order: Order) -> None:
    account = reconciliation.create_account(
        code="settle", name="结算", kind="platform", shop=order.shop, commission_percent=Decimal(2)
    )
    day = clock.now().astimezone(ZoneInfo(shop.zone)).date()
    while not (body := statement.write(shop, day, platform.platform.book)).count(b"\n") > 2:
        # The platform settles most orders the day they ship; the few it forgets are told to it by another order.
        day += timedelta(days=1)
    result = reconciliation.import_statement(
        account_code=account.code, file_name="settlement.csv", body=body, actor="system"
    )
    reconciliation.match_now(result.uid)
    payment = StatementLine.objects.get(kind="payment")
    match = Match.objects.get(line=payment)
    assert (match.order_no, match.tracking_no) == (order.order_no, TRACKING_NO)
    planted = order.paid_amount - payment.amount
    assert reconciliation.Difference.objects.filter(order_no=order.order_no).exists() == has_difference(planted, order)


def has_difference(planted: Decimal, order: Order) -> bool:
    """The simulated platform plants mistakes by order number: paid short, or commission taken twice."""
    expected = -(order.paid_amount * Decimal("0.02")).quantize(Decimal("0.01"))
    commission = StatementLine.objects.get(kind="commission").amount
    return bool(planted) or commission != expected
