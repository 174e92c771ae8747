"""The door that platforms call: what is kept, what is answered, what it does."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from channels_sync.services.connect import change_credentials
from channels_sync.services.intake import pause_intake, resume_intake
from kernel import work
from kernel.models import DeliveryKey, InboxDelivery, Verdict
from oms.orders.models import Order
from tests.factories.channels import make_connection, payload, post, signed

pytestmark = pytest.mark.django_db
Drain = Callable[[str], Any]

WEBHOOKS = {
    "shopify": ("shopify/order-webhook", "450789469"),
    "woocommerce": ("woocommerce/order-processing", "727"),
    "generic": ("generic/pos-sale", "S001-T01-20261122-000123"),
}


@pytest.mark.parametrize("platform", WEBHOOKS)
def test_a_real_webhook_becomes_an_order(platform: str, client: Client, drain: Drain) -> None:
    make_connection(platform)
    sample, number = WEBHOOKS[platform]
    response = post(client, signed(platform, payload(sample)))
    assert response.status_code == 200
    assert not Order.objects.exists(), "what a delivery does is done after its acknowledgement"
    drain("inbox")
    delivery = InboxDelivery.objects.get()
    assert delivery.state == work.WorkState.DONE
    assert delivery.result["effect"] == "created"
    order = Order.objects.get()
    assert (order.channel_order_no, order.order_no) == (number, delivery.result["order_no"])
    assert order.correlation_id == delivery.correlation_id


def test_the_raw_body_is_kept_as_it_came_and_sealed(client: Client) -> None:
    make_connection("shopify")
    body = b'{ "id": 1,\n  "name": "#1" }'
    post(client, signed("shopify", body))
    delivery = InboxDelivery.objects.get()
    assert bytes(delivery.raw_body) == body
    with connection.cursor() as cursor:
        cursor.execute("SELECT raw_body FROM kernel_inboxdelivery")
        assert b"#1" not in bytes(cursor.fetchone()[0])


def test_the_same_delivery_again_gets_the_same_answer_and_does_nothing(client: Client, drain: Drain) -> None:
    make_connection("shopify")
    delivery = signed("shopify", payload("shopify/order-webhook"))
    answers = [post(client, delivery) for _ in range(3)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, b"{}")}
    drain("inbox")
    assert InboxDelivery.objects.count() == 1
    assert DeliveryKey.objects.get().repeats == 2
    assert Order.objects.count() == 1


def test_two_topics_of_one_event_are_two_deliveries_and_one_order(client: Client, drain: Drain) -> None:
    make_connection("shopify")
    post(client, signed("shopify", payload("shopify/order-webhook"), "create"))
    post(client, signed("shopify", payload("shopify/order-webhook"), "pay"))
    drain("inbox")
    effects = InboxDelivery.objects.order_by("id").values_list("result__effect", flat=True)
    assert list(effects) == ["created", "unchanged"]


@pytest.mark.parametrize("platform", ["shopify", "woocommerce", "generic", "taobao"])
def test_a_bad_signature_is_answered_401_kept_as_refused_and_has_no_effect(
    platform: str, client: Client, drain: Drain
) -> None:
    make_connection(platform)
    good = signed(platform, b'{"id": 1, "tid": "1", "order_no": "1"}')
    response = post(client, type(good)(good.headers, good.body + b" "))
    assert response.status_code == 401
    delivery = InboxDelivery.objects.get()
    assert delivery.verdict == Verdict.REFUSED
    assert "signature" in delivery.refused_reason
    drain("inbox")
    assert not Order.objects.exists()
    assert not DeliveryKey.objects.exists(), "a forger must not use up the true sender's key"


def test_a_shop_nobody_knows_is_not_found(client: Client) -> None:
    assert post(client, signed("shopify", b"{}"), code="nobody").status_code == 404


def test_a_body_above_a_mebibyte_is_refused_with_413(client: Client) -> None:
    make_connection("shopify")
    response = post(client, signed("shopify", b'{"a": "' + b"x" * 1024 * 1024 + b'"}'))
    assert response.status_code == 413
    assert InboxDelivery.objects.get().verdict == Verdict.REFUSED


def test_a_body_that_is_no_json_is_acknowledged_and_kept_as_a_dead_letter(client: Client) -> None:
    make_connection("shopify")
    assert post(client, signed("shopify", b"id=1&name=2")).status_code == 200
    delivery = InboxDelivery.objects.get()
    assert (delivery.verdict, delivery.state, delivery.last_error_code) == ("malformed", "dead", "not_json")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b'{"id": 1, "id": 2}', "$.id"),
        (b'{"id": 1, "created_at": "2026-01-01T00:00:00Z", "total_price": NaN}', "$.total_price"),
        (b'{"id": 1, "created_at": "soon"}', "$.created_at"),
        (b'{"id": 1, "created_at": "2026-01-01T00:00:00Z", "line_items": {"a": 1}}', "$.line_items"),
        (b'{"id": 1, ', "$"),
    ],
)
def test_a_body_that_is_no_order_becomes_a_dead_letter_that_names_the_place(
    body: bytes, place: str, client: Client, drain: Drain
) -> None:
    make_connection("shopify")
    assert post(client, signed("shopify", body)).status_code == 200
    drain("inbox")
    delivery = InboxDelivery.objects.get()
    assert (delivery.state, delivery.last_error_code, delivery.error_class) == ("dead", "malformed", "schema")
    assert delivery.last_error.startswith(f"{place}:")
    assert delivery.attempts == 1, "no retry can help a body"


def test_an_order_that_tells_two_lines_as_one_becomes_a_dead_letter_that_says_which(
    client: Client, drain: Drain
) -> None:
    make_connection("shopify")
    order = copy.deepcopy(payload("shopify/order-webhook"))
    order["line_items"].append(order["line_items"][0])
    post(client, signed("shopify", order))
    drain("inbox")
    delivery = InboxDelivery.objects.get()
    assert (delivery.state, delivery.last_error_code, delivery.attempts) == ("dead", "malformed", 1)
    assert delivery.last_error.startswith("$.lines[0]: more than one line has the id")
    assert not Order.objects.exists()


def test_an_unknown_topic_is_kept_and_ignored(client: Client, drain: Drain) -> None:
    make_connection("shopify")
    response = post(client, signed("shopify", b'{"id": 1}'), **{"X-Shopify-Topic": "carts/update"})
    assert response.status_code == 200
    drain("inbox")
    delivery = InboxDelivery.objects.get()
    assert (delivery.verdict, delivery.state) == ("ignored", "discarded")
    assert "carts/update" in delivery.discarded_reason


def test_older_news_after_newer_changes_nothing(client: Client, drain: Drain) -> None:
    make_connection("woocommerce")
    newer = payload("woocommerce/order-processing")
    older = copy.deepcopy(newer) | {
        "status": "pending",
        "date_modified_gmt": "2017-03-22T19:28:03",
        "date_paid_gmt": None,
    }
    post(client, signed("woocommerce", newer))
    drain("inbox")
    before = Order.objects.values().get()
    post(client, signed("woocommerce", older))
    drain("inbox")
    assert InboxDelivery.objects.latest("id").result["effect"] == "stale"
    after = Order.objects.values().get()
    assert {k: after[k] for k in ("platform_status", "payment_state", "paid_amount")} == {
        k: before[k] for k in ("platform_status", "payment_state", "paid_amount")
    }


def test_woocommerce_deliveries_of_one_second_share_an_id_and_are_still_two(client: Client, drain: Drain) -> None:
    make_connection("woocommerce")
    first = payload("woocommerce/order-processing")
    second = first | {"status": "completed", "date_modified_gmt": "2017-03-22T19:28:09"}
    for body in (first, second):
        post(client, signed("woocommerce", body), **{"X-WC-Webhook-Delivery-ID": "71490211689"})
    drain("inbox")
    assert InboxDelivery.objects.count() == 2
    assert Order.objects.get().platform_status == "completed"


def test_a_woocommerce_ping_is_answered_200_and_leaves_nothing(client: Client) -> None:
    make_connection("woocommerce")
    url, form = "/hooks/demo/", "application/x-www-form-urlencoded"
    assert client.post(url, data=b"webhook_id=7", content_type=form).status_code == 200
    assert not InboxDelivery.objects.exists()
    assert client.post(url, data=b"webhook_id=7&status=x", content_type=form).status_code == 401


def test_a_signed_ping_of_a_generic_sender_leaves_nothing_and_a_forged_one_is_refused(client: Client) -> None:
    make_connection("generic")
    ping = signed("generic", {"type": "ping", "data": {}})
    assert post(client, ping).status_code == 200
    assert not InboxDelivery.objects.exists()
    assert post(client, ping, **{"webhook-signature": "v1,AAAA"}).status_code == 401


def test_a_replaced_secret_still_verifies_for_a_while(client: Client) -> None:
    make_connection("shopify")
    change_credentials(code="demo", changes={"secret": "a-new-secret"}, actor="system")
    assert post(client, signed("shopify", {"id": 1})).status_code == 200


def test_a_privacy_request_is_kept_and_told_to_operations(client: Client, drain: Drain) -> None:
    make_connection("shopify")
    post(client, signed("shopify", {"shop_id": 1}), **{"X-Shopify-Topic": "customers/redact"})
    drain("inbox")
    assert InboxDelivery.objects.get().result == {"effect": "privacy_request"}


def test_a_paused_channel_keeps_everything_and_works_it_off_afterwards(client: Client, drain: Drain) -> None:
    make_connection("shopify")
    pause_intake(code="demo", actor="system", reason="stock take")
    assert post(client, signed("shopify", payload("shopify/order-webhook"))).status_code == 200
    drain("inbox")
    delivery = InboxDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("ready", 0, "intake is paused")
    resume_intake(code="demo", actor="system")
    drain("inbox")
    assert Order.objects.exists()


def test_the_door_is_open_to_posts_only(client: Client) -> None:
    make_connection("shopify")
    assert client.get("/hooks/demo/").status_code == 405


def test_unknown_status_is_kept_and_shown(client: Client, drain: Drain) -> None:
    make_connection("woocommerce")
    body = payload("woocommerce/order-processing") | {"status": "teleported"}
    post(client, signed("woocommerce", body))
    drain("inbox")
    result = InboxDelivery.objects.get().result
    assert "unknown_status" in result["warnings"]
    assert Order.objects.get().platform_status == "teleported"


def test_a_delivery_costs_one_statement(client: Client, django_assert_num_queries: Any) -> None:
    make_connection("shopify")
    post(client, signed("shopify", {"id": 1}))
    with django_assert_num_queries(1):
        post(client, signed("shopify", {"id": 2}))


def test_ids_beyond_2_to_the_53_survive(client: Client, drain: Drain) -> None:
    make_connection("generic")
    body = {
        "type": "order.created",
        "data": json.loads('{"order_no": 9007199254740993, "status": "unpaid", "created_at": "2026-11-22T10:00:00"}'),
    }
    post(client, signed("generic", body))
    drain("inbox")
    assert Order.objects.get().channel_order_no == "9007199254740993"
