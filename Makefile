# Everything here runs on a machine with Python 3.11 or newer, make and the ordinary package clients.
SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV ?= .venv
BIN := $(VENV)/bin
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

.PHONY: lock
lock: ## write requirements/*.txt again from requirements/*.in (needs uv)
	@tools/lock.sh
