# What people and CI run. Each target sets up what it needs; nothing has to be installed but Python 3.11 to 3.13 and make.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
SOURCES := setup.py pyproject.toml $(shell find build_backend -name '*.py') \
	$(shell find frontend -name node_modules -prune -o -type f -print 2>/dev/null)
BUNDLES := tb_share/plugin/static/index.js tb_share/gateway/portal/static/portal.js
FIND_PYTHON := for each in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	$$each -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo $$each && break; done
PYTEST := $(BIN)/python -m pytest
CHROMIUM := $(or $(TB_SHARE_CHROMIUM),$(shell command -v chromium || command -v chromium-browser || command -v google-chrome))

.PHONY: help
help:  ## Show this
	@grep -hE '^[a-z0-9-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{ printf "  make %-10s %s\n", $$1, $$2 }'

$(INSTALLED): $(SOURCES)
	@python="$$($(FIND_PYTHON))"; \
	if [ -z "$$python" ]; then echo "No Python 3.11, 3.12 or 3.13 with venv was found. Install one, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; fi; \
	[ -x $(BIN)/python ] || { echo "Making $(VENV) with $$python"; "$$python" -m venv $(VENV); }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

.PHONY: install
install: $(INSTALLED)

.PHONY: demo
demo: install  ## Train a small classifier in seconds and serve its logs (DEMO="--open --port 7000")
	@exec $(BIN)/tb-share demo $(DEMO)

.PHONY: dev
dev: install  ## Serve a logdir; the frontend is built anew on each change (DEV="--logdir ~/logs --port 7000")
	@exec env TB_SHARE_DATA="$${TB_SHARE_DATA:-tb-share-dev}" $(BIN)/python build_backend/watch.py \
		$(BIN)/tb-share serve $(or $(DEV),--logdir tests/logdirs/keras-orientation)

.PHONY: check
check: check-style check-types check-imports check-frontend check-unit  ## Format, lint, types, import contracts, unit and architecture tests

.PHONY: check-style
check-style: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell

.PHONY: check-types
check-types: install
	$(BIN)/mypy

.PHONY: check-imports
check-imports: install
	$(BIN)/lint-imports --no-cache

.PHONY: check-frontend
check-frontend: install
	$(BIN)/python build_backend/frontend_backend.py check

.PHONY: check-unit
check-unit: install
	$(PYTEST) -n 2 tests/unit tests/architecture

.PHONY: test
test: check  ## check, then conformance, security cases and integration
	$(PYTEST) -n 2 tests/conformance tests/cases tests/integration

.PHONY: e2e
e2e: check-frontend  ## The journeys in Chromium (TB_SHARE_CHROMIUM names it, else one on PATH)
	@[ -x "$(CHROMIUM)" ] || { echo "make e2e needs Chromium: install it (apt-get install chromium), or set TB_SHARE_CHROMIUM to its path." >&2; exit 1; }
	TB_SHARE_CHROMIUM="$(CHROMIUM)" $(PYTEST) -n 2 tests/e2e

.PHONY: bench
bench: install  ## Compare with stock TensorBoard, in pairs, as ratios (BENCH="--quick", "--set M --pairs 9 --out FILE")
	$(BIN)/python -m tests.benchmarks $(BENCH)

.PHONY: site
site: e2e  ## The guide as pages in build/site, with the pictures that e2e takes
	$(BIN)/python -m mkdocs build

.PHONY: frontend
frontend: install  ## Build the browser's bundles anew
	$(BIN)/python build_backend/frontend_backend.py

.PHONY: fix
fix: install  ## Every automatic fix
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python build_backend/frontend_backend.py fix

.PHONY: docs
docs: install  ## Write docs/guide/reference.md and docs/openapi.json anew from the code
	$(BIN)/python -m tb_share.cli.reference > docs/guide/reference.md.new
	mv docs/guide/reference.md.new docs/guide/reference.md
	$(BIN)/python -m tb_share.cli.openapi > docs/openapi.json.new
	mv docs/openapi.json.new docs/openapi.json
