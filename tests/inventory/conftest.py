import pytest

from tests.inventory.committed import committed, fill_shelf

__all__ = ["any_shelf", "committed", "open_shelf", "shelf"]


@pytest.fixture
def shelf(db: None) -> str:
    """WH-1 with 10 of the SKUs A, B and C, its gate closed."""
    return fill_shelf(is_open=False)


@pytest.fixture
def open_shelf(committed: None) -> str:
    """The same with an open gate."""
    return fill_shelf()


@pytest.fixture(params=["gate closed", "gate open"])
def any_shelf(request: pytest.FixtureRequest, committed: None) -> str:
    """Both ways of reserving must answer the same. (Needs the mark `really_committed`.)"""
    return fill_shelf(is_open=request.param == "gate open")
