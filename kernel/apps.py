from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class KernelConfig(AppConfig):
    name = "kernel"
    label = "kernel"
    verbose_name = "Kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Set logging up, then let every app's `handlers.py` say what it listens to and which work it does."""
        from kernel import checks, logging, tasks  # noqa: F401, PLC0415 - models must be loaded first

        logging.configure()
        for config in apps.get_app_configs():
            if find_spec(f"{config.name}.handlers"):
                import_module(f"{config.name}.handlers")
