"""A picker with a scanner that types: picks, packs and ships an order, and is stopped when something is wrong."""

import pytest
from playwright.sync_api import Page, expect

from oms.orders import api as orders
from tests.browser.looking import accessibility_violations, overflow, policy_violations
from tests.factories.accounts import make_user
from tests.factories.warehouse import barcode, in_wave, make_picker
from warehouse.models import PickTask, Scan

pytestmark = pytest.mark.django_db(transaction=True)
PDA = {"width": 390, "height": 844}


def scanner(page: Page, code: str) -> None:
    """What a wedge scanner does: keys a few milliseconds apart wherever the focus is, then Enter."""
    for key in code:
        page.keyboard.press(key)
    page.keyboard.press("Enter")


def screen(page: Page, name: str) -> None:
    expect(page.locator(f"#task[data-screen={name}]")).to_be_visible()


def looks_right(page: Page) -> None:
    assert not policy_violations(page)
    assert not overflow(page)
    assert not accessibility_violations(page)
    page.reload()  # axe leaves empty style attributes behind, which the policy would refuse at the next swap


def test_a_scanner_that_types_picks_packs_and_ships_an_order(open_as, keep_picture):
    task = in_wave(("TEE-L", 2), ("CUP-RED", 1))
    page = open_as(make_picker(), "/pda/", **PDA)
    keep_picture(page, "pda-home")
    page.get_by_role("link", name="Pick").click()
    page.wait_for_url("**/pda/pick/")
    scanner(page, task.fo_no)
    screen(page, "location")
    keep_picture(page, "pda-location")
    looks_right(page)

    scanner(page, "A-01-01")
    screen(page, "item")
    scanner(page, barcode("CUP-RED"))
    screen(page, "location")
    scanner(page, "A-02-03")
    screen(page, "item")
    keep_picture(page, "pda-item")
    scanner(page, barcode("TEE-L"))
    screen(page, "quantity")
    keep_picture(page, "pda-quantity")
    looks_right(page)
    page.get_by_label("Quantity").fill("2")
    page.keyboard.press("Enter")
    screen(page, "done")
    keep_picture(page, "pda-picked")

    page.goto("/pda/pack/")
    page.get_by_role("button", name=task.fo_no).click()
    screen(page, "item")
    keep_picture(page, "pda-check")
    for sku in ("TEE-L", "CUP-RED", "TEE-L"):
        scanner(page, barcode(sku))
    screen(page, "waybill")
    keep_picture(page, "pda-waybill")
    scanner(page, "123456789012")
    screen(page, "carrier")
    keep_picture(page, "pda-carrier")
    looks_right(page)
    page.get_by_role("button", name="ZTO Express").click()
    screen(page, "done")

    page.goto("/pda/ship/WH-SH/")
    scanner(page, "123456789012")
    expect(page.locator("#task")).to_contain_text(task.order_no)
    keep_picture(page, "pda-shipped")
    looks_right(page)
    view = orders.get_fulfilment(task.fo_no)
    assert (view.state, view.carrier_code, view.tracking_no) == ("shipped", "ZTO", "123456789012")
    assert not Scan.objects.filter(is_right=False).exists()


def test_a_wrong_scan_blocks_in_red_with_both_codes_side_by_side(open_as, watch, keep_picture):
    watch.expect("422")
    task, page = begin(open_as)
    scanner(page, "B-07-01")
    expect(page.locator(".scan-line")).to_have_class("scan-line is-bad")
    wrong = page.locator(".pda-wrong")
    expect(wrong).to_contain_text("A-02-03")
    expect(wrong).to_contain_text("B-07-01")
    keep_picture(page, "pda-wrong")
    looks_right(page)
    screen(page, "location")
    scanner(page, "A-02-03")
    screen(page, "item")
    expect(wrong).to_have_count(0)
    assert Scan.objects.filter(task=task, is_right=False).count() == 1


def test_a_wrong_scan_where_nothing_certain_is_expected_names_what_to_do_and_keeps_codes_whole(
    open_as, watch, keep_picture
):
    watch.expect("422")
    task = in_wave(("TEE-L", 1))
    page = open_as(make_picker(), "/pda/", **PDA)
    page.goto("/pda/pick/")
    scanner(page, task.fo_no)
    screen(page, "location")
    scanner(page, "A-02-03")
    screen(page, "item")
    scanner(page, "6901234567892")
    scanned = page.locator(".pda-wrong dd", has_text="6901234567892")
    expect(scanned).to_be_visible()
    assert scanned.bounding_box()["height"] < 50, "on one line"
    keep_picture(page, "pda-wrong-barcode")
    scanner(page, barcode("TEE-L"))
    screen(page, "done")
    page.goto("/pda/pack/")
    page.get_by_role("button", name=task.fo_no).click()
    screen(page, "item")
    expect(page.locator(".pda-name")).to_contain_text(task.lines.get().sku_name)
    keep_picture(page, "pda-check-name")
    scanner(page, barcode("TEE-L"))
    screen(page, "waybill")
    scanner(page, barcode("TEE-L"))
    wrong = page.locator(".pda-wrong")
    expect(wrong).to_contain_text("This is not a waybill.")
    expect(wrong).not_to_contain_text("Expected")
    expect(page.locator("#task")).to_contain_text("Stick the waybill on and scan it")
    keep_picture(page, "pda-wrong-waybill")
    looks_right(page)


def test_enter_presses_no_button_and_focus_cannot_be_lost(open_as):
    _task, page = begin(open_as)
    page.get_by_text("Cannot do it now").click()
    page.get_by_role("button", name="Skip, come back later").focus()
    scanner(page, "A-02-03")
    screen(page, "item")
    assert not Scan.objects.filter(action="skip").exists()


def test_a_hold_reaches_the_floor_at_the_next_scan(open_as, watch, keep_picture):
    watch.expect("422")
    task, page = begin(open_as)
    orders.hold_order(order_no=task.order_no, actor=make_user("supervisor"), reason="buyer called")
    scanner(page, "A-02-03")
    screen(page, "stopped")
    expect(page.locator("#task")).to_contain_text("Held by hand")
    keep_picture(page, "pda-stopped")
    looks_right(page)
    assert not PickTask.objects.get().lines.filter(picked_qty__gt=0).exists()


def test_a_short_pick_takes_two_presses_and_holds_the_order(open_as, keep_picture):
    task, page = begin(open_as)
    scanner(page, "A-02-03")
    screen(page, "item")
    page.get_by_text("Cannot do it now").click()
    keep_picture(page, "pda-short")
    looks_right(page)
    page.get_by_text("Cannot do it now").click()
    page.get_by_role("button", name="Not at the location").click()
    screen(page, "stopped")
    assert orders.get_fulfilment(task.fo_no).is_held


def test_a_lost_connection_sends_the_same_scan_again_and_it_counts_once(open_as, watch):
    watch.expect("ERR_FAILED", "htmx:afterRequest", "htmx:sendError")
    task, page = begin(open_as)
    scanner(page, "A-02-03")
    screen(page, "item")
    # the server hears the scan, the answer is lost on the way back
    lost = []

    def lose_first(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    page.route("**/pda/scan/**", lose_first)
    scanner(page, barcode("TEE-L"))
    screen(page, "quantity")
    assert task.lines.get().picked_qty == 1


def begin(open_as) -> tuple[PickTask, Page]:
    task = in_wave(("TEE-L", 2))
    page = open_as(make_picker(), "/pda/pick/", **PDA)
    page.get_by_role("button", name=task.fo_no).click()
    screen(page, "location")
    return task, page
