# Two commands for users: `make run` and `make test`. Everything lives in .venv and build.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-full lint words bench soak lock clean

# The distribution's own come first: built with profiles, they save a tenth of the time of all that runs.
WHOLE := import ensurepip, os, sys, sysconfig as s; \
	sys.exit(sys.version_info < (3, 11) or not os.path.exists(s.get_path("include") + "/Python.h"))
PYTHON ?= $(shell for p in /usr/bin/python3.12 /usr/bin/python3.11 python3.12 python3.11 python3.13 python3; do \
	$$p -c '$(WHOLE)' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
EXAMPLE := features/declarations/sesame-nigeria.json
# Databases wait for the disk at every commit: tests have theirs in memory, where 4 GB are free.
MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 4000000 { print "TMPDIR=/dev/shm" }')
PYTEST = $(MEMORY) $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

help: ## What can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/'

FRONT := api/static/dist/built-from
FRONT_SOURCES := $(shell find api/web -name node_modules -prune -o -type f -print)

setup: $(VENV)/ready $(FRONT) ## Virtual environment with everything pinned, front end built

$(VENV)/ready: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer, its headers and venv are needed: see README.md"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Node is the machine's, or comes from PyPI; nothing is built twice from the same sources.
$(FRONT): $(VENV)/ready $(FRONT_SOURCES)
	$(BIN)/python api/web/build.py
	@touch $@

run: setup ## Publish, decide an example, serve
	$(BIN)/commensura publish
	$(BIN)/commensura decide $(EXAMPLE)
	$(BIN)/commensura serve --port $(PORT) --demo $(EXAMPLE)

test: setup ## The everyday suite
	$(PYTEST)

test-full: setup ## The same with the full forms of agreement and fuzz
	COMMENSURA_FULL=1 $(PYTEST)

lint: setup ## Style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

words: setup ## Bring new words of the pages into every catalogue, to be translated
	@mkdir -p build
	$(BIN)/pybabel -q extract --mapping babel.cfg --keyword spoken --no-location --sort-output \
		--output build/messages.pot .
	for language in api/translations/*/; do $(BIN)/pybabel -q update --no-fuzzy-matching \
		--ignore-obsolete --ignore-pot-creation-date --width 100 --input-file build/messages.pot --output-dir api/translations \
		--locale $$(basename $$language) || exit; done

bench: $(VENV)/bench ## Deciding, serving, checking and proving, beside zen-engine and CLIPS, in one run
	$(BIN)/python -m tests.benchmarks.deciding
	$(BIN)/python -m tests.benchmarks.serving
	$(BIN)/python -m tests.benchmarks.desk
	$(BIN)/python -m tests.benchmarks.editing
	$(BIN)/python -m tests.benchmarks.specs
	$(BIN)/python -m tests.benchmarks.proving

$(VENV)/bench: $(VENV)/ready requirements-bench.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

soak: setup ## 200,000 decisions, memory watched (ITEMS=1000000 for the long form)
	$(BIN)/python -m tests.benchmarks.soak $(or $(ITEMS),200000)

lock: setup ## Resolve the pins anew
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --no-strip-extras \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header \
		--output-file requirements.lock pyproject.toml

clean: ## Remove what was made
	rm -rf $(VENV) build api/static/dist api/web/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
