"""Prints the path of a Chromium for the browser tests, getting one if need be.

In this order: OMS_CHROMIUM, the system's own, Debian's package when root, Playwright's download. When none can be had
it says so and prints nothing: the browser tests then fail, they are never skipped.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
LOG = Path(__file__).resolve().parents[1] / ".stamps" / "chromium.log"


def main() -> int:
    LOG.parent.mkdir(exist_ok=True)
    for path in _candidates():
        if path and Path(path).exists():
            print(path)
            return 0
    print(f"No Chromium could be had, so the browser tests will fail (what was tried: {LOG}).", file=sys.stderr)
    return 0


def _candidates() -> Iterator[str | None]:
    yield os.environ.get("OMS_CHROMIUM")
    yield _system()
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Debian's chromium for the browser tests", file=sys.stderr)
        _try("apt-get", "update")
        _try("apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk")
        yield _system()
    yield _playwrights()
    print("Downloading Playwright's Chromium for the browser tests", file=sys.stderr)
    _try(sys.executable, "-m", "playwright", "install", "chromium")
    yield _playwrights()


def _system() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _playwrights() -> str | None:
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def _try(*command: str) -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with LOG.open("a") as log:
        subprocess.run(
            command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environ, check=False
        )


if __name__ == "__main__":
    sys.exit(main())
