# `make` prints the targets. Nothing needs to be configured; PORT, PYTHON and DATABASE_URL may be given.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test quick fuzz bench drill lint audit lock sbom vulnerabilities messages clean python port

PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
MANAGE := DEBUG=1 $(BIN)/python manage.py
# The first of these that is new enough makes the virtual environment.
PYTHONS := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11)
# What `make test` and `make lint` install beyond what `make run` does.
DEV := $(VENV)/.requirements-dev
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement
# What `make bench` compares with, which is no part of the project.
PEERS := .venv-bench
# Each worker compiles all tests anew where Python may not write down what it compiled: four seconds of each.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n auto --dist worksteal
# What of medium severity or higher it finds is to be mended, or marked with the reason why it is right as it is.
# Of a line so marked it says besides where it found nothing, which says nothing.
BANDIT = $(BIN)/python -c 'import logging; logging.getLogger("bandit.core.tester").setLevel(logging.ERROR); from bandit.cli.main import main; main()' \
  --quiet --recursive --configfile pyproject.toml --severity-level medium apps kzforeign
# For every system and version of Python at once. uv's own configuration and that of a machine have no part in it.
LOCK = $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
  --custom-compile-command "make lock" $(UPGRADE)

help: ## Print this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.requirements port ## Install, migrate, load the fixtures and serve on 127.0.0.1 (PORT=8000)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) seed
	@$(MANAGE) create_local_curator
	@echo
	@echo "Site   http://127.0.0.1:$(PORT)/"
	@echo "Admin  http://127.0.0.1:$(PORT)/admin/"
	@echo "API    http://127.0.0.1:$(PORT)/api/v1/"
	@echo "Docs   http://127.0.0.1:$(PORT)/api/v1/docs/"
	@echo
	@exec env DEBUG=1 $(BIN)/python manage.py runserver --noreload 127.0.0.1:$(PORT)

test: $(DEV) ## Run the tests (browser tests too, if there is a Chromium)
	@$(PYTEST)

quick: $(DEV) ## Run the tests that are worth running all day
	@$(PYTEST) -m "not exhaustive and not browser" --hypothesis-profile quick

fuzz: $(DEV) ## Ask the API thousands of made-up requests (CASES=5000, SEED=1, DATABASE_URL of a PostgreSQL)
	@$(BIN)/python -m tests.hostile.fuzz

bench: $(VENV)/.requirements $(PEERS)/.requirements ## Compare its speed with that of others (SIZES=S,M,L, DATABASES=sqlite,postgres, ROUNDS=5, ROWS=lists,warm)
	@$(BIN)/python -m tests.benchmarks.speed

drill: $(DEV) ## Try what it does while its servers, its disk or its clients are in trouble (needs PostgreSQL and redis-server)
	@$(BIN)/python -m tests.drills

lint: $(DEV) ## Check code, templates, layers, migrations and the API schema
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports
	$(BANDIT)
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) spectacular --validate --fail-on-warn --file /dev/null

audit: $(DEV) ## Look for dangerous code, list what the site is made of (sbom.json), ask for known vulnerabilities
	$(BANDIT)
	@$(MAKE) --no-print-directory sbom vulnerabilities

sbom: $(DEV) ## Write what production installs as a CycloneDX bill of materials, sbom.json
	@$(BIN)/python -W ignore::UserWarning -m cyclonedx_py requirements --pyproject pyproject.toml \
	  --output-reproducible --output-format JSON --output-file sbom.json kzforeign/locks/requirements.lock
	@echo "sbom.json lists what kzforeign/locks/requirements.lock names."

vulnerabilities: $(DEV) ## Ask whether what is locked has known vulnerabilities (SERVICE=pypi or osv)
	@$(BIN)/python .ci/vulnerabilities.py kzforeign/locks/requirements-dev.lock $(or $(SERVICE),pypi)

lock: $(DEV) ## Bring the lock files in step with requirements*.txt (UPGRADE=--upgrade for what these leave open)
	@env -u UV_DEFAULT_INDEX -u UV_INDEX_URL -u UV_INDEX $(LOCK) requirements.txt --output-file kzforeign/locks/requirements.lock
	@env -u UV_DEFAULT_INDEX -u UV_INDEX_URL -u UV_INDEX $(LOCK) requirements-dev.txt --constraint kzforeign/locks/requirements.lock --output-file kzforeign/locks/requirements-dev.lock

messages: $(DEV) ## Bring the catalogs of translations in step with the source and compile them (needs GNU gettext)
	@command -v xgettext msgmerge >/dev/null || { echo "GNU gettext is needed. On Debian and Ubuntu: apt-get install gettext" >&2; exit 1; }
	$(MANAGE) makemessages

clean: ## Remove the virtual environment and caches; the database stays
	rm -rf $(VENV) $(PEERS) staticfiles .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find apps kzforeign tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@found=; for python in $(PYTHONS); do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Python 3.11 or later is needed, and none was found as: $(PYTHONS). Name yours: make run PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi; \
	$$found -m venv $(VENV) || { \
	  rm -rf $(VENV); \
	  echo "The virtual environment could not be made. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	  exit 1; \
	}

# With hashes, of all files for any system that there were when `make lock` was run: no other file is installed.
$(VENV)/.requirements: kzforeign/locks/requirements.lock | $(BIN)/python
	@echo "Installing what kzforeign/locks/requirements.lock names ..."
	@$(INSTALL) kzforeign/locks/requirements.lock
	@touch $@

$(DEV): kzforeign/locks/requirements-dev.lock | $(BIN)/python
	@echo "Installing what kzforeign/locks/requirements-dev.lock names ..."
	@$(INSTALL) kzforeign/locks/requirements-dev.lock
	@touch $@

$(PEERS)/.requirements: tests/benchmarks/requirements.txt | $(BIN)/python
	@echo "Installing what tests/benchmarks/requirements.txt names ..."
	@$(BIN)/python -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/benchmarks/requirements.txt
	@touch $@

port: | $(BIN)/python
	@$(BIN)/python -c 'import socket, sys; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", int(sys.argv[1])))' "$(PORT)" 2>/dev/null || { \
	  echo "Port $(PORT) cannot be used: another program has it, or it is no port. Choose another: make run PORT=8001" >&2; \
	  exit 1; \
	}
