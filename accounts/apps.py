from django.apps import AppConfig
from django.db.models.signals import post_migrate

from accounts.field_policy import load_policies
from accounts.roles import apply_roles


class AccountsConfig(AppConfig):
    name = "accounts"
    label = "accounts"
    verbose_name = "People and access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        load_policies()
        post_migrate.connect(apply_roles, dispatch_uid="accounts.apply_roles")
