"""Which handler does which kind of work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from kernel.models.work import WorkRow

Handler = Callable[[Any], None]
DeadHook = Callable[[Any], None]


@dataclass
class Handling:
    """How one kind of row is worked. `batch` rows are claimed at a time; a transactional handler runs in a savepoint."""

    model: type[WorkRow]
    handler: Handler
    transactional: bool
    batch: int
    dead_hooks: list[DeadHook] = field(default_factory=list)


_handlings: dict[str, Handling] = {}
_common_dead_hooks: list[DeadHook] = []


def register(model: type[WorkRow], handler: Handler, *, transactional: bool = True, batch: int = 0) -> None:
    """Name the handler of a kind of row (in `<app>/handlers.py`). Outbound rows are claimed one at a time unless
    `batch` is set.
    """
    batch = batch or (100 if transactional else 1)
    _handlings[model._meta.label_lower] = Handling(model, handler, transactional, batch)


def on_dead(model: type[WorkRow] | None, hook: DeadHook) -> None:
    """Call `hook(row)` in the transaction in which a row dies; with None for rows of every kind."""
    if model is None:
        _common_dead_hooks.append(hook)
    else:
        handling(model._meta.label_lower).dead_hooks.append(hook)


def handling(label: str) -> Handling:
    """How to work a table, by its label (`kernel.outboxevent`). Raises KeyError when nobody registered it."""
    return _handlings[label.lower()]


def registered() -> list[type[WorkRow]]:
    """Every kind of work, for the sweeper, health and metrics."""
    return [found.model for found in _handlings.values()]


def dead_hooks(model: type[WorkRow]) -> list[DeadHook]:
    own = _handlings.get(model._meta.label_lower)
    return [*(own.dead_hooks if own else []), *_common_dead_hooks]
