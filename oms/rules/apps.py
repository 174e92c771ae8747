from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "oms.rules"
    label = "rules"
    verbose_name = "Rules"
    default_auto_field = "django.db.models.BigAutoField"
