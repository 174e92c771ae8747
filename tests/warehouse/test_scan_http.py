"""The scan endpoint over HTTP: one envelope as JSON and as a page, resends, permissions, scope."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import make_user
from tests.factories.inventory import make_warehouse
from tests.factories.warehouse import barcode, in_wave, make_picker, pack, pick
from warehouse import api
from warehouse.models import PickTask, Scan

pytestmark = pytest.mark.django_db
TEE = barcode("TEE-L")
ENVELOPE = {
    "kind",
    "number",
    "screen",
    "expects",
    "message",
    "tone",
    "progress",
    "ok",
    "scan_id",
    "scanned",
    "expected",
    "is_over",
    "actions",
    "items",
    "next",
}


@pytest.fixture
def task() -> PickTask:
    return in_wave(("TEE-L", 2))


@pytest.fixture
def picker(task, client: Client):
    picker = make_picker()
    api.claim_pick(task_uid=str(task.uid), actor=picker)
    client.force_login(picker)
    client.get(reverse("warehouse:pda_task", args=[task.uid]))
    return picker


def post(client, task, **body):
    url = reverse("warehouse:scan", args=[task.uid])
    return client.post(url, json.dumps({"scan_id": str(uuid4()), **body}), content_type="application/json")


def test_every_answer_has_the_same_envelope(client, task, picker):
    for value in ("wrong", "A-02-03", TEE, "2"):
        answer = post(client, task, value=value)
        assert answer.status_code == 200
        assert set(answer.json()) == ENVELOPE


def test_a_task_is_picked_through_the_endpoint_to_its_end(client, task, picker):
    for value in ("A-02-03", TEE):
        assert post(client, task, value=value).json()["ok"]
    last = post(client, task, value=TEE).json()
    assert (last["screen"], last["next"]) == ("done", reverse("warehouse:pda_choose", args=["pick"]))


def test_the_same_scan_id_is_applied_once(client, task, picker):
    post(client, task, value="A-02-03")
    first = post(client, task, scan_id="same", value=TEE)
    again = post(client, task, scan_id="same", value=TEE)
    assert first.json() == again.json()
    assert task.lines.get().picked_qty == 1
    assert Scan.objects.filter(scan_id="same").count() == 1


def test_the_same_scan_id_with_another_code_is_refused(client, task, picker):
    post(client, task, scan_id="same", value="A-02-03")
    answer = client.post(
        reverse("warehouse:scan", args=[task.uid]),
        json.dumps({"scan_id": "same", "value": TEE}),
        content_type="application/json",
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 409
    assert answer.json()["code"] == "idempotency_mismatch"


def test_the_page_gets_the_next_screen_and_a_wrong_scan_says_422(client, task, picker):
    url = reverse("warehouse:scan", args=[task.uid])
    wrong = client.post(url, {"code": "B-07-01", "token": "t1"})
    assert wrong.status_code == 422
    assert 'data-feedback="bad"' in wrong.content.decode()
    assert "B-07-01" in wrong.content.decode()
    right = client.post(url, {"code": "A-02-03", "token": "t2"})
    assert right.status_code == 200
    assert 'data-screen="item"' in right.content.decode()


def test_the_same_code_on_the_same_screen_is_the_same_scan(client, task, picker):
    url = reverse("warehouse:scan", args=[task.uid])
    client.post(url, {"code": "A-02-03", "token": "t1"})
    client.post(url, {"code": TEE, "token": "t2"})
    client.post(url, {"code": TEE, "token": "t2"})
    assert task.lines.get().picked_qty == 1
    client.post(url, {"code": TEE, "token": "t3"})
    assert task.lines.get().picked_qty == 2


def test_a_body_that_is_no_scan_is_refused(client, task, picker):
    url = reverse("warehouse:scan", args=[task.uid])
    for body in ("{", "[]", '{"value": "x"}', '{"scan_id": "a", "value": 3}', '{"scan_id": "a", "action": "ship"}'):
        answer = client.post(url, body, content_type="application/json", headers={"accept": "application/json"})
        assert answer.status_code == 422, body
    assert not Scan.objects.exists()


def test_strangers_and_other_warehouses_see_no_task(client, task):
    far = make_warehouse("WH-BJ")
    url = reverse("warehouse:scan", args=[task.uid])
    assert client.post(url, {"code": "A"}).status_code == 302
    client.force_login(make_user("picker", warehouses=[far]))
    assert client.post(url, {"code": "A"}).status_code == 404
    assert client.get(reverse("warehouse:pda_task", args=[task.uid])).status_code == 404
    client.force_login(make_user("reviewer"))
    assert client.post(url, {"code": "A"}).status_code in (403, 404)


def test_the_handover_door_ships_by_scan(client):
    packed = pack(pick(in_wave(("TEE-L", 1)), make_picker()), make_picker(), "JT1234567890123")
    client.force_login(make_picker())
    url = reverse("warehouse:scan_parcel", args=["WH-SH"])
    answer = client.post(url, {"code": "JT1234567890123", "token": "t1"})
    assert answer.status_code == 200
    assert packed.order_no in answer.content.decode()
    assert client.post(url, {"code": "JT1234567890123", "token": "t2"}).status_code == 422


def test_the_door_of_another_warehouse_stays_shut(client, task):
    make_warehouse("WH-BJ")
    client.force_login(make_picker())
    assert client.get(reverse("warehouse:handover", args=["WH-BJ"])).status_code == 404


def test_a_scan_costs_a_fixed_number_of_queries(client, task, picker, django_assert_max_num_queries):
    post(client, task, value="A-02-03")
    with django_assert_max_num_queries(28):
        assert post(client, task, value=TEE).json()["ok"]
