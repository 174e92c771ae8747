"""Tests run on real servers: those that DATABASE_URL and REDIS_URL name, else embedded ones of this run alone."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
django.setup()
