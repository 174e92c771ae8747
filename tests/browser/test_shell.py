"""The frame and the lists as a person meets them: keyboard, language, theme, filters, ticking, asking first."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import policy_violations
from tests.factories import orders
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]


@pytest.fixture
def reviewer_page(open_as: Open) -> Page:
    shop = orders.make_shop()
    orders.stocked()
    for _ in range(4):
        orders.receive(shop)
    return open_as("reviewer", "/orders/", shops=[shop])


def test_the_first_tab_leads_past_the_menu(open_as: Open):
    page = open_as("admin", "/people/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_language_and_theme_are_switched_on_the_spot_and_kept(open_as: Open):
    page = open_as("admin", "/people/?role=picker")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    assert page.url.endswith("/people/?role=picker")
    page.get_by_role("button", name="深色主题").click()
    page.goto("/audit/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")


def test_like_the_device_follows_the_device(open_as: Open):
    page = open_as(make_user("admin", theme="auto"), "/people/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_menu_opens_and_closes_by_keyboard_on_a_small_screen(open_as: Open):
    page = open_as("admin", "/people/", width=390, height=844)
    opener = page.get_by_role("button", name="Open the menu")
    opener.press("Enter")
    expect(page.locator("#side a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_filter_answers_without_a_reload_and_stands_in_the_address(reviewer_page: Page):
    page = reviewer_page
    page.evaluate("window.isSamePage = true")
    page.get_by_label("State").select_option("shipped")
    expect(page.locator(".empty-why")).to_have_text("Nothing matches these filters.")
    page.wait_for_url("**/orders/?state=shipped*")
    assert page.evaluate("window.isSamePage") is True
    page.reload()
    expect(page.get_by_label("State")).to_have_value("shipped")


def test_a_search_waits_until_the_input_method_is_done(reviewer_page: Page):
    page = reviewer_page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/orders/" in request.url else None)
    page.evaluate(
        """() => { const field = document.querySelector("form[data-filters] input[type=search]");
        const say = (type) => field.dispatchEvent(new CompositionEvent(type, { bubbles: true }));
        say("compositionstart"); field.value = "wang"; field.dispatchEvent(new InputEvent("input", { bubbles: true })); }"""
    )
    page.wait_for_timeout(600)
    assert asked == []
    page.evaluate(
        """() => document.querySelector("form[data-filters] input[type=search]")
        .dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }))"""
    )
    page.wait_for_url("**/orders/?q=wang*")


def test_ticking_shows_what_can_be_done_and_moves_nothing(reviewer_page: Page):
    page = reviewer_page
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(4)
    before = rows.nth(3).bounding_box()
    rows.nth(0).get_by_role("checkbox").check()
    rows.nth(2).get_by_role("checkbox").click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("3")
    assert rows.nth(3).bounding_box() == before
    page.keyboard.press("Escape")
    expect(page.locator("[data-bulk-bar]")).to_be_hidden()


def test_a_grave_action_asks_first_and_wants_a_reason(reviewer_page: Page):
    page = reviewer_page
    page.locator("tbody tr").nth(0).get_by_role("checkbox").check()
    page.get_by_role("button", name="Hold", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert "/orders/" in page.url
    page.get_by_role("button", name="Hold", exact=True).click()
    dialog.get_by_label("Reason").fill("buyer asked for it")
    dialog.get_by_role("button", name="Hold").click()
    page.wait_for_url("**/bulk/**")
    assert not policy_violations(page)


def test_a_refused_request_says_so_in_a_toast_with_its_trace_id(reviewer_page: Page, watch):
    page = reviewer_page
    watch.expect("500")
    broken = {"status": 500, "headers": {"X-Request-Id": "trace-12345678"}}
    page.route(re.compile("state=shipped"), lambda route: route.fulfill(**broken))
    page.get_by_label("State").select_option("shipped")
    expect(page.locator("#toasts")).to_contain_text("trace-12345678")
