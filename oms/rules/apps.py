from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from oms.rules.ruleset import list_rules, rules_as_json


class RulesConfig(AppConfig):
    name = "oms.rules"
    label = "rules"
    verbose_name = "Rules"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(store_shipped_version, sender=self)


def store_shipped_version(sender: AppConfig, **_kwargs: Any) -> None:
    """Keep the text of the rules in force, so that old rule runs can be read after an upgrade."""
    version, _rules = list_rules()
    sender.get_model("RulesetVersion")._default_manager.get_or_create(
        version=version, defaults={"rules": rules_as_json()}
    )
