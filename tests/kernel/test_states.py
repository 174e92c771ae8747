from typing import Any

import pytest

from kernel.states import Machine, Transition, TransitionRefused
from tests.kernel.models import Person

MACHINE = Machine(
    field="state",
    transitions=(
        Transition("open", ("new",), "open"),
        Transition(
            "approve", ("new", "open"), "approved", roles=("reviewer",), guards=("has_name",), effects=("tell",)
        ),
        Transition("close", ("approved",), "closed"),
    ),
    guards={"has_name": lambda person, context: "" if person.name else "the name is missing"},
    may=lambda actor, transition: not transition.roles or actor in transition.roles,
)

pytestmark = pytest.mark.django_db


def refused(*args: Any, **kwargs: Any) -> TransitionRefused:
    with pytest.raises(TransitionRefused) as caught:
        MACHINE.advance(*args, **kwargs)
    return caught.value


def test_a_step_changes_the_state_and_what_goes_with_it() -> None:
    person = Person.objects.create(name="Wang")
    step = MACHINE.advance(person, "approve", actor="reviewer", extra={"is_held": True})
    assert (step.before, step.after, step.transition.effects) == ("new", "approved", ("tell",))
    assert (person.state, person.is_held) == ("approved", True)
    person.refresh_from_db()
    assert (person.state, person.is_held) == ("approved", True)


def test_a_step_from_another_state_is_refused_with_the_states_it_needs() -> None:
    error = refused(Person.objects.create(), "close")
    assert (error.code, error.state, error.transition) == ("ST-4091", "new", "close")
    assert "approved" in error.detail


def test_a_role_that_may_not_is_refused_and_the_system_is_not_asked() -> None:
    person = Person.objects.create(name="Wang")
    error = refused(person, "approve", actor="picker")
    assert (error.code, error.status) == ("ST-4092", 403)
    MACHINE.advance(person, "approve")


def test_a_guard_says_why_not_and_nothing_changes() -> None:
    person = Person.objects.create()
    error = refused(person, "approve", actor="reviewer")
    assert (error.code, error.detail) == ("ST-4093", "the name is missing")
    person.refresh_from_db()
    assert person.state == "new"


def test_of_two_steps_from_one_state_the_second_is_too_late() -> None:
    person = Person.objects.create(name="Wang")
    seen_before = Person.objects.get(pk=person.pk)
    MACHINE.advance(person, "approve")
    error = refused(seen_before, "open")
    assert error.code == "ST-4094"
    assert seen_before.state == "new"
    assert Person.objects.get(pk=person.pk).state == "approved"


def test_a_hold_that_came_meanwhile_stops_the_step_in_the_same_statement() -> None:
    person = Person.objects.create(name="Wang")
    Person.objects.update(is_held=True)
    assert refused(person, "approve", where={"is_held": False}).code == "ST-4095"


def test_the_table_tells_what_is_possible() -> None:
    assert [transition.name for transition in MACHINE.from_state("new")] == ["open", "approve"]
    with pytest.raises(KeyError):
        MACHINE.transition("dance")


def test_a_name_that_stands_twice_is_refused_when_the_table_is_made() -> None:
    with pytest.raises(ValueError, match="twice"):
        Machine("state", (Transition("a", ("x",), "y"), Transition("a", ("y",), "z")))
