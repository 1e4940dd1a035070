# One virtual environment, .venv; each target installs what it needs first.
PYTHON ?= python3.11
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run install test check bench locale clean

run: install
	@$(BIN)/onrecord run

install: .venv/installed

# torch comes first and pinned: other releases bring gigabytes of GPU libraries.
.venv/installed: pyproject.toml constraints.txt
	@echo "Installing into .venv (a few minutes the first time)" >&2
	@$(PYTHON) -m venv .venv
	@$(PIP) install --constraint constraints.txt torch
	@$(PIP) install --constraint constraints.txt --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	@$(PIP) install --constraint constraints.txt --editable '.[dev]'
	@touch $@

# The inner loop: format, lint, types and the quick tests.
check: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/pytest -q -m "not slow and not http"

# Everything, and that the program runs without the development dependencies.
test: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/pytest
	tests/smoke.sh $(PYTHON)

bench: .venv/installed-dev
	@$(PIP) install --constraint constraints.txt --editable '.[dev,bench]'
	$(BIN)/python -m tests.benchmarks.models
	$(BIN)/python -m tests.benchmarks.latency

# Enters new texts of the code into the translations, to be filled in, and drops those that are gone.
LOCALE := bot/i18n/locale
locale: .venv/installed-dev
	@$(BIN)/pybabel -q extract --no-default-keywords \
		--keywords='_ N_ ngettext:1,2 Phrase counted:1,2' --add-comments=Translators: \
		--strip-comments --add-location=file --sort-by-file --width=100 --omit-header \
		--output=$(LOCALE)/onrecord.pot bot index
	@$(BIN)/pybabel -q update --domain=onrecord --input-file=$(LOCALE)/onrecord.pot \
		--output-dir=$(LOCALE) --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
		--width=100

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
