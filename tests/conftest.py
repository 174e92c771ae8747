"""Tests run on real servers, never on stand-ins: tests/servers.py says which."""

import os
from collections.abc import Iterator
from urllib.parse import quote

import django
import pgtrigger
import pytest
from django.conf import settings
from django.test import TransactionTestCase

from tests import servers

servers.provide()
os.environ["DJANGO_SETTINGS_MODULE"] = "oms.settings"

# Before Django starts: pages are rendered without collected files, and a log-in costs no tenth of a second.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()
# Not for the xdist workers to inherit: pytest-django would read the settings in them before they have servers of their own.
del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.fixture(autouse=True, scope="session")
def append_only_tables_are_emptied_between_tests() -> Iterator[None]:
    """Tests that commit are followed by TRUNCATE, which the triggers of append-only tables refuse otherwise."""
    empty = TransactionTestCase._fixture_teardown

    def empty_all(case: TransactionTestCase) -> None:
        with pgtrigger.ignore():
            empty(case)

    TransactionTestCase._fixture_teardown = empty_all
    yield
    TransactionTestCase._fixture_teardown = empty


@pytest.fixture(autouse=True)
def nobody_is_remembered() -> None:
    """A test's people may have the numbers of an earlier one's."""
    from accounts.rights import forget_rights  # noqa: PLC0415  Django is set up by now

    forget_rights()


@pytest.fixture
def process_environ(transactional_db: None) -> dict[str, str]:
    """The environment for a process that shall work on this test's own database, such as a worker to be killed."""
    database = settings.DATABASES["default"]
    user, password = quote(database["USER"]), quote(database["PASSWORD"])
    address = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return os.environ | {"DATABASE_URL": f"postgres://{user}:{password}@{address}"}
