"""Shipments told to the simulated platforms over HTTP: once, whatever happens to the call or its answer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from channels_sync.models import ApiCall, BreakerReason, Connection, ShipmentPush
from channels_sync.services.connect import change_credentials
from channels_sync.services.gate import FAILURES_TO_OPEN
from channels_sync.simulator.faults import Fault
from channels_sync.simulator.orders import SimOrder
from channels_sync.simulator.server import Server
from kernel import clock, work
from tests.factories.channels import make_connection, sim_shop

pytestmark = pytest.mark.django_db
Drain = Callable[[str], Any]
PLATFORMS = ["generic", "shopify", "taobao", "woocommerce"]
LINES = [
    {"line_id": "11", "sku": "A", "title": "A", "spec": "", "qty": 2, "price": "10.00"},
    {"line_id": "12", "sku": "B", "title": "B", "spec": "", "qty": 1, "price": "20.00"},
]


def place(server: Server, connection: Connection, **known: Any) -> SimOrder:
    return server.platform.life.place(sim_shop(connection), lines=LINES, is_paid=True, **known)


def shipped(connection: Connection, order: SimOrder, **changes: Any) -> ShipmentPush:
    """A shipped fulfilment's push, as the order centre's event makes it."""
    values: dict[str, Any] = {
        "connection": connection,
        "fo_no": f"{connection.shop.code}-{order.order_id}",
        "order_no": "O1",
        "channel_order_no": order.order_id,
        "carrier_code": "SF",
        "tracking_no": f"SF{order.order_id}",
        "lines": [{"id": "11", "qty": 2}, {"id": "12", "qty": 1}],
        "shipped_at": clock.now(),
        "ordering_key": f"{connection.shop.code}/{order.order_id}",
    }
    return ShipmentPush.objects.create(**(values | changes))


def seen(server: Server, order: SimOrder, code: str = "demo") -> list[str]:
    found = server.platform.book.order(code, order.order_id)
    return [shipment.tracking_no for shipment in found.shipments] if found else []


def due_now() -> None:
    ShipmentPush.objects.filter(state="ready").update(next_attempt_at=clock.now())


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_platform_sees_the_shipment(platform: str, server: Server, drain: Drain) -> None:
    connection = make_connection(platform, server=server)
    order = place(server, connection)
    push = shipped(connection, order)
    drain("pushes")
    push.refresh_from_db()
    assert push.state == work.WorkState.DONE
    assert push.confirmed_at is not None
    assert seen(server, order) == [push.tracking_no]
    assert server.platform.book.order("demo", order.order_id).status == "shipped"  # type: ignore[union-attr]
    calls = ApiCall.objects.filter(connection=connection)
    assert calls.exists()
    assert not calls.exclude(error_class="").exists()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_answer_that_was_lost_is_asked_for_and_not_sent_again(platform: str, server: Server, drain: Drain) -> None:
    connection = make_connection(platform, server=server)
    order = place(server, connection)
    push = shipped(connection, order)
    writes = {"taobao": "offline.send", "woocommerce": "PUT", "shopify": "POST", "generic": "POST"}
    server.platform.faults.add("demo", Fault("drop_after", match=writes[platform]))
    drain("pushes")
    due_now()
    drain("pushes")
    push.refresh_from_db()
    assert (push.state, push.attempts) == (work.WorkState.DONE, 2)
    assert seen(server, order) == [push.tracking_no]
    sent = [what for _, what in server.platform.calls if writes[platform] in what and "notes" not in what]
    assert len(sent) == 1, "the second try found the shipment and sent nothing"


def test_four_failures_are_a_dead_letter_and_a_replay_after_the_fix_succeeds(server: Server, drain: Drain) -> None:
    connection = make_connection("generic", server=server)
    order = place(server, connection)
    push = shipped(connection, order)
    server.platform.faults.add("demo", Fault("status", status=500), times=20)
    for _ in range(6):
        due_now()
        drain("pushes")
    push.refresh_from_db()
    assert (push.state, push.attempts) == (work.WorkState.DEAD, 4), "the first try and three more"
    assert (push.error_class, push.last_error_code) == ("server", "http_500")
    assert push.first_failed_at < push.last_failed_at
    server.platform.faults.clear("demo")
    Connection.objects.update(breaker_open_until=None)
    work.replay(ShipmentPush, [push.uid])
    drain("pushes")
    push.refresh_from_db()
    assert push.state == work.WorkState.DONE
    assert seen(server, order) == [push.tracking_no]


@pytest.mark.parametrize(
    ("fault", "error_class"),
    [
        (Fault("status", status=500), "server"),
        (Fault("status", status=408), "timeout_408"),
        (Fault("status", status=422), "business"),
        (Fault("drop_before"), "timeout"),
        (Fault("wrong_answer"), "schema"),
    ],
)
def test_each_failure_has_its_class_and_uses_up_a_try(
    fault: Fault, error_class: str, server: Server, drain: Drain
) -> None:
    connection = make_connection("generic", server=server)
    push = shipped(connection, place(server, connection))
    server.platform.faults.add("demo", fault)
    ShipmentPush.objects.update(max_attempts=1)
    drain("pushes")
    push.refresh_from_db()
    assert (push.state, push.error_class) == (work.WorkState.DEAD, error_class)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_too_many_requests_use_up_no_try(platform: str, server: Server, drain: Drain) -> None:
    connection = make_connection(platform, server=server)
    server.platform.book.connect(sim_shop(connection, rate_per_minute=0))
    push = shipped(connection, place(server, connection))
    drain("pushes")
    push.refresh_from_db()
    assert (push.state, push.attempts, push.error_class) == (work.WorkState.READY, 0, "rate_limit")
    assert push.next_attempt_at > clock.now()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_refused_token_waits_and_goes_on_by_itself_once_it_is_renewed(
    platform: str, server: Server, drain: Drain
) -> None:
    connection = make_connection(platform, server=server)
    order = place(server, connection)
    change_credentials(code="demo", changes={"api_token": "expired", "secret": "expired"}, actor="system")
    push = shipped(connection, order)
    drain("pushes")
    push.refresh_from_db()
    connection.refresh_from_db()
    assert (push.state, push.attempts, push.error_class) == (work.WorkState.READY, 0, "auth")
    assert connection.breaker_reason == BreakerReason.AUTH
    change_credentials(
        code="demo", changes={"api_token": "token", "secret": sim_shop(connection).secret}, actor="system"
    )
    drain("pushes")
    assert seen(server, order) == [push.tracking_no]


def test_a_platform_that_keeps_failing_is_left_alone_and_the_others_are_not(server: Server, drain: Drain) -> None:
    failing = make_connection("generic", "failing", server=server)
    healthy = make_connection("generic", "healthy", server=server)
    server.platform.faults.add("failing", Fault("status", status=503), times=100)
    orders = [place(server, failing) for _ in range(FAILURES_TO_OPEN + 3)]
    for order in orders:
        shipped(failing, order)
    good = place(server, healthy)
    shipped(healthy, good)
    for _ in range(3):  # a drain ends after some seconds, however much is left
        drain("pushes")
    failing.refresh_from_db()
    assert failing.breaker_open_until is not None
    assert failing.breaker_reason == BreakerReason.FAILURES
    assert seen(server, good, "healthy") == [f"SF{good.order_id}"]
    waiting = ShipmentPush.objects.filter(connection=failing, attempts=0)
    assert waiting.count() == 3, "behind an open breaker no try is used up"
    # The platform recovers: one caller tries, the breaker closes, and everything that waited runs.
    server.platform.faults.clear("failing")
    Connection.objects.filter(pk=failing.pk).update(breaker_open_until=clock.now() - timedelta(seconds=1))
    for _ in range(4):
        due_now()
        drain("pushes")
    failing.refresh_from_db()
    assert failing.breaker_open_until is None
    assert not ShipmentPush.objects.exclude(state=work.WorkState.DONE).exists()


def test_a_platform_that_answers_no_is_not_failing(server: Server, drain: Drain) -> None:
    connection = make_connection("generic", server=server)
    Connection.objects.update(
        breaker_reason=BreakerReason.FAILURES, breaker_failures=9, breaker_open_until=clock.now() - timedelta(seconds=1)
    )
    shipped(connection, place(server, connection), channel_order_no="nobody's", max_attempts=1)
    drain("pushes")
    connection.refresh_from_db()
    assert (connection.breaker_open_until, connection.breaker_failures) == (None, 0)


def test_an_order_the_platform_does_not_know_is_a_dead_letter_with_its_words(server: Server, drain: Drain) -> None:
    connection = make_connection("generic", server=server)
    push = shipped(connection, place(server, connection), channel_order_no="nobody's", max_attempts=1)
    drain("pushes")
    push.refresh_from_db()
    assert (push.state, push.last_error_code) == (work.WorkState.DEAD, "http_404")
    assert "unknown_order" in push.last_error


def test_a_dead_push_stops_the_next_one_of_its_order_only(server: Server, drain: Drain) -> None:
    connection = make_connection("generic", server=server)
    first, other = place(server, connection), place(server, connection)
    shipped(connection, first, channel_order_no="nobody's", max_attempts=1)
    behind = shipped(connection, first, fo_no="F2", tracking_no="SF2")
    beside = shipped(connection, other)
    drain("pushes")
    for push in (behind, beside):
        push.refresh_from_db()
    assert (behind.state, beside.state) == (work.WorkState.READY, work.WorkState.DONE)


@pytest.mark.parametrize("platform", ["generic", "shopify", "taobao"])
def test_a_part_of_an_order_is_told_as_a_part(platform: str, server: Server, drain: Drain) -> None:
    connection = make_connection(platform, server=server)
    order = place(server, connection)
    shipped(connection, order, lines=[{"id": "11", "qty": 2}], is_whole_order=False)
    drain("pushes")
    found = server.platform.book.order("demo", order.order_id)
    assert found is not None
    assert found.status == "part_shipped"
    assert [line.tracking_no for line in found.lines] == [f"SF{order.order_id}", ""]
