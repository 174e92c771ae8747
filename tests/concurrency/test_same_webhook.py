"""The same webhook fifty times at once: one row in the inbox, one order, the same answer for all."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from channels_sync import directory
from channels_sync.simulator.dialect import Announcement
from kernel import work
from kernel.models import DeliveryKey, InboxDelivery
from oms.orders.models import Order
from tests.concurrency.crowds import at_once
from tests.factories.channels import make_connection, payload, post, signed

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 50
SAMPLES = {"shopify": "order-webhook", "woocommerce": "order-processing", "generic": "pos-sale"}


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    directory.forget_all()


def sending(delivery: Announcement) -> Callable[[], tuple[int, bytes]]:
    def send() -> tuple[int, bytes]:
        answer: Any = post(Client(), delivery)
        return answer.status_code, answer.content

    return send


def drain_by_many() -> None:
    at_once([lambda: work.drain("kernel.inboxdelivery")] * 4)


@pytest.mark.parametrize("platform", SAMPLES)
def test_fifty_at_once_are_one_order(platform: str) -> None:
    make_connection(platform)
    delivery = signed(platform, payload(f"{platform}/{SAMPLES[platform]}"))
    answers = at_once([sending(delivery)] * TIMES)
    assert answers == [(200, b"{}")] * TIMES
    assert InboxDelivery.objects.count() == 1
    assert DeliveryKey.objects.get().repeats == TIMES - 1
    drain_by_many()
    assert Order.objects.count() == 1


def test_ten_tellings_of_one_order_in_any_order_end_as_the_newest() -> None:
    make_connection("woocommerce")
    base = payload("woocommerce/order-processing")
    tellings = [base | {"date_modified_gmt": f"2017-03-22T19:28:{second:02d}"} for second in range(10, 20)]
    tellings[-1] = tellings[-1] | {"status": "completed"}
    deliveries = [signed("woocommerce", telling) for telling in (*tellings[5:], *tellings[:5])]
    assert at_once([sending(delivery) for delivery in deliveries]) == [(200, b"{}")] * 10
    drain_by_many()
    assert not InboxDelivery.objects.exclude(state="done").exists()
    assert Order.objects.get().platform_status == "completed"
