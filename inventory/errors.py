"""What stock refuses, and what to do about it."""

from collections.abc import Iterable
from typing import Any

from kernel.errors import BusinessError, IdempotencyMismatch, InvalidInput, NotFound, Refused


class InsufficientStock(Refused):
    """Too little of one SKU: nothing was reserved."""

    code = "insufficient_stock"
    title = "Not enough stock"

    def __init__(self, *, sku: str, left: int, warehouse: str = "") -> None:
        super().__init__(
            f"{sku}: {left} left.",
            advice="Reserve less, another warehouse, or wait for replenishment.",
            sku=sku,
            left=left,
            warehouse=warehouse,
        )
        self.sku, self.left, self.warehouse = sku, left, warehouse


class UnknownSku(InvalidInput):
    """A request names SKUs that do not exist or are out of use."""

    code = "unknown_sku"
    title = "Unknown SKU"

    def __init__(self, skus: Iterable[str]) -> None:
        self.skus = sorted(skus)
        errors = [{"path": "lines", "code": "unknown_sku", "message": f"There is no SKU {sku}."} for sku in self.skus]
        super().__init__(f"Unknown SKU: {', '.join(self.skus)}.", errors=errors, skus=self.skus)


class UnknownWarehouse(InvalidInput):
    code = "unknown_warehouse"
    title = "Unknown warehouse"

    def __init__(self, warehouse: str) -> None:
        errors = [{"path": "warehouse", "code": "unknown_warehouse", "message": f"There is no warehouse {warehouse}."}]
        super().__init__(f"Unknown warehouse: {warehouse}.", errors=errors, warehouse=warehouse)


class ReservationNotFound(NotFound):
    code = "reservation_not_found"
    title = "There is no such reservation"


class ReservationMismatch(IdempotencyMismatch):
    """The same reservation id came with other lines, warehouse or lifetime."""


class ReservationOver(Refused):
    """The reservation is in a state that does not allow the act; its code names the state: `reservation_expired`."""

    title = "The reservation does not allow this"

    def __init__(self, reservation_id: str, state: str, **data: Any) -> None:
        super().__init__(
            f"Reservation {reservation_id} is {state}.", reservation_id=reservation_id, state=state, **data
        )
        self.code, self.state = f"reservation_{state}", state


class ReservationOfOrder(Refused):
    """The reservation belongs to an order, which alone may commit or release it."""

    code = "reservation_of_order"
    title = "The reservation belongs to an order"

    def __init__(self, reservation_id: str) -> None:
        super().__init__(
            f"Reservation {reservation_id} belongs to an order.",
            advice="Pay or cancel the order: its stock follows.",
            reservation_id=reservation_id,
        )


class StockWouldGoNegative(Refused):
    """The shelf holds less than what should leave it."""

    code = "stock_would_go_negative"
    title = "The shelf holds less than that"


class StockNotReady(BusinessError):
    """The gate is changing hands just now. Nothing was reserved; asking again in a second is safe."""

    code = "stock_not_ready"
    title = "Stock is not ready"
    status = 503
