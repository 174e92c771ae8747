"""What a careful person looks for on a page, as functions that answer a list of complaints."""

import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.utils import translation
from playwright.sync_api import Page

NOTE_VIOLATIONS = """
window.policyViolations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.policyViolations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
# Words that are the same in Chinese: names of products and platforms, units, codes.
SAME_IN_CHINESE = frozenset(
    {"API", "CNY", "CSV", "EN", "ID", "IP", "JSON", "OMS", "PDA", "SKU", "URL", "USD", "UTC", "HTTP", "OAID"}
    | {"WooCommerce", "Shopify", "English", "PostgreSQL", "Valkey", "Redis", "Celery"}
)
LABELS = (
    "h1, h2, h3, th, dt, label, legend, button, summary, option, caption, .figure-label, .figure-note, .side a,"
    " .tabs a, .crumbs a, .empty-state p, .reason p, .form-hint, .list-count, .filters-clear, .tag"
)
LOOKING = (Path(__file__).parent / "looking.js").read_text()


class Watch:
    """Listens to pages for script errors, failed requests and policy violations."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.expected: list[str] = []

    def over(self, page: Page) -> Page:
        page.add_init_script(NOTE_VIOLATIONS)
        page.on("pageerror", lambda error: self.note(page, f"script error: {error}"))
        page.on("console", lambda message: self.note(page, message.text) if message.type == "error" else None)
        page.on(
            "response",
            lambda answer: self.note(page, f"{answer.status} {answer.url}") if answer.status >= 500 else None,
        )
        return page

    def expect(self, *parts: str) -> None:
        """A problem this test provokes on purpose, by a part of its text."""
        self.expected.extend(parts)

    def note(self, page: Page, text: str) -> None:
        if not any(part in text for part in self.expected):
            self.problems.append(f"{page.url}: {text}")


def policy_violations(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.policyViolations || []")
    return [f"content security policy: {violation}" for violation in found]


def accessibility_violations(page: Page) -> list[str]:
    """What axe finds of WCAG 2.2 A and AA and its best practices."""
    response: dict[str, Any] = Axe().run(page, options={"resultTypes": ["violations"]}).response
    return [
        f"axe {violation['id']}: {violation['help']} at {node['target']} {node.get('any', [{}])[:1]}"
        for violation in response["violations"]
        for node in violation["nodes"][:3]
    ]


def overflow(page: Page) -> list[str]:
    """Pages never scroll sideways; wide tables scroll within themselves."""
    page.evaluate(LOOKING)
    return [f"reaches beyond the right edge: {element}" for element in page.evaluate("looking.wide()")]


def english_left(page: Page, english: frozenset[str]) -> list[str]:
    """English on a Chinese page: any known message id, and any foreign word in what labels things."""
    page.evaluate(LOOKING)
    known = {text for text in page.evaluate("looking.texts()") if text in english and _foreign_words(text)}
    labels = {text for text in page.evaluate("(labels) => looking.labels(labels)", LABELS) if _foreign_words(text)}
    return [f"left in English: {text!r}" for text in sorted(known | labels)]


def untranslatable_words() -> frozenset[str]:
    """Message ids whose Chinese differs: seeing one on a Chinese page means that a translation was missed."""
    catalogue = translation.trans_real.translation("zh-hans")._catalog  # type: ignore[attr-defined]
    return frozenset(
        key for key, value in catalogue.items() if isinstance(key, str) and len(key) > 2 and value and value != key
    )


def _foreign_words(text: str) -> list[str]:
    words = re.findall(r"(?<![\w/._-])[A-Za-z]{2,}(?![\w/._-])", text)
    return [word for word in words if word not in SAME_IN_CHINESE]
