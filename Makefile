# One virtual environment, .venv; each target installs what it needs first.
PYTHON ?= python3.11
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# More processes than two cores, as many tests wait for a server or another process (the quick
# ones do not); numeric libraries shall start no threads of their own beside them.
WORKERS ?= 3
PYTEST = OMP_NUM_THREADS=1 $(BIN)/pytest -q --numprocesses $(WORKERS) --dist worksteal

.PHONY: run install check test soak bench compare locale clean lint types chromium

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
check: WORKERS = 2
check: lint types
	$(PYTEST) -m "not slow and not http and not postgres" --hypothesis-profile quick

# Everything but the long rounds, and that the program runs without the development dependencies.
test: lint types chromium
	$(PYTEST) -m "not soak"
	tests/smoke.sh $(PYTHON)

# Reads the pages of the reading room.
chromium:
	@command -v chromium > /dev/null || apt-get install --yes chromium > /dev/null 2>&1 || \
		echo "no chromium (apt-get install chromium): the tests in a browser are skipped" >&2

# The long rounds: kills, power cuts, damaged files, memory, load, training.
soak: .venv/installed-dev
	$(PYTEST) -m soak --soak

lint: .venv/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo

types: .venv/installed-dev
	$(BIN)/mypy

bench: .venv/installed-dev
	@$(PIP) install --constraint constraints.txt --editable '.[dev,bench]'
	$(BIN)/python -m tests.benchmarks.models
	$(BIN)/python -m tests.benchmarks.latency

# Beside other programs, which get an environment of their own.
.compare/installed: tests/benchmarks/rivals/requirements.txt
	@$(PYTHON) -m venv .compare
	@.compare/bin/python -m pip --disable-pip-version-check --quiet install --requirement $<
	@touch $@

compare: .venv/installed-dev .compare/installed
	$(BIN)/python -m tests.benchmarks.compare $(CORPUS) $(QUESTIONS)

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
