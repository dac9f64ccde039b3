# Everything here runs on a machine with Python 3.11 or newer, make and the ordinary package clients.
SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV ?= .venv
BIN := $(VENV)/bin
# One worker per core; more only slows the timing tests down.
WORKERS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
SIZE ?= 10000

# The first interpreter that really runs and is new enough; PYTHON=... overrides.
FIND_PYTHON = p=$${PYTHON:-$$(for c in python3 python3.13 python3.12 python3.11; do \
	$$c -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$c && break; done)}; \
	[ -n "$$p" ] || { echo "make: Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11" >&2; exit 1; }

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F '\t' '{printf "make %-12s %s\n", $$1, $$2}'

.PHONY: setup
setup: ## create or refresh .venv and the front-end assets; starts nothing
	@$(FIND_PYTHON); VENV=$(VENV) $$p tools/setup_environment.py

.PHONY: demo
demo: setup ## the whole product with a synthetic partnership (PORT=8000); Ctrl-C stops it
	@exec $(BIN)/tracker demo $(if $(PORT),--port $(PORT))

.PHONY: test
test: setup ## every test; BROWSER=none leaves out those that need Chromium
	@$(BIN)/python tools/browser.py
	@$(BIN)/pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not soak$(if $(filter none,$(BROWSER)), and not browser)"

.PHONY: soak
soak: setup ## kills and fuzzing for minutes
	@HYPOTHESIS_PROFILE=explore $(BIN)/pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m soak --timeout 1800

.PHONY: test-all
test-all: setup ## start the product and run the unit tests on every supported Python present
	@$(BIN)/python tools/every_python.py

.PHONY: lint
lint: setup ## style, types, layers, SQL, templates, dead code, container files
	$(BIN)/ruff check
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tools.lint
	$(BIN)/squawk --config .squawk.toml schema/migrations/*.sql
	$(BIN)/djlint --lint --quiet --profile jinja service
	$(BIN)/vulture
	$(BIN)/hadolint Dockerfile

.PHONY: format
format: setup ## put the code into its one format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: bench
bench: setup ## every number of docs/performance.md again (SIZE=10000 pathways)
	@$(BIN)/python -m benchmarks --size $(SIZE)

.PHONY: bench-data
bench-data: setup ## build the database of 1,000,000 pathways that bench can use
	@$(BIN)/python -m benchmarks.data

.PHONY: assets
assets: setup ## build style sheets and scripts again
	@$(BIN)/python -m tools.assets

.PHONY: docs
docs: setup ## write docs/data-dictionary.md again from the code
	@$(BIN)/python -m tools.data_dictionary

.PHONY: lock
lock: ## write requirements/*.txt again from requirements/*.in (needs uv)
	@tools/lock.sh

.PHONY: clean
clean: ## remove everything that setup, the demonstration and the tests made
	rm -rf .venv .venv-* .demo node_modules service/web/static/build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
