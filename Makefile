# All that is done with this project by hand. `make` alone lists it.
#
# A machine needs python3 (3.11 or newer), make, and pip's own way to a package registry: a mirror, a proxy or
# certificates set up for pip are used. Nothing is installed outside .venv.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check
# Wheels only: what a source package asks for while it is built would not be pinned.
INSTALL := $(PIP) install --quiet --require-hashes --only-binary :all: --no-deps --no-compile
COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--python-version 3.11 --custom-compile-command 'make pin' $(UPGRADE)

# The tests start hundreds of processes: each would compile all it imports, which takes longer than its work.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint check format catalogues pictures bench torture wheel pin upgrade clean

help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.project ## Build .venv, with the outreach command in it

demo: setup ## Play a whole sign-on call, weeks in a minute; then look round in its console
	@$(BIN)/outreach demo

test: setup ## Run the tests
	@$(BIN)/pytest -n auto --dist worksteal

lint: setup ## Check the format, the style, the types and the layers
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	cd benchmarks && MYPYPATH=.:.. ../$(BIN)/mypy --config-file ../pyproject.toml .
	$(BIN)/lint-imports

check: lint test ## All of lint, then the tests

format: setup ## Format the code and sort the imports
	$(BIN)/ruff check --select I --fix
	$(BIN)/ruff format

CONSOLE := outreach/web/console
BABEL = $(BIN)/pybabel --quiet
catalogues: setup ## Bring the console's French and Spanish up to date with its English
	@mkdir -p build
	@$(BABEL) extract -F pyproject.toml -k _ --no-location --sort-output --project=outreach --copyright-holder=outreach -o build/console.pot $(CONSOLE)
	@for each in fr es; do file=$(CONSOLE)/locale/$$each.po; \
		if [ -e $$file ]; then $(BABEL) update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
			--width 116 -i build/console.pot -l $$each -o $$file; \
		else $(BABEL) init --width 116 -i build/console.pot -l $$each -o $$file; fi; done

pictures: setup ## Take the pictures of the console for README and guides (needs chromium; ONLY="home call")
	$(BIN)/python -m tests.pictures.make $(ONLY)

MEASURED := $(if $(QUICK),send lists,send lists take_in_mail publish_list deliver_letters console_pages)
bench: setup ## Measure against what one would use instead (QUICK=1: less of it, in some minutes)
	@set -e; for each in $(MEASURED); do echo "benchmarks/$$each.py"; $(BIN)/python benchmarks/$$each.py; done

torture: setup ## Run the tests that take minutes: kills, full disks, lost connections
	@rm -f build/kill-loop.txt
	@$(BIN)/pytest -n 8 --dist worksteal -m torture  # a process for each: they wait more than they work
	@cat build/kill-loop.txt

wheel: setup ## Build a wheel into dist/
	$(BIN)/hatchling build -t wheel

pin: .venv/.installed ## Write requirements/ anew for what pyproject.toml asks
	$(INSTALL) -r requirements/uv.txt
	$(COMPILE) --group pin -o requirements/uv.txt
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) pyproject.toml --extra postgresql --group dev -o requirements/dev.txt

upgrade: ## As pin, taking the newest of everything
	@$(MAKE) pin UPGRADE=--upgrade

clean: ## Remove all that can be made again (never a database, an outbox or secrets)
	rm -rf .venv .demo build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find outreach tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.installed: requirements/dev.txt
	@$(PYTHON) -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "This needs Python 3.11 or newer, with its venv module, as '$(PYTHON)'." >&2; \
		echo "Another one: make PYTHON=python3.12 ... On Debian and Ubuntu: apt install python3-venv." >&2; \
		exit 1; }
	@echo "Setting up .venv, once; this takes a minute or so."
	@$(PYTHON) -m venv --clear .venv
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

.venv/.project: .venv/.installed pyproject.toml
	@$(PIP) install --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $@
