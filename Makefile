# Everything a newcomer or a contributor types. `make` alone lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Where `make demo` serves: from the environment, or on the command line (make demo PORT=8001).
HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

VENV := .venv
PYTHON := $(VENV)/bin/python
# The lists name every package with its hashes, so pip has nothing to resolve; modules are compiled
# when they are first imported, which most never are.
PIP := $(PYTHON) -m pip --disable-pip-version-check -qq install --root-user-action ignore \
	--require-hashes --no-deps --no-compile
DEMO := $(PYTHON) -m app.demo

# The programs that counting is held and measured against live apart: nothing of them belongs to the
# product.
PEERS := .venv-peers/.installed

# Tests run in this many processes; ARGS passes anything else on (make test ARGS="-k ballot").
WORKERS ?= 2
ARGS ?=

# What stands in the environment: pip (which comes last when it is made), and two stamps, each older
# than its list when the list changes.
PIP_INSTALLED := $(VENV)/bin/pip
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed

.PHONY: help demo demo-fresh test resilience check format lock bench screenshots translations

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(RUNTIME) ## Serve the demonstration city; keeps what was entered
	@exec $(DEMO)

demo-fresh: $(RUNTIME) ## Serve the demonstration city, begun anew
	@exec $(DEMO) --fresh

test: $(DEVELOPMENT) $(PEERS) ## Run every test, on SQLite and on PostgreSQL, with a real browser
	@scripts/need-chromium
	@scripts/need-strace
	@$(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

resilience: $(DEVELOPMENT) ## Put ballots under fire in full: kills, full disks, copies (an hour)
	@scripts/need-strace
	@$(PYTHON) -m tests.resilience $(ARGS)

check: $(DEVELOPMENT) ## Run every check that needs no running: style, types, floors, templates, files
	@scripts/check

format: $(DEVELOPMENT) ## Lay the Python files out the way `make check` wants them
	@$(PYTHON) -m ruff check --fix-only .
	@$(PYTHON) -m ruff format .

lock: $(PIP_INSTALLED) ## Write the hash-pinned lists in requirements/ anew
	@scripts/lock

bench: $(DEVELOPMENT) $(PEERS) ## Measure counting and serving against their targets
	@$(PYTHON) -m benchmarks $(ARGS)

screenshots: $(DEVELOPMENT) ## Take the README's pictures from the demonstration city
	@scripts/need-chromium
	@$(PYTHON) -m scripts.screenshots $(ARGS)

translations: $(DEVELOPMENT) ## Collect the interface's texts and compile their translations
	@scripts/translations

$(PIP_INSTALLED):
	@scripts/make-environment $(VENV)

$(RUNTIME): requirements/runtime.txt | $(PIP_INSTALLED)
	@echo "Installing what Common Purse needs (less than a minute)."
	@$(PIP) -r $<
	@touch $@

# The longer list contains the shorter one, so one installation serves both.
$(DEVELOPMENT): requirements/dev.txt requirements/runtime.txt | $(PIP_INSTALLED)
	@echo "Installing what the tests and checks need (about a minute)."
	@$(PIP) -r $<
	@touch $(RUNTIME) $@

$(PEERS): requirements/peers.txt
	@echo "Installing the programs that counting is compared with (less than a minute)."
	@test -x .venv-peers/bin/pip || scripts/make-environment .venv-peers
	@$(subst $(VENV),.venv-peers,$(PIP)) -r $<
	@touch $@
