import pytest

from inventory.api import rebuild_gate
from tests.factories.inventory import make_sku, make_warehouse, stock


@pytest.fixture
def shelf(db: None) -> str:
    """A warehouse with 10 of SKU A, 10 of B and 10 of C, its gate closed."""
    make_warehouse("WH-1")
    for code in ("A", "B", "C"):
        make_sku(code)
        stock(code, "WH-1", 10)
    return "WH-1"


@pytest.fixture
def open_shelf(transactional_db: None) -> str:
    """The same with an open gate."""
    make_warehouse("WH-1")
    for code in ("A", "B", "C"):
        make_sku(code)
        stock(code, "WH-1", 10)
    rebuild_gate("WH-1")
    return "WH-1"


@pytest.fixture(params=["gate closed", "gate open"])
def any_shelf(request: pytest.FixtureRequest) -> str:
    """Both ways of reserving must answer the same."""
    name = "shelf" if request.param == "gate closed" else "open_shelf"
    warehouse: str = request.getfixturevalue(name)
    return warehouse
