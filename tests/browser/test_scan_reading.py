"""What the PDA takes for a scan: keys typed anywhere, in whatever way scanners are configured."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.factories.warehouse import in_wave, make_picker

pytestmark = pytest.mark.django_db(transaction=True)
LISTEN = 'window.scans = []; document.addEventListener("scan", (event) => window.scans.push(event.detail.code));'
PDA = {"width": 390, "height": 844}


@pytest.fixture
def pda(open_as: Callable[..., Page]) -> Page:
    in_wave(("TEE-L", 1))
    page = open_as(make_picker(), "/pda/pick/", **PDA)
    page.evaluate(LISTEN)
    page.route("**/scan/**", lambda route: route.fulfill(status=204))
    return page


def scans(page: Page) -> list[str]:
    return page.evaluate("window.scans")


def type_keys(page: Page, text: str, end: str = "Enter") -> None:
    for key in text:
        page.keyboard.press(key)
    for key in end.split():
        page.keyboard.press(key)


@pytest.mark.parametrize("end", ["Enter", "Tab", "Enter Control+j", "Control+m Control+j", "NumpadEnter"])
def test_enter_tab_and_cr_lf_end_a_scan_once(pda: Page, end: str):
    type_keys(pda, "A-01-01", end)
    assert scans(pda) == ["A-01-01"]


def test_full_width_characters_become_plain_ones(pda: Page):
    pda.evaluate(
        """(text) => { for (const key of [...text, "Enter"])
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })); }""",
        "\uff21\uff0d\uff10\uff11\uff0d\uff10\uff11",
    )
    assert scans(pda) == ["A-01-01"]


def test_what_an_input_method_composed_is_part_of_the_scan(pda: Page):
    pda.evaluate(
        """(text) => document.body.dispatchEvent(new CompositionEvent("compositionend", { data: text, bubbles: true }))""",
        "\uff33\uff26\uff11",
    )
    type_keys(pda, "23")
    assert scans(pda) == ["SF123"]


def test_a_configured_prefix_and_suffix_and_the_symbologys_mark_are_taken_off(pda: Page):
    pda.evaluate("Object.assign(document.body.dataset, { scanPrefix: '~', scanSuffix: '#' })")
    type_keys(pda, "~690123#")
    type_keys(pda, "]C1690456")
    assert scans(pda) == ["690123", "690456"]


def test_a_pasted_scan_counts_too(pda: Page):
    pda.evaluate(
        """() => { const clipboardData = new DataTransfer(); clipboardData.setData("text", "690123\\r\\n");
        document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })); }"""
    )
    assert scans(pda) == ["690123"]


def test_enter_presses_no_button_even_with_the_focus_on_it(pda: Page):
    pda.evaluate(
        """() => { window.pressed = 0; const button = document.querySelector("#task button, #task a");
        button.addEventListener("click", () => { window.pressed += 1; }); button.focus(); }"""
    )
    type_keys(pda, "A-01-01")
    pda.keyboard.press("Enter")
    assert pda.evaluate("window.pressed") == 0
    assert scans(pda) == ["A-01-01"]


def test_a_scan_is_heard_wherever_the_focus_was_left(pda: Page):
    pda.mouse.click(200, 500)
    type_keys(pda, "690123")
    pda.evaluate("document.activeElement.blur()")
    type_keys(pda, "690456")
    assert scans(pda) == ["690123", "690456"]


def test_a_code_can_be_typed_when_its_label_is_torn(pda: Page):
    pda.locator(".pda-typed summary").click()
    pda.locator("#typed").fill("A-01-01")
    pda.keyboard.press("Enter")
    assert scans(pda) == ["A-01-01"]
    type_keys(pda, "690123")
    assert scans(pda) == ["A-01-01", "690123"]


def test_something_is_said_within_a_tenth_of_a_second(pda: Page):
    pda.evaluate(
        """() => { const line = document.getElementById("scan-line"); const before = line.className;
        window.lag = null;
        document.addEventListener("keydown", (event) => {
          if (event.key !== "Enter") return;
          const from = performance.now();
          requestAnimationFrame(() => { window.lag = line.className === before ? 1e6 : performance.now() - from; });
        }, true); }"""
    )
    type_keys(pda, "NO-SUCH-CODE")
    pda.wait_for_function("window.lag !== null")
    assert pda.evaluate("window.lag") < 100


def test_text_is_large_and_targets_are_wide_enough_for_a_gloved_thumb(pda: Page):
    small = pda.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((element) => {
          const box = element.getBoundingClientRect();
          if (!box.width || element.closest(".visually-hidden, template, dialog, svg")) return false;
          const isTarget = element.matches("a, button, summary, input:not([type=hidden])");
          const ownText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
          return (isTarget && Math.min(box.width, box.height) < 48)
            || (ownText && parseFloat(getComputedStyle(element).fontSize) < 24);
        }).map((element) => element.outerHTML.slice(0, 120))"""
    )
    assert small == []
