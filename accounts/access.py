"""May this person do this, and what do they see of that? The questions every view and service asks."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import HttpRequest

from accounts.errors import PermissionMissing
from accounts.field_policy import Access, Shown, access_of, shown_to
from accounts.models import User
from accounts.rights import remembered
from accounts.roles import ADMIN
from accounts.scope import ids_in_scope

Person = User | AnonymousUser


def signed_in(request: HttpRequest) -> User:
    """Who asks. The log-in middleware lets nobody else through; a page that strangers see must not call this."""
    if not isinstance(request.user, User):
        raise PermissionMissing
    return request.user


def role_names(user: Person) -> frozenset[str]:
    """The person's roles, a few seconds old at most."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    names = remembered(user.pk, "roles", lambda: frozenset(user.groups.values_list("name", flat=True)))
    return names | {ADMIN} if user.is_superuser else names


def person(request: Any) -> User:
    """Who asks. The log-in middleware and the API's authentication let nobody through whom we do not know."""
    user: User = request.user
    return user


def can(user: Person, perm: str, obj: Model | None = None) -> bool:
    """Whether a role gives the permission and, where a shop or warehouse is named, whether it is in scope."""
    if obj is None:
        return user.has_perm(perm)
    return obj.pk in ids_in_scope(user, perm, type(obj))


def require(user: Person, perm: str, obj: Model | None = None) -> None:
    if not can(user, perm, obj):
        raise PermissionMissing(permission=perm)


def access(user: Person, key: str) -> Access:
    """clear, masked or hidden: what this person sees of a field."""
    return access_of(role_names(user), key)


def present(user: Person, key: str, value: object) -> Shown:
    """A value as this person may see it. The one way a personal field leaves the house."""
    return shown_to(role_names(user), key, value)
