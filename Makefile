# Everything runs from a virtual environment that this file makes: Python >= 3.11 and make are enough.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup nightly test test-all check up bench clean

help:  ## Say what can be asked of make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY)  ## Make the virtual environment from the lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 ou plus récent est nécessaire (make PYTHON=python3.12 …)." >&2; exit 1; }
	@echo "Installation des dépendances (une à deux minutes la première fois)…"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip sync --quiet --compile-bytecode --system-certs --require-hashes --python $(BIN)/python requirements.lock \
	  || $(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	@pwd > "$$($(BIN)/python -c 'import site; print(site.getsitepackages()[0])')/observatoire.pth"
	@printf '#!/bin/sh\nexec "%s/.venv/bin/python" -m observatoire "$$@"\n' "$$(pwd)" > $(BIN)/observatoire
	@chmod +x $(BIN)/observatoire
	@touch $@

nightly: setup  ## Run the whole night on data/demo, or on OBSERVATOIRE_SOURCES
	@$(BIN)/observatoire nightly

test: setup  ## Run the tests that take seconds
	@$(BIN)/python -m pytest -m "not long" -n auto

test-all: setup  ## Run every test
	@$(BIN)/python -m pytest -n auto

check: setup  ## Lint, types, SQL lint, import arrows
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@OBSERVATOIRE_ENTREPOT=:memory: $(BIN)/sqlfluff lint --disable-progress-bar --quiet dbt

up: export PATH := $(CURDIR)/$(BIN):$(PATH)
up: export AIRFLOW_HOME = $(or $(OBSERVATOIRE_HOME),$(CURDIR)/var)/airflow
up: export AIRFLOW__CORE__DAGS_FOLDER = $(CURDIR)/dags
up: export AIRFLOW__CORE__LOAD_EXAMPLES = false
up: export AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS = true
up: export AIRFLOW__API__HOST = 127.0.0.1
up: setup  ## Open the Airflow interface on this machine: http://127.0.0.1:8080
	@$(BIN)/airflow db migrate
	@$(BIN)/airflow pools set entrepot 1 "Un seul écrivain à la fois"
	@$(BIN)/airflow standalone

bench: setup  ## Measure, side by side
	@$(BIN)/python -m benchmarks

clean:  ## Remove the virtual environment and the caches; never the state
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dbt/target dbt/logs
