"""An accountant's morning in Chromium: brings statements, reads what does not agree and why, closes it with a reason."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from kernel.work import drain
from oms.orders.models import Shop
from reconciliation.models import Difference, PaymentAccount
from tests.browser.looking import accessibility_violations, overflow, policy_violations
from tests.factories.orders import incoming, make_shop, receive, stocked
from tests.factories.reconciliation import bring, make_account, statement_file

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]


@pytest.fixture
def shop() -> Shop:
    made = make_shop()
    stocked()
    return made


@pytest.fixture
def account(shop: Shop) -> PaymentAccount:
    return make_account(shop)


def looks_right(page: Page) -> None:
    assert not policy_violations(page)
    assert not overflow(page)
    assert not accessibility_violations(page)


def upload(page: Page, folder: Path, body: bytes) -> None:
    file = folder / "settlement.csv"
    file.write_bytes(body)
    page.goto("/statements/")
    page.get_by_role("link", name="Import a statement").click()
    page.get_by_label("Statement file").set_input_files(file)
    page.get_by_role("button", name="Import").click()


def test_an_accountant_imports_a_statement_reads_the_difference_and_closes_it(
    open_as: Open, keep_picture, shop: Shop, account: PaymentAccount, tmp_path: Path
):
    order = receive(shop, incoming("1001"))
    receive(shop, incoming("1002"))
    page = open_as("finance", "/")
    upload(page, tmp_path, statement_file([("1001", "payment", "58.00"), ("1002", "payment", "59.00")]))
    expect(page.get_by_text("They add up")).to_be_visible()
    drain("reconciliation.matchchunk")
    page.reload()
    expect(page.get_by_text("By platform order number").first).to_be_visible()
    keep_picture(page, "statement")
    looks_right(page)
    page.get_by_role("link", name="Amount differs").click()
    page.get_by_role("link", name="Amount differs").click()
    expect(page.get_by_text("The statement pays CN¥58.00 for an order of CN¥59.00.")).to_be_visible()
    expect(page.get_by_text(order.order_no).first).to_be_visible()
    assert "王小明" not in page.content()
    keep_picture(page, "difference")
    looks_right(page)
    page.locator("#id_reason").fill("Platform pays the rest on the 25th")
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("Platform pays the rest on the 25th")).to_be_visible()
    assert Difference.objects.get().state == "resolved"
    looks_right(page)


def test_a_file_that_does_not_add_up_is_shown_with_both_sums_and_the_same_file_again_counts_nothing_twice(
    open_as: Open, keep_picture, account: PaymentAccount, tmp_path: Path
):
    page = open_as("finance", "/statements/")
    expect(page.get_by_text("No statement has been imported yet.")).to_be_visible()
    looks_right(page)
    upload(page, tmp_path, statement_file([("1001", "payment", "59.00")], total="60.00"))
    expect(page.get_by_text("its totals are not those of its rows")).to_be_visible()
    keep_picture(page, "statement-rejected")
    looks_right(page)
    good = statement_file([("1001", "payment", "59.00")])
    upload(page, tmp_path, good)
    upload(page, tmp_path, good)
    expect(page.get_by_text("This file was imported before")).to_be_visible()


def test_a_file_that_is_no_statement_is_refused_beside_its_field(
    open_as: Open, watch, account: PaymentAccount, tmp_path: Path
):
    watch.expect("422")
    page = open_as("finance", "/statements/")
    upload(page, tmp_path, b"name,age\nWang,41\n")
    expect(page.get_by_text("not the header of a known statement")).to_be_visible()
    looks_right(page)


def test_differences_are_filtered_and_taken_home_as_a_workbook(open_as: Open, shop: Shop, account: PaymentAccount):
    receive(shop, incoming("1001"))
    bring(account, [("1001", "payment", "58.00"), ("404", "payment", "7.00")])
    page = open_as("finance", "/")
    page.get_by_role("link", name="Open differences").first.click()
    page.get_by_label("Class").select_option("order_missing")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "kind=order_missing" in page.url
    expect(page.locator("#difference-sums")).to_contain_text("CN¥7.00")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export workbook").click()
    book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    assert [row[2] for row in book.active.iter_rows(values_only=True)][1:] == ["404"]


def test_the_four_way_list_says_what_is_missing(open_as: Open, keep_picture, shop: Shop):
    receive(shop, incoming("1001"))
    page = open_as("finance", "/four-way/")
    expect(page.get_by_text("PAY-1001")).to_be_visible()
    expect(page.get_by_text("Not due yet").first).to_be_visible()
    keep_picture(page, "four-way")
    looks_right(page)
