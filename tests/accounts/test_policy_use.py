"""Every key that code or a template names is in the policy table: a misspelt one would silently hide the field."""

import re
from pathlib import Path

from django.conf import settings

from accounts.field_policy import table

APPS = ("accounts", "inventory", "oms", "channels_sync", "warehouse", "reconciliation", "insights")
IN_TEMPLATES = re.compile(r"{%\s*shown(?:_value)?\s+[\"']([\w.]+)[\"']")
IN_CODE = re.compile(r"policy=[\"']([\w.]+)[\"']|\b(?:present|access)\(\s*[\w.]+,\s*[\"']([\w.]+)[\"']")


def named() -> set[str]:
    base = Path(settings.BASE_DIR)
    found = {key for path in (base / "templates").rglob("*.html") for key in IN_TEMPLATES.findall(path.read_text())}
    for app in APPS:
        for path in (base / app).rglob("*.py"):
            found |= {one or other for one, other in IN_CODE.findall(path.read_text())}
    return {key for key in found if key.count(".") >= 2}


def test_every_policy_key_in_use_is_declared():
    assert named()
    assert named() <= set(table())
