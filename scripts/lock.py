"""Resolves requirements/*.in into locks with hashes; the locks name no index, so they work with any mirror."""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Each builds on the one before it and takes over its versions.
NAMES = ("base", "embedded", "dev")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        _run(sys.executable, "-m", "venv", folder)
        _run(f"{folder}/bin/pip", "install", "--quiet", "uv")
        for below, name in zip((None, *NAMES), NAMES, strict=False):
            command = ("pip", "compile", "--quiet", "--generate-hashes", "--no-header", "--no-annotate")
            _run(
                f"{folder}/bin/uv", *command,
                "--python-version", "3.11",
                *(("--constraints", f"requirements/{below}.txt") if below else ()),
                f"requirements/{name}.in", "--output-file", f"requirements/{name}.txt",
            )  # fmt: skip
    _run("npm", "install", "--package-lock-only", "--ignore-scripts")
    return 0


def _run(*command: str) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
