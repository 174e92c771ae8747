"""Waves: what waits, what a wave takes, what it must not take."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from inventory import api as inventory
from oms.orders import api as orders
from tests.factories.accounts import make_user
from tests.factories.inventory import make_warehouse
from tests.factories.warehouse import in_wave, make_picker, open_floor, pick, released, scan, warehouse
from warehouse import api, selectors
from warehouse.contracts import WaveFilters
from warehouse.models import PickTask, Wave
from warehouse.services.auto_wave import create_waves_everywhere

pytestmark = pytest.mark.django_db


def make_wave(**fields):
    return api.create_wave(warehouse=warehouse(), actor=make_user("warehouse_lead"), **fields)


def test_a_wave_takes_the_oldest_released_orders_up_to_its_limit():
    shop = open_floor()
    first, second, third = (released(("TEE-L", 1), shop=shop) for _ in range(3))
    made = make_wave(limit=2)
    assert made.task_count == 2
    assert set(PickTask.objects.values_list("order_no", flat=True)) == {first.order_no, second.order_no}
    assert [view.order_no for view in api.list_waiting("WH-SH")] == [third.order_no]
    assert AuditEntry.objects.filter(action="wave.created", obj_key=made.wave_no).exists()


def test_an_order_is_in_one_wave_only():
    released()
    make_wave()
    with pytest.raises(api.NothingToPick):
        make_wave()
    assert Wave.objects.count() == 1


def test_a_held_order_waits_outside():
    order = released()
    orders.hold_order(order_no=order.order_no, actor=make_user("supervisor"), reason="wait")
    with pytest.raises(api.NothingToPick):
        make_wave()


def test_single_piece_orders_are_proposed_and_taken_apart():
    shop = open_floor()
    single = released(("TEE-L", 1), shop=shop)
    released(("TEE-L", 2), shop=shop)
    released(("TEE-L", 1), ("CUP-RED", 1), shop=shop)
    groups = selectors.propose_waves(api.list_waiting("WH-SH"))
    assert [(group.size, group.count) for group in groups] == [("single", 1), ("multi", 2)]
    made = make_wave(filters=WaveFilters(size="single"))
    assert PickTask.objects.get(wave__wave_no=made.wave_no).order_no == single.order_no


def test_filters_by_shop_and_region_must_fit():
    released()
    with pytest.raises(api.NothingToPick):
        make_wave(filters=WaveFilters(shop_code="another"))
    with pytest.raises(api.NothingToPick):
        make_wave(filters=WaveFilters(region="广东省"))
    assert make_wave(filters=WaveFilters(shop_code="shop-a", region="浙江省")).task_count == 1


def test_several_lines_of_one_article_are_one_stop():
    task = in_wave(("TEE-L", 1), ("TEE-L", 2))
    assert list(task.lines.values_list("sku_code", "qty")) == [("TEE-L", 3)]


def test_an_article_without_a_place_comes_last_and_is_picked_without_a_location():
    shop = open_floor()
    inventory.create_sku(code="LOST", name="丢")
    inventory.set_stock(sku_code="LOST", warehouse_code="WH-SH", qty=5, reason="test")
    released(("LOST", 1), ("TEE-L", 1), shop=shop)
    make_wave()
    task, picker = PickTask.objects.get(), make_picker()
    assert list(task.lines.values_list("sku_code", "location_code")) == [("TEE-L", "A-02-03"), ("LOST", "")]
    api.claim_pick(task_uid=str(task.uid), actor=picker)
    api.open_task(task_uid=str(task.uid), actor=picker)
    assert scan(task, "A-02-03", by=picker).ok
    reply = scan(task, "TEE-L", by=picker)
    assert (reply.screen, reply.expects.value) == ("item", "LOST")


def test_the_sweep_makes_a_wave_where_orders_wait():
    released()
    make_warehouse("WH-BJ")
    assert create_waves_everywhere(limit=50) == 1
    assert create_waves_everywhere(limit=50) == 0


class TestPages:
    @pytest.fixture
    def lead(self, client):
        open_floor()
        lead = make_user("warehouse_lead", warehouses=[warehouse()])
        client.force_login(lead)
        return lead

    def test_the_list_shows_what_waits_and_makes_a_wave_of_it(self, client, lead):
        order = released(("TEE-L", 1))
        page = client.get(reverse("warehouse:waves")).content.decode()
        assert "1 order waits for a wave" in page
        answer = client.post(reverse("warehouse:new_wave"), {"warehouse": "WH-SH", "limit": 5, "size": ""}, follow=True)
        page = answer.content.decode()
        assert f"{order.order_no}-F1" in page
        assert "Wait" in page

    def test_somebody_who_may_only_look_gets_no_wave(self, client, lead):
        released()
        client.force_login(make_picker())
        assert client.get(reverse("warehouse:waves")).status_code == 403
        assert client.post(reverse("warehouse:new_wave"), {"warehouse": "WH-SH", "limit": 5}).status_code == 404
        assert not Wave.objects.exists()

    def test_waves_of_other_warehouses_are_not_shown(self, client, lead):
        task = in_wave()
        client.force_login(make_user("warehouse_lead", warehouses=[make_warehouse("WH-BJ")]))
        assert task.wave.wave_no not in client.get(reverse("warehouse:waves")).content.decode()
        for name, key in (("wave", task.wave.wave_no), ("pick_list", task.wave.wave_no), ("task", task.fo_no)):
            assert client.get(reverse(f"warehouse:{name}", args=[key])).status_code == 404

    def test_every_page_opens_for_the_lead(self, client, lead):
        task = pick(in_wave(("TEE-L", 2), ("CUP-RED", 1)), make_picker())
        for url in (
            reverse("warehouse:waves"),
            reverse("warehouse:wave", args=[task.wave.wave_no]),
            reverse("warehouse:pick_list", args=[task.wave.wave_no]),
            reverse("warehouse:floor"),
            reverse("warehouse:task", args=[task.fo_no]),
            reverse("warehouse:pda"),
            reverse("warehouse:pda_choose", args=["pick"]),
            reverse("warehouse:pda_choose", args=["pack"]),
            reverse("warehouse:handover", args=["WH-SH"]),
        ):
            assert client.get(url).status_code == 200, url

    def test_a_number_finds_its_order_on_the_floor(self, client, lead):
        task = in_wave()
        for number in (task.fo_no, task.order_no, task.fo_no.lower()):
            answer = client.get(reverse("warehouse:floor"), {"q": number})
            assert answer["Location"] == reverse("warehouse:task", args=[task.fo_no])
        assert client.get(reverse("warehouse:floor"), {"q": "NOBODY"}).status_code == 404

    def test_no_page_of_the_floor_shows_the_recipient(self, client, lead):
        task = in_wave()
        for user in (lead, make_picker()):
            client.force_login(user)
            for url in (reverse("warehouse:task", args=[task.fo_no]), reverse("warehouse:pda_choose", args=["pick"])):
                page = client.get(url).content.decode()
                assert "王小明" not in page
                assert "13812345678" not in page

    def test_the_list_costs_the_same_however_many_waves_there_are(self, client, lead, django_assert_num_queries):
        in_wave()
        client.get(reverse("warehouse:waves"))
        with CaptureQueriesContext(connection) as one:
            client.get(reverse("warehouse:waves"))
        for _ in range(4):
            in_wave()
        with django_assert_num_queries(len(one)):
            client.get(reverse("warehouse:waves"))


def test_a_scan_of_the_pick_list_opens_its_task(client):
    task = in_wave()
    client.force_login(make_picker())
    answer = client.post(reverse("warehouse:pda_open", args=["pick"]), {"code": task.fo_no})
    assert answer["HX-Redirect"] == reverse("warehouse:pda_task", args=[task.uid])
    client.force_login(make_picker())
    answer = client.post(reverse("warehouse:pda_open", args=["pick"]), {"code": task.fo_no})
    assert answer.status_code == 422
    assert "Somebody" in answer.content.decode() or "Being picked" in answer.content.decode()


def test_taking_somebody_elses_task_is_refused():
    task = in_wave()
    api.claim_pick(task_uid=str(task.uid), actor=make_picker())
    with pytest.raises(api.TaskTaken):
        api.claim_pick(task_uid=str(task.uid), actor=make_picker())
