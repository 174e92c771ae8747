"""What finance sees and does on its pages, and what it never sees."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import AuditEntry
from kernel import clock
from oms.orders.models import Order, Shop
from reconciliation.models import Difference, PaymentAccount, Statement
from tests.factories.accounts import make_user
from tests.factories.orders import incoming, make_shop, receive, stocked
from tests.factories.reconciliation import bring, make_account, statement_file

pytestmark = pytest.mark.django_db
PAGES = ("/statements/", "/differences/", "/four-way/")


@pytest.fixture
def shop() -> Shop:
    shop = make_shop()
    stocked()
    return shop


@pytest.fixture
def account(shop: Shop) -> PaymentAccount:
    return make_account(shop)


@pytest.fixture
def finance(client: Client) -> Client:
    client.force_login(make_user("finance"))
    return client


def upload(client: Client, body: bytes, account: str = "acc") -> HttpResponse:
    file = SimpleUploadedFile("bill.csv", body, "text/csv")
    return client.post("/statements/upload/", {"account": account, "format": "", "file": file}, follow=True)


def text(response: HttpResponse) -> str:
    return response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_only_finance_and_admin_see_the_money_pages(client: Client, path: str) -> None:
    for role, status in (
        ("finance", 200),
        ("admin", 200),
        ("reviewer", 403),
        ("picker", 403),
        ("operations_lead", 403),
    ):
        client.force_login(make_user(role))
        assert client.get(path).status_code == status, role


def test_an_uploaded_statement_leads_to_its_page_with_totals_and_lines(
    finance: Client, shop: Shop, account: PaymentAccount
) -> None:
    receive(shop, incoming("1001"))
    page = text(upload(finance, statement_file([("1001", "payment", "59.00")])))
    assert "They add up" in page
    assert "1001" in page
    assert Statement.objects.get().imported_by.display_name in page


def test_a_file_that_was_imported_before_says_so_and_counts_nothing_twice(
    finance: Client, account: PaymentAccount
) -> None:
    body = statement_file([("1001", "payment", "59.00")])
    upload(finance, body)
    assert "This file was imported before" in text(upload(finance, body))
    assert Statement.objects.count() == 1


def test_a_rejected_file_is_uploaded_not_imported_and_a_second_try_says_that_it_is_one(
    finance: Client, account: PaymentAccount
) -> None:
    body = statement_file([("1001", "payment", "59.00")], total="60.00")
    first = text(upload(finance, body))
    assert "<dt>Uploaded</dt>" in first
    assert "was rejected before" not in first
    assert "This file was rejected before" in text(upload(finance, body))


def test_a_footer_that_does_not_add_up_is_shown_with_both_sums(finance: Client, account: PaymentAccount) -> None:
    page = text(upload(finance, statement_file([("1001", "payment", "59.00")], total="60.00")))
    assert "its totals are not those of its rows" in page
    assert "60.00" in page
    assert "59.00" in page


def test_a_row_that_cannot_be_read_is_shown_with_its_line_and_cell(finance: Client, account: PaymentAccount) -> None:
    page = text(upload(finance, statement_file([("1001", "payment", "59.00")]).replace(b"59.00,CNY", b"many,CNY")))
    assert "some of its rows cannot be read" in page
    assert "<code>many</code>" in page


def test_a_file_that_is_no_statement_is_refused_beside_the_field(finance: Client, account: PaymentAccount) -> None:
    response = upload(finance, b"name,age\nA,1\n")
    assert response.status_code == 422
    assert "not the header of a known statement" in text(response)


def test_the_upload_page_offers_the_accounts_in_reach(finance: Client, account: PaymentAccount) -> None:
    page = text(finance.get("/statements/upload/"))
    assert account.name in page
    assert "WeChat Pay trade bill" in page


def test_differences_are_filtered_by_class_shop_and_state(finance: Client, shop: Shop, account: PaymentAccount) -> None:
    receive(shop, incoming("1001"))
    bring(account, [("1001", "payment", "58.00"), ("404", "payment", "7.00")])
    assert "1001" in text(finance.get("/differences/?kind=amount&state=open"))
    assert ">404<" not in text(finance.get("/differences/?kind=amount&state=open"))
    assert ">404<" in text(finance.get(f"/differences/?kind=order_missing&shop={shop.code}"))
    assert ">404<" not in text(finance.get("/differences/?state=resolved"))


def test_the_list_and_its_sum_are_of_open_differences_unless_all_are_asked_for(
    finance: Client, account: PaymentAccount
) -> None:
    bring(account, [("404", "payment", "7.00"), ("405", "payment", "5.00")])
    Difference.objects.filter(order_ref="405").update(state="resolved")
    page, every = text(finance.get("/differences/")), text(finance.get("/differences/?state=all"))
    assert ">405<" not in page
    assert "Net difference · Chinese Yuan" in page
    assert "¥7.00" in page
    assert ">405<" in every
    assert "¥12.00" in every


def test_evidence_tells_moments_in_the_readers_zone(client: Client, shop: Shop, account: PaymentAccount) -> None:
    client.force_login(make_user("finance", zone="Asia/Shanghai"))
    bring(account, [("404", "payment", "7.00")])
    part = {"cause": "not_in_statement", "amount": "7.00", "evidence": {"paid_at": "2025-11-19 21:21:57+00:00"}}
    Difference.objects.update(parts=[part])
    page = text(client.get(f"/differences/{Difference.objects.get().uid}/"))
    assert "2025-11-20 05:21" in page
    assert "21:21:57+00:00</span>" not in page


def test_a_difference_shows_its_chain_and_is_closed_with_a_reason(
    finance: Client, shop: Shop, account: PaymentAccount
) -> None:
    order = receive(shop, incoming("1001"))
    bring(account, [("1001", "payment", "58.00")])
    url = f"/differences/{Difference.objects.get().uid}/"
    page = text(finance.get(url))
    assert all(part in page for part in (order.order_no, "PAY-1001", "statement.csv", "Unexplained"))
    assert finance.post(url, {"decision": "resolved", "reason": " "}).status_code == 422
    done = text(finance.post(url, {"decision": "resolved", "reason": "Platform paid 1.00 later"}, follow=True))
    assert "Platform paid 1.00 later" in done
    entry = AuditEntry.objects.get(action="difference.close")
    assert (entry.reason, entry.after["state"]) == ("Platform paid 1.00 later", "resolved")


def test_a_difference_is_closed_once(finance: Client, shop: Shop, account: PaymentAccount) -> None:
    bring(account, [("404", "payment", "58.00")])
    url = f"/differences/{Difference.objects.get().uid}/"
    finance.post(url, {"decision": "resolved", "reason": "first"})
    again = text(finance.post(url, {"decision": "accepted", "reason": "second"}, follow=True))
    assert "Somebody closed this difference already" in again
    assert Difference.objects.get().note == "first"


def test_finance_sees_no_recipient_on_any_money_page(finance: Client, shop: Shop, account: PaymentAccount) -> None:
    receive(shop, incoming("1001"))
    bring(account, [("1001", "payment", "58.00")])
    pages = [*PAGES, f"/differences/{Difference.objects.get().uid}/", f"/statements/{Statement.objects.get().uid}/"]
    for page in pages:
        shown = text(finance.get(page))
        assert not any(word in shown for word in ("王小明", "13812345678", "文一西路", "小**")), page


def test_a_person_of_one_shop_sees_that_shop_s_differences_only(
    client: Client, shop: Shop, account: PaymentAccount
) -> None:
    other = make_shop("shop-b")
    bring(account, [("404", "payment", "1.00")])
    bring(make_account(other, code="other"), [("505", "payment", "2.00")])
    user = make_user("", shops=[shop])
    user.user_permissions.add(*Permission.objects.filter(codename__in=("view_difference", "view_statement")))
    client.force_login(user)
    page = text(client.get("/differences/"))
    assert ">404<" in page
    assert ">505<" not in page
    hidden = Difference.objects.get(order_ref="505")
    assert client.get(f"/differences/{hidden.uid}/").status_code == 404
    assert client.get(f"/statements/{hidden.statement.uid}/").status_code == 404


def test_the_workbook_holds_amounts_as_numbers_and_no_formulas(finance: Client, account: PaymentAccount) -> None:
    bring(account, [("=1+1", "payment", "58.00")])
    sheet = load_workbook(BytesIO(finance.get("/differences/export/").content)).active
    header, row = [[cell.value for cell in line] for line in sheet.iter_rows()]
    cells = dict(zip(header, row, strict=True))
    assert cells["Platform order number"] == "=1+1"
    assert sheet.cell(2, header.index("Platform order number") + 1).data_type == "s"
    assert cells["Difference"] == 58
    assert AuditEntry.objects.filter(action="differences.exported").exists()


def test_the_four_way_list_shows_what_is_missing(finance: Client, shop: Shop, account: PaymentAccount) -> None:
    receive(shop, incoming("1001"))
    receive(shop, incoming("1002"))
    bring(account, [("1001", "payment", "59.00")])
    Order.objects.update(received_at=clock.now() - timedelta(days=5))
    missing = text(finance.get("/four-way/?missing=statement"))
    assert "1002" in missing
    assert "1001" not in missing
    assert "PAY-1001" in text(finance.get("/four-way/?missing=shipment"))
    assert "1001" not in text(finance.get("/four-way/?missing=payment"))


def test_an_order_that_still_has_time_is_not_missing_anything(finance: Client, shop: Shop) -> None:
    receive(shop, incoming("1001"))
    assert "1001" not in text(finance.get("/four-way/?missing=shipment"))
    assert "Not due yet" in text(finance.get("/four-way/"))


@pytest.mark.parametrize("path", PAGES)
def test_pages_need_the_same_number_of_queries_however_many_rows_they_show(
    finance: Client, shop: Shop, account: PaymentAccount, path: str
) -> None:
    def queries(first: int, last: int) -> int:
        for number in range(first, last):
            receive(shop, incoming(f"Q{number}"), settle=False)
        bring(account, [(f"Q{number}", "payment", "58.00") for number in range(first, last)], no=f"S{first}")
        finance.get(path)
        with CaptureQueriesContext(connection) as captured:
            finance.get(path)
        return len(captured)

    few = queries(0, 2)
    assert queries(2, 12) <= few
