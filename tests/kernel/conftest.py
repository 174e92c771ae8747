from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from kernel.work import registry
from tests.kernel.models import TABLES


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The kernel's own test tables, beside the product's; a reused database may have those of the last run."""
    names = ", ".join(table._meta.db_table for table in TABLES)
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.execute(f"DROP TABLE IF EXISTS {names}")
        for table in TABLES:
            editor.create_model(table)


@pytest.fixture(autouse=True)
def test_tables_are_empty(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """A committing test empties Django's tables; these are not among them."""
    yield
    if "transactional_db" in request.fixturenames or _commits(request):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE " + ", ".join(table._meta.db_table for table in TABLES))


@pytest.fixture
def worked() -> Iterator[Any]:
    """Registers a handler for the time of one test: `worked(Chore, handler, transactional=True)`."""
    before = dict(registry._handlings)
    yield registry.register
    registry._handlings.clear()
    registry._handlings.update(before)


def _commits(request: pytest.FixtureRequest) -> bool:
    mark = request.node.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction"))
