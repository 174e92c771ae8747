#!/usr/bin/env python
"""Django's command line, in the project's own virtual environment whichever Python it was called with."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

OWN_PYTHON = Path(__file__).resolve().parent / ".venv" / "bin" / "python"

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
    if find_spec("django") is None:
        if not OWN_PYTHON.exists() or Path(sys.prefix) == OWN_PYTHON.parent.parent:
            sys.exit("Django is not installed here: run `make install` first.")
        os.execv(OWN_PYTHON, [str(OWN_PYTHON), *sys.argv])  # noqa: S606
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
