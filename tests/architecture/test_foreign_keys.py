from django.apps import apps
from django.db import models

from tests.architecture.layers import height


def _relations():
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.is_relation and not field.auto_created and field.related_model:
                yield model, field


def test_foreign_keys_point_down():
    wrong = [
        f"{model._meta.label}.{field.name} points up to {field.related_model._meta.label}"
        for model, field in _relations()
        if height(field.related_model._meta.app_label) > height(model._meta.app_label) >= 0  # below 0: not ours
    ]
    assert not wrong


def test_what_other_apps_point_at_is_never_deleted_under_them():
    cascades = [
        f"{model._meta.label}.{field.name}"
        for model, field in _relations()
        if isinstance(field, models.ForeignKey)
        and height(model._meta.app_label) >= 0
        and height(field.related_model._meta.app_label) >= 0
        and field.related_model._meta.app_label != model._meta.app_label
        and field.remote_field.on_delete is models.CASCADE
        and not _is_grant(model)
        and not _is_history(model)
    ]
    assert not cascades


def _is_grant(model) -> bool:
    """Row permissions of django-guardian go with the row or the person that they are about."""
    return any("guardian" in base.__module__ for base in model.__mro__)


def _is_history(model) -> bool:
    return any("pghistory" in base.__module__ for base in model.__mro__)
