"""Which shops and warehouses a person may act in: guardian grants on the objects, or everywhere through the role."""

from typing import Final, TypeVar

from django.contrib.auth.models import AnonymousUser, Group
from django.db.models import Model, Q, QuerySet
from guardian.shortcuts import assign_perm, get_objects_for_user, remove_perm

from accounts.models import User
from accounts.rights import forget_rights, remembered

M = TypeVar("M", bound=Model)


class _Everything:
    """All ids: the scope of a role that holds the scope permission itself."""

    def __contains__(self, _key: object) -> bool:
        return True

    def __repr__(self) -> str:
        return "ALL"


ALL: Final = _Everything()
Scope = set[int] | _Everything

# The grant that lets a person act in one object, by model.
SCOPE_PERMISSIONS: dict[str, str] = {
    "orders.shop": "orders.work_on_shop",
    "inventory.warehouse": "inventory.work_in_warehouse",
}


def ids_in_scope(user: User | AnonymousUser, perm: str, model: type[Model]) -> Scope:
    """The ids of the shops or warehouses in which this person may use a permission; a few seconds old at most."""
    if not isinstance(user, User) or not user.is_active:
        return set()
    grant = SCOPE_PERMISSIONS[model._meta.label_lower]
    if perm != grant and not user.has_perm(perm):
        return set()
    return ALL if user.has_perm(grant) else remembered(user.pk, grant, lambda: _granted(user, grant, model))


def in_scope(
    queryset: QuerySet[M], user: User | AnonymousUser, perm: str, path: str, model: type[Model]
) -> QuerySet[M]:
    """The rows whose shop or warehouse, reached by `path`, lies in the person's scope."""
    ids = ids_in_scope(user, perm, model)
    return queryset if isinstance(ids, _Everything) else queryset.filter(Q(**{f"{path}__in": ids}))


def grant(user: User | Group, obj: Model) -> None:
    """Let a person, or all of a group, act in one shop or warehouse."""
    assign_perm(SCOPE_PERMISSIONS[obj._meta.label_lower], user, obj)
    forget_rights()


def revoke(user: User | Group, obj: Model) -> None:
    remove_perm(SCOPE_PERMISSIONS[obj._meta.label_lower], user, obj)
    forget_rights()


def _granted(user: User, perm: str, model: type[Model]) -> set[int]:
    rows = get_objects_for_user(user, perm, klass=model, accept_global_perms=False, with_superuser=False)
    return set(rows.values_list("pk", flat=True))
