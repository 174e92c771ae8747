"""The pages of channels: who sees them, what they say, and what cannot be seen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import AuditEntry
from channels_sync.models import Connection, ShipmentPush
from kernel import clock, work
from kernel.models import InboxDelivery
from oms.orders.models import Order, Shop
from tests.factories.accounts import make_user
from tests.factories.channels import make_connection, payload, post, signed

pytestmark = pytest.mark.django_db
Drain = Callable[[str], Any]


@pytest.fixture(autouse=True)
def _english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    translation.activate("en")


def logged_in(role: str, *shops: Shop) -> Client:
    client = Client()
    client.force_login(make_user(role, shops=list(shops), locale="en"))
    return client


@pytest.fixture
def demo(drain: Drain) -> Connection:
    """A channel with one good delivery, one refused, one dead."""
    connection = make_connection("shopify")
    outside = Client()
    post(outside, signed("shopify", payload("shopify/order-webhook")))
    post(outside, signed("shopify", b'{"id": 7, "created_at": "soon", "shipping_address": {"phone": "13000000009"}}'))
    bad = signed("shopify", {"id": 8})
    post(outside, bad, **{"X-Shopify-Hmac-Sha256": "AAAA"})
    drain("inbox")
    return connection


def dead_delivery() -> InboxDelivery:
    return InboxDelivery.objects.get(state="dead")


PAGES = [
    ("/channels/", "channels_sync.view_channel"),
    ("/channels/demo/", "channels_sync.view_channel"),
    ("/channels/demo/pushes/", "channels_sync.view_channel"),
    ("/channels/demo/calls/", "channels_sync.view_channel"),
    ("/inbox/", "channels_sync.view_inbox"),
    ("/dead-letters/", "channels_sync.view_inbox"),
]


@pytest.mark.parametrize(("url", "permission"), PAGES)
def test_each_page_opens_with_its_permission_and_is_refused_without(
    url: str, permission: str, demo: Connection
) -> None:
    assert logged_in("admin").get(url).status_code == 200
    assert logged_in("supervisor", demo.shop).get(url).status_code == 200
    assert logged_in("picker").get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_a_channel_out_of_scope_does_not_exist(demo: Connection) -> None:
    stranger = logged_in("supervisor")
    assert stranger.get("/channels/demo/").status_code == 404
    assert stranger.get(f"/inbox/{dead_delivery().uid}/").status_code == 404
    assert "demo" not in stranger.get("/channels/").content.decode()
    assert "malformed" not in stranger.get("/dead-letters/").content.decode()


def test_the_channel_page_says_what_is_wrong(demo: Connection) -> None:
    Connection.objects.update(
        breaker_reason="auth", breaker_open_until=clock.now(), breaker_opened_at=clock.now(), is_intake_paused=True
    )
    page = logged_in("admin").get("/channels/demo/").content.decode()
    assert "The platform refuses our token" in page
    assert "Intake is paused" in page


def test_a_delivery_shows_its_steps_and_masks_persons(demo: Connection) -> None:
    delivery = InboxDelivery.objects.get(state="done")
    page = logged_in("supervisor", demo.shop).get(f"/inbox/{delivery.uid}/").content.decode()
    assert "450789469" in page
    assert Order.objects.get().order_no in page
    assert "Bob Norman" not in page
    assert "502)-459-2181" not in page
    assert "Chestnut Street 92" not in page


def test_a_dead_delivery_names_the_place(demo: Connection) -> None:
    page = logged_in("admin").get(f"/inbox/{dead_delivery().uid}/").content.decode()
    assert "$.created_at" in page
    assert "a time is expected" in page


def test_the_raw_body_is_shown_with_permission_only_and_every_reading_is_noted(demo: Connection) -> None:
    url = f"/inbox/{dead_delivery().uid}/raw/"
    assert logged_in("supervisor", demo.shop).post(url).status_code == 403
    lead = logged_in("operations_lead")
    assert "Read the body" in lead.get(f"/inbox/{dead_delivery().uid}/").content.decode()
    shown = lead.post(url, {"reason": "checking"})
    assert "13000000009" in shown.content.decode()
    entry = AuditEntry.objects.filter(action="delivery.raw_read").get()
    assert entry.reason == "checking"
    assert "13000000009" not in str(entry.after)


def test_pausing_needs_its_permission_and_says_so_on_the_page(demo: Connection) -> None:
    url = "/channels/demo/intake/"
    assert logged_in("supervisor", demo.shop).post(url, {"action": "pause"}).status_code == 403
    assert logged_in("admin").post(url, {"action": "pause", "reason": "stock take"}).status_code == 302
    assert Connection.objects.get().is_intake_paused
    logged_in("admin").post(url, {"action": "resume"})
    assert not Connection.objects.get().is_intake_paused


def test_credentials_are_renewed_and_never_shown(demo: Connection) -> None:
    url = "/channels/demo/credentials/"
    admin = logged_in("admin")
    assert logged_in("supervisor", demo.shop).get(url).status_code == 403
    assert admin.post(url, {}).status_code == 422
    assert admin.post(url, {"api_token": "fresh-token"}).status_code == 302
    stored = Connection.objects.get().credentials
    assert (stored["api_token"], stored["secret"]) == ("fresh-token", demo.credentials["secret"])
    assert "fresh-token" not in admin.get(url).content.decode()
    assert "fresh-token" not in str(list(AuditEntry.objects.values("before", "after", "reason")))


def test_dead_letters_of_all_kinds_stand_in_one_list_with_their_error(demo: Connection) -> None:
    dead_push(demo)
    page = logged_in("admin").get("/dead-letters/").content.decode()
    for word in ("malformed", "http_500", "kernel.inboxdelivery", "channels_sync.shipmentpush"):
        assert word in page
    only = logged_in("admin").get("/dead-letters/?kind=channels_sync.shipmentpush&shop=demo").content.decode()
    assert f'value="kernel.inboxdelivery:{dead_delivery().uid}"' not in only
    assert "SF1" in only


def test_dead_letters_name_their_shop_and_say_how_many_match(demo: Connection) -> None:
    Shop.objects.update(name="Tea by the river")
    dead_push(demo), dead_push(demo, 2)
    admin = logged_in("admin")
    page = admin.get("/dead-letters/").content.decode()
    assert "3 rows" in page
    assert "<td>Tea by the river</td>" in page
    only = admin.get("/dead-letters/", {"kind": "channels_sync.shipmentpush", "shop": ""}, HTTP_HX_REQUEST="true")
    assert "2 rows" in only.content.decode()
    assert only["HX-Push-Url"] == "/dead-letters/?kind=channels_sync.shipmentpush"
    assert "Tea by the river" in admin.get("/inbox/").content.decode()


def test_ticked_dead_letters_run_again_with_a_result_for_each(demo: Connection) -> None:
    push, delivery = dead_push(demo), dead_delivery()
    keys = [f"channels_sync.shipmentpush:{push.uid}", f"kernel.inboxdelivery:{delivery.uid}"]
    admin = logged_in("admin")
    first = admin.post("/dead-letters/", {"action": "replay", "pick": keys}).content.decode()
    assert first.count("runs again") == 2
    again = admin.post("/dead-letters/", {"action": "replay", "pick": keys}).content.decode()
    assert again.count("is no longer a dead letter") == 2
    push.refresh_from_db()
    assert (push.state, push.attempts, push.replays) == (work.WorkState.READY, 0, 1)
    assert AuditEntry.objects.filter(action="dead_letter.replayed").count() == 2


def test_closing_needs_a_reason_and_keeps_it(demo: Connection) -> None:
    key = f"kernel.inboxdelivery:{dead_delivery().uid}"
    admin = logged_in("admin")
    assert admin.post("/dead-letters/", {"action": "discard", "pick": [key], "reason": " "}).status_code == 422
    assert dead_delivery()
    admin.post("/dead-letters/", {"action": "discard", "pick": [key], "reason": "a test of theirs"})
    assert InboxDelivery.objects.get(state="discarded", verdict="accepted").discarded_reason == "a test of theirs"


def test_a_whole_group_runs_again_after_the_fix(demo: Connection) -> None:
    body = {"kind": "kernel.inboxdelivery", "error_class": "schema", "code": "malformed"}
    logged_in("admin").post("/dead-letters/group/", body)
    assert not InboxDelivery.objects.filter(state="dead").exists()


def test_nobody_replays_what_lies_outside_their_scope(demo: Connection) -> None:
    other = make_connection("generic", "other")
    lead = logged_in("operations_lead")
    lead.post(
        "/dead-letters/",
        {"action": "replay", "pick": ["nonsense", "x:y", f"kernel.inboxdelivery:{dead_delivery().uid}"]},
    )
    assert not InboxDelivery.objects.filter(state="dead").exists(), "operations see every shop"
    assert logged_in("supervisor", other.shop).post("/dead-letters/", {"action": "replay"}).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_rows(
    demo: Connection, django_assert_max_num_queries: Any
) -> None:
    admin = logged_in("admin")
    admin.get("/channels/")
    for number in range(5):
        make_connection("generic", f"shop-{number}")
    with django_assert_max_num_queries(16):
        admin.get("/channels/")
    with django_assert_max_num_queries(30):
        admin.get("/dead-letters/")


def test_figures_of_channels_are_scraped(demo: Connection, client: Client) -> None:
    dead_push(demo)
    text = client.get("/metrics").content.decode()
    assert 'oms_deliveries_last_hour{shop="demo",verdict="refused"} 1.0' in text
    assert 'oms_delivery_visible_seconds{quantile="0.99"}' in text
    assert 'oms_shipment_pushes{shop="demo",state="dead"} 1.0' in text


def dead_push(connection: Connection, number: int = 1) -> ShipmentPush:
    now = clock.now()
    return ShipmentPush.objects.create(
        connection=connection,
        fo_no=f"F{number}",
        order_no=f"O{number}",
        channel_order_no="1",
        tracking_no=f"SF{number}",
        shipped_at=now,
        state="dead",
        error_class="server",
        last_error_code="http_500",
        last_error="HTTP 500",
        first_failed_at=now,
        last_failed_at=now,
    )
