# The project's verbs. Each sets up what it needs: a virtual environment in .venv from the locked, hashed requirements.
PYTHON ?= python3
BIN := .venv/bin
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.PHONY: help setup browser spark demo test check house serve bench validity coverage docs lock clean

help: ## say what each verb does
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1	/' | expand -t 16

setup: .venv/ready ## make .venv from requirements/dev.txt, once

demo: setup ## run the whole report on the bundled Essex figures, into build/essex
	$(BIN)/levelup demo --out build/essex

test: setup browser spark ## run the whole suite
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: house test ## all that must hold before a commit: format, lint, types, walls, documentation, tests

house: setup ## the parts of check that run no test
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports --no-logo && $(BIN)/python docs/generate.py --check

serve: setup ## show the demonstration's pages in a browser on this machine
	@[ -f build/essex/report/index.html ] || $(MAKE) demo
	$(BIN)/levelup serve build/essex/report

bench: setup ## print the speed figures
	$(BIN)/python benchmarks/speed.py $(ARGS)

validity: setup ## measure how often verdicts are wrong, by simulation (up to an hour; ARGS="--draws 1000" for a short run)
	$(BIN)/python -m tests.validity $(ARGS)

coverage: setup ## measure how often intervals over noisy groups hold the truth (hours; ARGS="--draws 700" for a shorter run)
	$(BIN)/python -m tests.coverage $(ARGS)

docs: setup ## write docs/reference again from the catalogue, the reading cards, the help and the codes
	$(BIN)/python docs/generate.py

lock: setup ## write requirements/ again from pyproject.toml (needs uv on the path)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements/run.txt
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements/dev.txt
	uv pip compile pyproject.toml --extra spark-test -c requirements/dev.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements/spark.txt

clean: ## remove what the commands made
	rm -rf build dist .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# uv is used where it is on the path and reaches an index; pip, which knows this machine's own settings, otherwise.
.venv/ready: requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "levelup needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make setup PYTHON=python3.12")'
	@rm -rf .venv
	@if command -v uv >/dev/null && uv venv -q -p "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv && uv pip install -q -p $(BIN)/python --require-hashes --only-binary :all: -r requirements/dev.txt; \
	then uv pip install -q -p $(BIN)/python --no-deps --no-build-isolation --editable .; \
	else rm -rf .venv && $(PYTHON) -m venv .venv && $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/dev.txt \
	  && $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --editable .; fi
	@touch $@

# The tests of the pages need a real browser. It is installed where that needs no question; elsewhere those tests say why they were skipped.
browser:
	@if [ -n "$${LEVELUP_CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif ! command -v apt-get >/dev/null; then echo "browser: skipped, this machine has no apt-get; name one in LEVELUP_CHROMIUM to run the tests of the pages"; \
	elif [ "$$(id -u)" = 0 ]; then (timeout 600 apt-get -qq update && DEBIAN_FRONTEND=noninteractive timeout 900 apt-get -qq install -y --no-install-recommends chromium fonts-liberation) >/dev/null 2>&1 || echo "browser: skipped, apt-get could not install chromium"; \
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then (sudo -n timeout 600 apt-get -qq update && sudo -n DEBIAN_FRONTEND=noninteractive timeout 900 apt-get -qq install -y --no-install-recommends chromium fonts-liberation) >/dev/null 2>&1 || echo "browser: skipped, apt-get could not install chromium"; \
	else echo "browser: skipped, installing chromium needs root or a sudo without a password"; fi

# The tests of the distributed engine need a Spark Connect client and Sail, which stands in for a cluster: about 900 MB, and the client is
# built from its source. LEVELUP_SPARK=no leaves them out; those tests then say why they were skipped.
spark: setup
	@if [ "$${LEVELUP_SPARK:-yes}" = no ] || [ .venv/spark -nt requirements/spark.txt ]; then :; \
	elif timeout 900 $(BIN)/python -m pip --version >/dev/null 2>&1 && timeout 900 $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: --no-binary pyspark-client --no-build-isolation -r requirements/spark.txt 2>/dev/null; then touch .venv/spark; \
	elif command -v uv >/dev/null && timeout 900 uv pip install -q -p $(BIN)/python --require-hashes --only-binary :all: --no-binary pyspark-client --no-build-isolation -r requirements/spark.txt 2>/dev/null; then touch .venv/spark; \
	else echo "spark: skipped, requirements/spark.txt could not be installed; the tests of the distributed engine say so"; fi
