"""State machines as data: which step leads from where to where, who may take it, what must hold, what it must cause.

A step is decided by one conditional UPDATE. Whoever comes second, or from another state, changes nothing and is told
why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

from django.db import models

from kernel.errors import Refused

WRONG_STATE, NOT_ALLOWED, GUARD_REFUSED, LOST_RACE, HELD = "ST-4091", "ST-4092", "ST-4093", "ST-4094", "ST-4095"

# Looks at the instance and the caller's context: "" lets it pass, a text says why not; it may raise TransitionRefused
# itself.
Guard = Callable[[Any, Mapping[str, Any]], str]


class TransitionRefused(Refused):
    """A step was not taken and nothing changed. `code` is ST-4091 wrong state, ST-4092 role not allowed, ST-4093 a
    guard refused, ST-4094 somebody was faster, ST-4095 held."""

    title = "This step is not possible now"

    def __init__(self, code: str, transition: str, state: str, detail: str = "", *, advice: str = "") -> None:
        super().__init__(detail, advice=advice, transition=transition, state=state)
        self.code = code
        self.transition = transition
        self.state = state
        self.status = 403 if code == NOT_ALLOWED else 409


@dataclass(frozen=True)
class Transition:
    """One edge. `permission` or `roles` limit who takes it, `guards` name conditions, `effects` what must follow from
    it.
    """

    name: str
    sources: tuple[str, ...]
    target: str
    permission: str = ""
    roles: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    title: Any = ""


@dataclass(frozen=True)
class Step:
    """A step that was taken."""

    transition: Transition
    before: str
    after: str


@dataclass(frozen=True)
class Machine:
    """The table of one model's state field.

    `guards` gives the functions behind the guard names; `may(actor, transition)` answers for roles and permissions
    (actor None is the system itself, which is not asked).
    """

    field: str
    transitions: tuple[Transition, ...]
    guards: Mapping[str, Guard] = default(default_factory=dict)
    may: Callable[[Any, Transition], bool] | None = None

    def __post_init__(self) -> None:
        names = [transition.name for transition in self.transitions]
        if len(names) != len(set(names)):
            raise ValueError(f"a transition is named twice among {names}")

    def transition(self, name: str) -> Transition:
        """The edge of this name. Raises KeyError: a name outside the table is a mistake in code, not a refusal."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise KeyError(name)

    def from_state(self, state: str) -> list[Transition]:
        """The edges that leave a state."""
        return [transition for transition in self.transitions if state in transition.sources]

    def plan(self, state: str, name: str) -> Transition:
        """The edge if it leaves this state. Raises TransitionRefused ST-4091."""
        transition = self.transition(name)
        if state not in transition.sources:
            wanted = ", ".join(transition.sources)
            raise TransitionRefused(WRONG_STATE, name, state, f"{name} is possible from {wanted}, not from {state}")
        return transition

    def check(
        self, instance: models.Model, name: str, *, actor: Any = None, context: Mapping[str, Any] | None = None
    ) -> Transition:
        """Everything but the write: state, role, guards. Raises TransitionRefused."""
        state = str(getattr(instance, self.field))
        transition = self.plan(state, name)
        if actor is not None and self.may is not None and not self.may(actor, transition):
            raise TransitionRefused(NOT_ALLOWED, name, state, f"your role may not {name}")
        for guard in transition.guards:
            if guard in self.guards and (reason := self.guards[guard](instance, context or {})):
                raise TransitionRefused(GUARD_REFUSED, name, state, reason)
        return transition

    def advance(
        self,
        instance: models.Model,
        name: str,
        *,
        actor: Any = None,
        context: Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
        where: Mapping[str, Any] | None = None,
    ) -> Step:
        """Take a step in the caller's transaction: `UPDATE … SET state, extra WHERE id, state = what we saw, where`.

        `where` are further column conditions that must hold in the same statement (`{"is_held": False}`). The instance
        carries the new values afterwards. Raises TransitionRefused and leaves row and instance as they were.
        """
        transition = self.check(instance, name, actor=actor, context=context)
        before = str(getattr(instance, self.field))
        changes = {self.field: transition.target, **(extra or {})}
        rows = type(instance)._default_manager.filter(pk=instance.pk, **{self.field: before}, **(where or {}))
        if rows.update(**changes) != 1:
            raise self._lost(instance, transition, before)
        for column, value in changes.items():
            setattr(instance, column, value)
        return Step(transition, before, transition.target)

    def _lost(self, instance: models.Model, transition: Transition, before: str) -> TransitionRefused:
        rows = type(instance)._default_manager.filter(pk=instance.pk)
        state = str(rows.values_list(self.field, flat=True).first())
        if state == before:
            detail = f"{transition.name} is not possible: a condition of the row does not hold any more"
            return TransitionRefused(HELD, transition.name, state, detail)
        detail = f"{transition.name} came too late: the state is {state} now"
        return TransitionRefused(LOST_RACE, transition.name, state, detail)
