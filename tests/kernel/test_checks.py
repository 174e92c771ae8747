from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks

from kernel import checks, plugins


@pytest.fixture
def production(settings: Any, tmp_path: Path) -> Any:
    settings.OMS_DEMO = False
    settings.OMS_KEYS_DIR = tmp_path
    settings.SECRET_KEY = "x" * 60
    settings.OMS_ALERT_URLS = ["mailtos://ops@example.com"]
    return settings


def ids() -> set[str]:
    return {str(found.id) for found in run_checks() if str(found.id).startswith("kernel.")}


def test_the_demo_needs_nothing(settings: Any) -> None:
    assert ids() == set()


def test_production_without_keys_does_not_start(production: Any) -> None:
    assert ids() == {"kernel.E001"}


def test_keys_that_cannot_be_read_are_told_even_in_the_demo(settings: Any) -> None:
    settings.OMS_ENCRYPTION_KEYS = "not a ring"
    assert ids() == {"kernel.E001"}


@pytest.mark.parametrize("key", ["demo-only-secret-key-that-a-system-check-refuses-outside-demo-mode", "short"])
def test_production_needs_a_secret_key_of_its_own(production: Any, key: str) -> None:
    production.SECRET_KEY = key
    assert "kernel.E002" in ids()


def test_an_address_without_its_scheme_is_told(settings: Any) -> None:
    settings.OMS_PUBLIC_URL = "oms.example.com"
    assert ids() == {"kernel.E003"}


def test_production_that_alerts_nobody_is_warned(production: Any) -> None:
    production.OMS_ALERT_URLS = []
    assert "kernel.W004" in ids()


def test_every_kind_of_work_has_the_indexes_that_claiming_needs() -> None:
    assert checks.check_work_row_indexes() == []


def test_plugins_are_found_by_their_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "found_here"
    (package / "folder").mkdir(parents=True)
    for name, text in (("__init__.py", ""), ("one.py", "RUN = 1"), ("base.py", ""), ("_private.py", "RUN = 1")):
        (package / name).write_text(text)
    (package / "folder" / "__init__.py").write_text("RUN = 2")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert list(plugins.discover("found_here", needs="RUN")) == ["folder", "one"]
    assert "base" in plugins.discover("found_here")
