"""Every address of the house: strangers are sent to the log-in, people without a role see nothing, forms need their token."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import get_converters

from accounts.models import AuditEntry
from oms.wsgi import application  # noqa: F401  (the whole URL table is loaded)
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
FOR_STRANGERS = {"login/", "appearance/", "logout/", "healthz", "readyz", "metrics", "static/"}
FOR_EVERYBODY = {"", "me/", "me/password/"}
MACHINES = ("api/", "hooks/", "healthz", "readyz", "metrics", "static/")
SAMPLES = {"uuid": "01a201bd-cf52-7c12-a10c-8471d8421475", "int": "1", "path": "x"}


def addresses(patterns=None, before: str = "") -> Iterator[str]:
    """Every address of the URL table, its parameters filled with something."""
    for entry in patterns or get_resolver().url_patterns:
        if isinstance(entry, URLResolver) and hasattr(entry.pattern, "_route"):
            yield from addresses(entry.url_patterns, before + entry.pattern._route)
        elif isinstance(entry, URLPattern) and hasattr(entry.pattern, "_route"):
            yield before + filled(entry.pattern._route, entry.pattern.converters)


def filled(route: str, converters: dict) -> str:
    names = {type(kind): name for name, kind in get_converters().items()}
    for name, kind in converters.items():
        known = names.get(type(kind), "str")
        for spelled in (f"<{known}:{name}>", f"<{name}>"):
            route = route.replace(spelled, SAMPLES.get(known, "X"))
    return route


def pages() -> list[str]:
    return sorted({one for one in addresses() if not one.startswith(MACHINES)} - FOR_STRANGERS)


def test_the_walk_finds_the_pages_of_every_app():
    found = pages()
    assert len(found) > 30
    assert {"orders/", "stock/", "waves/", "statements/", "channels/", "people/", "audit/"} <= set(found)


def test_strangers_are_sent_to_the_log_in(client):
    let_in = [page for page in pages() if not client.get(f"/{page}").headers.get("Location", "").startswith("/login/")]
    assert not let_in


def test_somebody_without_a_role_sees_nothing(client):
    client.force_login(make_user())
    answers = {page: client.get(f"/{page}").status_code for page in pages() if page not in FOR_EVERYBODY}
    assert {page: status for page, status in answers.items() if status not in (403, 404, 405)} == {}


def test_refusals_are_written_down(client):
    client.force_login(make_user())
    client.get("/orders/")
    assert AuditEntry.objects.filter(action="access.refused", obj_key="/orders/").exists()


def test_no_form_of_a_page_is_taken_without_its_token():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("admin"))
    taken = [page for page in [*pages(), "login/", "appearance/"] if client.post(f"/{page}").status_code != 403]
    assert not taken


def test_an_administrator_opens_every_page_that_needs_no_object(client):
    client.force_login(make_user("admin"))
    plain = [page for page in pages() if "X" not in page and "01a201bd" not in page]
    answers = {page: client.get(f"/{page}").status_code for page in plain}
    assert {page: status for page, status in answers.items() if status >= 500 or status == 403} == {}
