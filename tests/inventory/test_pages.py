import pytest
from django.test import Client

from inventory.api import audit_stock, commit_reservation, get_stock, reserve
from inventory.models import Movement, StockLevel, Warehouse
from tests.factories.accounts import make_user
from tests.inventory.folding import fold_all

pytestmark = pytest.mark.django_db


def sign_in(client: Client, role: str) -> None:
    client.force_login(make_user(role, warehouses=Warehouse.objects.all()))


def test_the_stock_list_shows_and_filters(shelf: str, client: Client) -> None:
    sign_in(client, "picker")
    page = client.get("/stock/").content.decode()
    assert all(f"/stock/{sku}/" in page for sku in "ABC")
    assert "/stock/B/" not in client.get("/stock/?q=A").content.decode()
    assert "/stock/A/" not in client.get("/stock/?short=true").content.decode()
    StockLevel.objects.filter(sku__code="A").update(on_hand_qty=0)
    short = client.get("/stock/?short=true").content.decode()
    assert "/stock/A/" in short
    assert "/stock/B/" not in short


def test_nobody_sees_stock_without_permission_or_outside_the_own_warehouses(shelf: str, client: Client) -> None:
    client.force_login(make_user())
    assert client.get("/stock/").status_code == 403
    client.force_login(make_user("picker"))
    assert "/stock/A/" not in client.get("/stock/").content.decode()


def test_the_sku_page_tells_who_holds_what_and_what_moved(shelf: str, client: Client) -> None:
    sign_in(client, "picker")
    reserve(reservation_id="web-1", lines=[("A", 3)], warehouse_code=shelf, owner_ref="O2611220000017")
    reserve(reservation_id="web-2", lines=[("A", 2)], warehouse_code=shelf)
    commit_reservation(reservation_id="web-2")
    fold_all()
    page = client.get("/stock/A/").content.decode()
    assert all(word in page for word in ("web-1", "web-2", "O2611220000017", "until it ships"))
    assert page.count("<tr") >= 6
    assert client.get("/stock/NOPE/").status_code == 404


def test_a_count_is_booked_with_its_reason(shelf: str, client: Client) -> None:
    sign_in(client, "warehouse_lead")
    assert client.get("/stock/A/adjust/").status_code == 200
    assert client.post("/stock/A/adjust/", {"warehouse": shelf, "qty": "7"}).status_code == 422
    answer = client.post("/stock/A/adjust/", {"warehouse": shelf, "qty": "7", "reason": "three are broken"})
    assert answer.status_code == 302
    assert get_stock(["A"], shelf)[0].on_hand == 7
    entry = Movement.objects.filter(sku__code="A").latest("id")
    assert (entry.on_hand_delta, entry.reason) == (-3, "three are broken")


def test_a_picker_may_not_book_a_count(shelf: str, client: Client) -> None:
    sign_in(client, "picker")
    answer = client.post("/stock/A/adjust/", {"warehouse": shelf, "qty": "7", "reason": "mine now"})
    assert answer.status_code == 403
    assert get_stock(["A"], shelf)[0].on_hand == 10


def test_the_audit_page_shows_every_invariant_and_the_first_broken_entry(shelf: str, client: Client) -> None:
    sign_in(client, "admin")
    assert client.get("/stock-audit/").status_code == 200
    assert client.post("/stock-audit/").status_code == 302
    assert "tag-bad" not in client.get("/stock-audit/").content.decode()
    StockLevel.objects.filter(sku__code="B").update(reserved_qty=4)
    audit_stock()
    page = client.get("/stock-audit/").content.decode()
    assert "tag-bad" in page
    assert "B@WH-1: level 4, ledger 0" in page


def test_pages_ask_the_same_number_of_queries_however_many_rows(
    shelf: str, client: Client, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    sign_in(client, "warehouse_lead")
    for number in range(10):
        reserve(reservation_id=f"r{number}", lines=[("A", 1)], warehouse_code=shelf)
    fold_all()
    with django_assert_max_num_queries(25):
        client.get("/stock/A/")
    with django_assert_max_num_queries(20):
        client.get("/stock/")
