"""Who works here: added, disabled, given roles and shops. Every act leaves an audit entry."""

from collections.abc import Iterable
from typing import Any

from axes.utils import reset as reset_lock
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit, scope
from accounts.errors import LastAdministrator, UserNameTaken, WeakPassword
from accounts.models import Team, User
from accounts.places import KINDS, find_places, granted
from accounts.roles import ADMIN


@transaction.atomic
def create_person(
    *,
    actor: User | str,
    username: str,
    display_name: str,
    password: str,
    roles: Iterable[str],
    team: Team | None = None,
    shops: Iterable[str] = (),
    warehouses: Iterable[str] = (),
) -> User:
    """Add a person with their roles and reach."""
    if User.objects.filter(username__iexact=username).exists():
        raise UserNameTaken(f"Somebody is called {username} already.", advice="Choose another log-in name.")
    person = User(username=username, display_name=display_name, team=team)
    _set_password(person, password)
    person.save()
    audit.record(actor, "person.created", "accounts.user", username, after={"display_name": display_name})
    set_roles(actor=actor, person=person, roles=roles)
    set_reach(actor=actor, person=person, shops=shops, warehouses=warehouses)
    return person


@transaction.atomic
def change_person(
    *,
    actor: User | str,
    person: User,
    team: Team | None,
    roles: Iterable[str],
    shops: Iterable[str],
    warehouses: Iterable[str],
) -> None:
    """Set team, roles, shops and warehouses to exactly these."""
    before = person.team.code if person.team else None
    after = team.code if team else None
    if before != after:
        person.team = team
        person.save(update_fields=["team"])
        audit.record(
            actor, "person.team", "accounts.user", person.username, before={"team": before}, after={"team": after}
        )
    set_roles(actor=actor, person=person, roles=roles)
    set_reach(actor=actor, person=person, shops=shops, warehouses=warehouses)


@transaction.atomic
def set_roles(*, actor: User | str, person: User, roles: Iterable[str]) -> None:
    """Give exactly these roles. The last administrator keeps the role, or nobody could ever give it again."""
    before, after = sorted(person.groups.values_list("name", flat=True)), sorted(set(roles))
    if before == after:
        return
    if ADMIN in before and ADMIN not in after:
        _keep_one_administrator(person)
    person.groups.set(Group.objects.filter(name__in=after))
    audit.record(
        actor, "person.roles", "accounts.user", person.username, before={"roles": before}, after={"roles": after}
    )


@transaction.atomic
def set_reach(*, actor: User | str, person: User, shops: Iterable[str], warehouses: Iterable[str]) -> None:
    """Let a person act in exactly these shops and warehouses."""
    wanted = {"shop": find_places(shops=shops), "warehouse": find_places(warehouses=warehouses)}
    for kind in KINDS:
        before, after = granted(kind, person), wanted[kind]
        for place in before:
            if place not in after:
                scope.revoke(person, place)
        for place in after:
            if place not in before:
                scope.grant(person, place)
        _note_reach(actor, person, f"{kind}s", before, after)


@transaction.atomic
def set_active(*, actor: User | str, person: User, is_active: bool) -> bool:
    """Let somebody in or keep them out; keeping out ends their sessions at once. False when it was so already."""
    if not is_active:
        _keep_one_administrator(person)
    changed = User.objects.filter(pk=person.pk, is_active=not is_active).update(is_active=is_active)
    if changed:
        action = "person.enabled" if is_active else "person.disabled"
        audit.record(actor, action, "accounts.user", person.username)
    return bool(changed)


@transaction.atomic
def reset_password(*, actor: User | str, person: User, password: str) -> None:
    """Set a new password. It ends the person's sessions, which are bound to the old one, and opens a locked log-in."""
    _set_password(person, password)
    person.save(update_fields=["password"])
    reset_lock(username=person.username)
    audit.record(actor, "person.password_set", "accounts.user", person.username)


def _note_reach(actor: User | str, person: User, what: str, before: list[Any], after: list[Any]) -> None:
    old, new = sorted(place.code for place in before), sorted(place.code for place in after)
    if old != new:
        audit.record(actor, "person.reach", "accounts.user", person.username, before={what: old}, after={what: new})


def _set_password(person: User, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise WeakPassword(" ".join(weak.messages)) from weak
    person.set_password(password)


def _keep_one_administrator(person: User) -> None:
    """Locks the administrators' rows, so that two people cannot remove each other at the same moment."""
    admins = User.objects.filter(groups__name=ADMIN, is_active=True, is_service=False)
    left = set(admins.select_for_update().values_list("pk", flat=True)) - {person.pk}
    if not left:
        raise LastAdministrator("This is the last administrator.", advice="Make somebody else an administrator first.")
