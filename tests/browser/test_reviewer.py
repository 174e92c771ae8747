"""A reviewer's morning in Chromium: sees why orders wait, clears a hold, approves in bulk, is refused what is not hers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from oms.orders.contracts import IncomingReceiver
from oms.orders.models import Order
from tests.browser.looking import accessibility_violations, overflow, policy_violations
from tests.factories.accounts import make_user
from tests.factories.orders import incoming, make_shop, receive, settle_events, stocked

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]
TEMPORARY = IncomingReceiver(
    name="王芳", phone="13812345678", province="浙江省", city="杭州市", address="临时板房 3 号"
)


@pytest.fixture
def shop():
    made = make_shop()
    stocked()
    return made


def looks_right(page: Page) -> None:
    assert not policy_violations(page)
    assert not overflow(page)
    assert not accessibility_violations(page)


def test_a_reviewer_finds_a_held_order_reads_why_and_releases_it_in_three_actions(open_as: Open, keep_picture, shop):
    order = receive(shop, incoming(receiver=TEMPORARY))
    page = open_as("reviewer", "/review/", shops=[shop])
    expect(page.get_by_text("Address contains 临时")).to_be_visible()
    keep_picture(page, "review-queue")
    looks_right(page)
    page.get_by_role("link", name=order.order_no).click()
    expect(page.locator("#why")).to_contain_text("Address contains 临时")
    assert "王芳" not in page.content()
    assert "13812345678" not in page.content()
    keep_picture(page, "order-held")
    page.get_by_role("button", name="Release hold").click()
    page.get_by_label("Reason").fill("买家已确认地址")
    page.locator("#confirm-yes").click()
    expect(page.get_by_text("Released to the warehouse").first).to_be_visible()
    order.refresh_from_db()
    assert (order.state, order.is_held) == ("allocated", False)
    keep_picture(page, "order-released")
    looks_right(page)


def test_a_supervisor_approves_everything_that_matches_and_reads_a_result_for_each(open_as: Open, keep_picture, shop):
    for _ in range(3):
        receive(shop, incoming(lines=[("TEE-L", 1, "900.00")]))
    held = receive(shop, incoming(receiver=TEMPORARY, lines=[("TEE-L", 1, "900.00")]))
    page = open_as(make_user("supervisor", shops=[shop], locale="en"), "/review/")
    page.locator("thead input[type=checkbox]").first.check()
    page.get_by_role("button", name="Approve").click()
    page.wait_for_url("**/bulk/**")
    settle_events()
    page.reload()
    expect(page.get_by_text("ST-4095")).to_be_visible()
    keep_picture(page, "bulk-run")
    looks_right(page)
    assert Order.objects.filter(state="allocated").count() == 3
    held.refresh_from_db()
    assert held.state == "in_review"


def test_a_reviewer_has_no_button_for_what_only_a_supervisor_may_do(open_as: Open, shop):
    order = receive(shop, incoming(lines=[("TEE-L", 1, "900.00")]))
    page = open_as("reviewer", f"/orders/{order.order_no}/", shops=[shop])
    expect(page.locator("#why")).to_contain_text("A supervisor must approve this order.")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


def test_an_order_is_found_in_two_actions_by_the_buyers_phone(open_as: Open, shop):
    order = receive(shop, incoming("FIND-ME"))
    receive(shop, incoming(receiver=IncomingReceiver(name="李", phone="13900000000", address="x")))
    page = open_as("admin", "/orders/")
    page.get_by_label("Number or phone").fill("13812345678")
    expect(page.locator("table tbody tr")).to_have_count(1)
    expect(page.get_by_role("link", name=order.order_no)).to_be_visible()


def test_the_way_back_keeps_the_filters_of_the_list_also_after_an_act(open_as: Open, shop):
    order = receive(shop)
    page = open_as("reviewer", "/orders/?state=allocated", shops=[shop])
    page.get_by_role("link", name=order.order_no).click()
    page.get_by_role("button", name="Hold").click()
    page.get_by_label("Reason").fill("买家要求")
    page.locator("#confirm-yes").click()
    expect(page.get_by_role("button", name="Release hold")).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("Held.")
    expect(page.locator(".crumbs a")).to_have_attribute("href", "/orders/?state=allocated")
    page.go_back()
    page.wait_for_url("**/orders/?state=allocated")
    page.goto(f"/orders/{order.order_no}/")
    page.locator(".crumbs a").click()
    page.wait_for_url("**/orders/?state=allocated")


def test_an_order_opened_from_the_review_queue_leads_back_to_it(open_as: Open, shop):
    order = receive(shop, incoming(receiver=TEMPORARY))
    page = open_as("reviewer", "/review/", shops=[shop])
    page.get_by_role("link", name=order.order_no).click()
    expect(page.locator(".crumbs a")).to_have_text("Review")
    page.locator(".crumbs a").click()
    page.wait_for_url("**/review/")


def test_a_finished_bulk_run_offers_its_refused_rows_again_without_a_reload(open_as: Open, shop):
    receive(shop, incoming(receiver=TEMPORARY, lines=[("TEE-L", 1, "900.00")]))
    page = open_as("supervisor", "/review/", shops=[shop])
    page.locator("thead input[type=checkbox]").first.check()
    page.get_by_role("button", name="Approve").click()
    page.wait_for_url("**/bulk/**")
    retry = page.get_by_role("button", name="Try the refused and failed rows again")
    expect(retry).to_have_count(0)
    settle_events()
    expect(retry).to_be_visible()
    expect(page.locator(".crumbs a")).to_have_text("Review")
