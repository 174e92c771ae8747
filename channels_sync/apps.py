from django.apps import AppConfig


class ChannelsSyncConfig(AppConfig):
    name = "channels_sync"
    label = "channels_sync"
    verbose_name = "Channel sync"
    default_auto_field = "django.db.models.BigAutoField"
