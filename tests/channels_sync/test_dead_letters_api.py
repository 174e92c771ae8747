"""/api/v1/dead-letters/: what scripts see and may do."""

from typing import Any

import pytest
from django.test import Client

from channels_sync.models import ShipmentPush
from tests.channels_sync.test_pages import dead_push
from tests.factories.accounts import make_key
from tests.factories.channels import make_connection

pytestmark = pytest.mark.django_db


def caller(role: str) -> dict[str, Any]:
    return {"headers": {"Authorization": make_key(role)}}


def test_the_list_pages_through_everything_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels_sync.rest.PAGE", 2)
    connection = make_connection()
    pushes = [dead_push(connection, number) for number in range(5)]
    ShipmentPush.objects.update(last_failed_at=pushes[0].last_failed_at)
    key = caller("admin")
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get("/api/v1/dead-letters/", {"cursor": cursor}, **key).json()
        seen += [row["key"] for row in page["results"]]
        cursor = page["next"]
    assert sorted(seen) == sorted(f"channels_sync.shipmentpush:{push.uid}" for push in pushes)


def test_replay_and_discard_answer_with_a_result_for_each(client: Client) -> None:
    connection = make_connection()
    first, second = (f"channels_sync.shipmentpush:{dead_push(connection, number).uid}" for number in (1, 2))
    key = caller("admin")
    replayed = client.post("/api/v1/dead-letters/replay/", {"keys": [first, "no:thing"]}, "application/json", **key)
    assert {row["key"]: row["result"] for row in replayed.json()["results"]} == {
        first: "replayed",
        "no:thing": "not_dead",
    }
    closed = client.post(
        "/api/v1/dead-letters/discard/", {"keys": [second], "reason": "test"}, "application/json", **key
    )
    assert closed.json()["results"] == [{"key": second, "result": "discarded"}]


def test_a_bad_cursor_and_a_missing_reason_are_told(client: Client) -> None:
    key = caller("admin")
    bad = client.get("/api/v1/dead-letters/", {"cursor": "yesterday"}, **key)
    assert (bad.status_code, bad.json()["errors"][0]["code"]) == (422, "bad_cursor")
    assert client.post("/api/v1/dead-letters/discard/", {"keys": ["a:b"]}, "application/json", **key).status_code in (
        400,
        422,
    )


def test_permissions_hold_in_the_api_too(client: Client) -> None:
    assert client.get("/api/v1/dead-letters/").status_code in (401, 403)
    assert client.get("/api/v1/dead-letters/", **caller("picker")).status_code == 403
    refused = client.post("/api/v1/dead-letters/replay/", {"keys": ["a:b"]}, "application/json", **caller("supervisor"))
    assert refused.status_code == 403


@pytest.mark.parametrize("query", ["kind=orders", "error_class=odd", "shop=a&shop=b"])
def test_a_filter_that_nothing_can_match_is_refused_by_name(client: Client, query: str) -> None:
    bad = client.get(f"/api/v1/dead-letters/?{query}", **caller("admin"))
    assert bad.status_code in (400, 422)
    assert query.partition("=")[0] in bad.content.decode()
