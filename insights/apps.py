from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "insights"
    label = "insights"
    verbose_name = "Insight"
    default_auto_field = "django.db.models.BigAutoField"
