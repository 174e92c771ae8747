"""`make check`: everything that reads the code without running the product. Each line says what it holds and how long it took."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
BIN = Path(PYTHON).parent
# A production-like environment: the check must have nothing to say about it.
PRODUCTION = {
    "OMS_DEMO": "off",
    "OMS_HTTPS": "on",
    "OMS_SECRET_KEY": "a-long-key-for-the-check-alone-" + "0123456789abcdefghijklmnopqrstuvwxyz",
    "OMS_ALLOWED_HOSTS": "oms.example.com",
    "OMS_ALERT_URLS": "mailto://oms.example.com",
    "OMS_PUBLIC_URL": "https://oms.example.com",
    "OMS_KEYS_DIR": str(ROOT / ".stamps" / "check-keys"),
}
DEPLOYMENT = "{0} manage.py generate_keys --if-missing && {0} manage.py check --deploy --fail-level WARNING"


@dataclass(frozen=True)
class Check:
    name: str
    command: list[str]
    environ: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    check: Check
    words: str
    is_good: bool
    seconds: float


def checks() -> list[Check]:
    templates = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))
    return [
        Check("types", [str(BIN / "mypy")]),
        Check("lint", [str(BIN / "ruff"), "check", "."]),
        Check("format", [str(BIN / "ruff"), "format", "--check", "."]),
        Check("import layers", [str(BIN / "lint-imports")]),
        Check("migrations", [PYTHON, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"]),
        Check("translations", [PYTHON, "scripts/translations.py", "check"]),
        Check("docs", [PYTHON, "scripts/docs.py", "check"]),
        Check("field policy", [PYTHON, "manage.py", "write_field_policy", "--check"]),
        Check("templates", [str(BIN / "djade"), "--check", "--target-version", "5.2", *templates]),
        Check("dependencies", [str(BIN / "deptry"), "."]),
        Check("spelling", [str(BIN / "codespell")]),
        Check("deployment", ["sh", "-c", DEPLOYMENT.format(PYTHON)], PRODUCTION),
    ]


def main() -> int:
    # Two at a time: the longest (types) beside the others.
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(_report, checks()))
    broken = [outcome.check.name for outcome in outcomes if not outcome.is_good]
    print(f"{len(outcomes) - len(broken)} passed, {len(broken)} failed")
    return 1 if broken else 0


def _report(check: Check) -> Outcome:
    outcome = _run(check)
    print(f"{'ok    ' if outcome.is_good else 'FAILED'} {check.name} ({outcome.seconds:.1f} s)", flush=True)
    if not outcome.is_good:
        print(outcome.words, flush=True)
    return outcome


def _run(check: Check) -> Outcome:
    start = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env={**os.environ, **check.environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(check, done.stdout.strip(), done.returncode == 0, time.monotonic() - start)


if __name__ == "__main__":
    sys.exit(main())
