from django.apps import AppConfig

from oms.celery import app as celery_app

__all__ = ["OmsConfig", "celery_app"]


class OmsConfig(AppConfig):
    """The project itself: importing Celery here lets every process that starts Django ring its doorbell."""

    name = "oms"
    label = "oms"
