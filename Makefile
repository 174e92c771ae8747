# Two commands on a fresh machine with Python 3.11, git and make: `make up` and `make test`. `make help` lists the rest.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help up down reset env install setup setup-tests assets test check bench lock messages format

# The machine's own Python makes the virtual environment; everything after that runs in it.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
INSTALL := $(PYTHON) -m oms.stack.install
JOBS ?= 2
T ?= tests

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

up: setup ## install what is missing, start everything, stay until Ctrl-C (PORT, DATA_DIR, DATABASE_URL, REDIS_URL)
	@$(PY) -m oms.stack up

down: python ## stop what `make up` started, wherever it was started
	@$(PYTHON) -m oms.stack down

reset: python ## stop and delete all data of DATA_DIR (asks first; YES=1 does not)
	@$(PYTHON) -m oms.stack reset

env: python ## settings of the running system for a shell: eval "$$(make -s env)"
	@$(PYTHON) -m oms.stack env

install: python ## install the locked packages again
	@$(INSTALL) --again packages

test: setup-tests ## all tests, in parallel (T=tests/orders for a part, JOBS=4 for more processes)
	@OMS_CHROMIUM="$$($(PY) scripts/chromium.py)" $(PY) -m pytest -n $(JOBS) --dist loadscope $(T)

check: setup-tests ## lint, types, import layers, migrations, translations, templates, dependencies, spelling, docs
	@$(PY) scripts/check.py

bench: setup-tests ## measure against bare yardsticks (ROW=reserve for one, WRITE=1 updates docs/benchmarks.md)
	@$(PY) -m bench $(ROW) $(if $(WRITE),--write)

format: setup-tests ## put code and templates into shape
	@$(PY) -m ruff check --fix-only --quiet . && $(PY) -m ruff format --quiet . && git ls-files -z '*.html' | xargs -0 .venv/bin/djade --target-version 5.2

messages: setup-tests ## bring locale/ up to date with the words in code and templates
	@$(PY) scripts/translations.py update

lock: python ## resolve requirements/*.in into locks with hashes, package.json into package-lock.json
	@$(PYTHON) scripts/lock.py

assets: python ## build style sheets, scripts and icons
	@$(INSTALL) packages assets

setup: python
	@$(INSTALL) packages assets translations

setup-tests: python
	@$(INSTALL) packages tools assets translations

.PHONY: python
python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 or newer is needed: install it, or say where it is: make PYTHON=/path/to/python3.11" >&2; exit 1; }
