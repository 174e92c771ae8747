from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from kernel import clock, inbox, inbox_store, work
from kernel.models import DeliveryKey, InboxDelivery, Verdict
from kernel.work import WorkState

INBOX = "kernel.inboxdelivery"
HEADERS = {
    "X-Sign": "good",
    "X-Topic": "order",
    "X-Id": "d1",
    "Authorization": "Bearer s3cret",
    "X-Access-Token": "s3cret",
}


class Post:
    """A plain source: the header says whether it is signed and what it is."""

    name = "post"
    processed: list[str]

    def __init__(self) -> None:
        self.processed = []

    def verify(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> str:
        if headers.get("X-Sign") != "good":
            raise inbox.Refusal("bad signature")
        return "verified"

    def identify(self, verified: Any, headers: Mapping[str, str], body: bytes) -> inbox.Identity:
        if body == b"{":
            raise inbox.Malformed("not_json", "the body ends early")
        topic = headers["X-Topic"]
        return inbox.Identity(headers.get("X-Id", ""), topic, "O1", "" if topic == "order" else "topic not used")

    def acknowledge(self, endpoint: str, verified: Any | None, outcome: inbox.Outcome) -> inbox.Ack:
        return inbox.Ack(outcome.status, outcome.name.encode())

    def process(self, delivery: InboxDelivery) -> None:
        self.processed.append(delivery.raw_body.decode())
        delivery.result = {"effect": "created"}


@pytest.fixture
def post() -> Iterator[Post]:
    kept = dict(inbox._sources)
    source = Post()
    inbox.register_source(source)
    yield source
    inbox._sources.clear()
    inbox._sources.update(kept)


def send(body: bytes = b'{"id": 1}', **changed: str) -> inbox.Ack:
    return inbox.receive("post", "shop-1", HEADERS | changed, body, "203.0.113.9")


pytestmark = pytest.mark.django_db


def test_a_delivery_is_kept_before_it_is_acknowledged_and_processed_after(post: Post) -> None:
    ack = send()
    assert (ack.status, ack.body) == (200, b"accepted")
    delivery = InboxDelivery.objects.get()
    assert (delivery.verdict, delivery.state, delivery.raw_body) == (Verdict.ACCEPTED, WorkState.READY, b'{"id": 1}')
    assert (delivery.topic, delivery.delivery_key, delivery.remote_addr) == ("order", "d1", "203.0.113.9")
    assert post.processed == []
    work.drain(INBOX)
    delivery.refresh_from_db()
    assert (post.processed, delivery.state, delivery.result) == (['{"id": 1}'], WorkState.DONE, {"effect": "created"})


def test_one_statement_keeps_key_and_row(post: Post, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        send()


def test_the_same_delivery_again_changes_nothing_but_a_count(post: Post) -> None:
    assert [send().body for _ in range(3)] == [b"accepted", b"duplicate", b"duplicate"]
    assert InboxDelivery.objects.count() == 1
    assert DeliveryKey.objects.get().repeats == 2


def test_the_same_key_at_another_endpoint_is_another_delivery(post: Post) -> None:
    send()
    inbox.receive("post", "shop-2", HEADERS, b"{}", None)
    assert InboxDelivery.objects.count() == 2


def test_without_a_key_the_body_itself_is_the_key(post: Post) -> None:
    bodies = (b'{"id": 1}', b'{"id": 1}', b'{"id": 2}')
    assert [send(body, **{"X-Id": ""}).body for body in bodies] == [b"accepted", b"duplicate", b"accepted"]


def test_keys_that_differ_only_far_behind_are_two_deliveries(post: Post) -> None:
    long = "m" * 300
    keys = (f"{long}1", f"{long}2", f"{long}1")
    assert [send(**{"X-Id": key}).body for key in keys] == [b"accepted", b"accepted", b"duplicate"]
    kept = InboxDelivery.objects.values_list("delivery_key", flat=True)
    assert all(key.startswith("mmm") and len(key) == 160 for key in kept)


def test_a_bad_signature_is_refused_kept_and_takes_no_key_from_the_true_sender(post: Post) -> None:
    assert send(**{"X-Sign": "bad"}).status == 401
    refused = InboxDelivery.objects.get()
    assert (refused.verdict, refused.state) == (Verdict.REFUSED, WorkState.DISCARDED)
    assert refused.refused_reason == "refused: bad signature"
    assert send().body == b"accepted"
    work.drain(INBOX)
    assert len(post.processed) == 1


def test_a_body_over_one_mebibyte_is_refused_and_its_beginning_kept(post: Post) -> None:
    assert send(b"x" * (inbox.MAX_BODY_BYTES + 1)).status == 413
    refused = InboxDelivery.objects.get()
    assert (len(refused.raw_body), refused.body_bytes) == (64 * 1024, inbox.MAX_BODY_BYTES + 1)


def test_a_flood_of_refused_deliveries_does_not_fill_the_table(post: Post) -> None:
    for _ in range(inbox_store.REFUSED_A_MINUTE + 5):
        assert send(**{"X-Sign": "bad"}).status == 401
    assert InboxDelivery.objects.count() == inbox_store.REFUSED_A_MINUTE


def test_a_malformed_body_is_acknowledged_and_kept_as_a_dead_letter_with_its_reason(post: Post) -> None:
    assert send(b"{").body == b"malformed"
    delivery = InboxDelivery.objects.get()
    assert (delivery.verdict, delivery.state, delivery.error_class) == (Verdict.MALFORMED, WorkState.DEAD, "schema")
    assert (delivery.last_error_code, delivery.last_error) == ("not_json", "the body ends early")
    assert work.drain(INBOX).done == 0


def test_a_topic_that_nobody_uses_is_kept_and_ignored(post: Post) -> None:
    assert send(**{"X-Topic": "weather"}).body == b"ignored"
    delivery = InboxDelivery.objects.get()
    assert (delivery.verdict, delivery.discarded_reason) == (Verdict.IGNORED, "topic not used")
    assert work.drain(INBOX).done == 0


def test_credentials_in_headers_are_not_kept(post: Post) -> None:
    send()
    headers = InboxDelivery.objects.get().headers
    assert headers["Authorization"] == headers["X-Access-Token"] == "(withheld)"
    assert headers["X-Sign"] == "good"


def test_the_raw_body_is_not_readable_in_the_table(post: Post) -> None:
    send(b'{"phone": "13800001111"}')
    with connection.cursor() as cursor:
        cursor.execute("SELECT raw_body FROM kernel_inboxdelivery")
        assert b"13800001111" not in bytes(cursor.fetchone()[0])


def test_what_was_fetched_goes_the_same_way_without_verification(post: Post) -> None:
    outcomes = [inbox.put("post", "queue", inbox.Identity("m1", "order", "O1"), b"{}", {}).name for _ in range(2)]
    assert outcomes == ["accepted", "duplicate"]


def test_deliveries_about_one_order_are_processed_in_turn(post: Post) -> None:
    for number in range(5):
        send(str(number).encode(), **{"X-Id": f"d{number}"})
    work.drain(INBOX)
    assert post.processed == ["0", "1", "2", "3", "4"]


def test_bodies_and_headers_go_after_90_days_and_keys_stay_for_ever(post: Post) -> None:
    send()
    InboxDelivery.objects.update(received_at=clock.now() - timedelta(days=91))
    send(b"newer", **{"X-Id": "d2"})
    assert inbox_store.purge_bodies() == 1
    assert inbox_store.purge_bodies() == 0
    old, new = InboxDelivery.objects.order_by("id")
    assert (old.raw_body, old.headers, new.raw_body) == (b"", {}, b"newer")
    assert send().body == b"duplicate"
