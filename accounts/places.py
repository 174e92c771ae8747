"""The shops and warehouses that scope is granted on. They belong to apps above this one, so they are named by label."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from guardian.utils import get_user_obj_perms_model

from accounts.errors import UnknownPlace
from accounts.models import User
from accounts.scope import ALL, SCOPE_PERMISSIONS, ids_in_scope

KINDS = {"shop": "orders.shop", "warehouse": "inventory.warehouse"}


def places(kind: str) -> QuerySet[Any]:
    """All shops, or all warehouses, by code."""
    return apps.get_model(KINDS[kind])._default_manager.filter(is_active=True).order_by("code")


def find_places(*, shops: Iterable[str] = (), warehouses: Iterable[str] = ()) -> list[Model]:
    """The places with these codes; an unknown code is an error, not a smaller scope."""
    return [*_by_code("shop", shops), *_by_code("warehouse", warehouses)]


def granted(kind: str, user: User) -> list[Any]:
    """The shops or warehouses granted to this very person."""
    model = apps.get_model(KINDS[kind])
    codename = SCOPE_PERMISSIONS[KINDS[kind]].split(".")[1]
    rows = _grant_rows(model).filter(user=user, permission__codename=codename)
    return list(places(kind).filter(pk__in=rows.values("content_object_id")))


def reach_of(user: User) -> dict[str, list[str] | None]:
    """Names of the shops and warehouses a person may act in, own grants and their groups' alike; None means all."""
    reach: dict[str, list[str] | None] = {}
    for kind, label in KINDS.items():
        model = apps.get_model(label)
        ids = ids_in_scope(user, SCOPE_PERMISSIONS[label], model)
        reach[kind] = None if ids is ALL else [place.name for place in places(kind).filter(pk__in=ids)]
    return reach


def _grant_rows(model: type[Model]) -> QuerySet[Any]:
    return get_user_obj_perms_model(model)._default_manager.all()  # type: ignore[arg-type]  # takes classes too


def _by_code(kind: str, codes: Iterable[str]) -> list[Model]:
    wanted = list(dict.fromkeys(codes))
    found = {place.code: place for place in places(kind).filter(code__in=wanted)}
    if missing := [code for code in wanted if code not in found]:
        raise UnknownPlace(f"There is no {kind} with the code {', '.join(missing)}.")
    return [found[code] for code in wanted]
