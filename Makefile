# make demo       index httpx and this project's documentation, ask both, show the evidence: about two minutes
# make demo-full  the same of this whole repository and networkx: ten minutes on two cores
# make test       the tests that take less than five seconds each, in as many processes as there are cores
# make test-all   every test, those that are marked slow too
# make coverage   what make test reaches, and whether that is as much as pyproject.toml asks for; every test: CHOSEN=
# make check      lint, types, import contract: what CI runs besides the tests
# make reference  docs/reference/ anew from the docstrings
# make house      the figures of the house: files, names, helpers, registries, arrows between the folders
# make lock       write the lock of what is installed anew (needs uv), after a change of dependencies
# Each target does all the set-up that it needs.

SHELL := bash
.SHELLFLAGS := -o pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONSAFEPATH := 1

.PHONY: demo demo-full test test-all coverage check fix reference house install lock model clean

demo: install
	@$(BIN)/evidentia demo

demo-full: install
	@$(BIN)/evidentia demo --full --folder demo-library-full

# One process of tests for each core; every file stays in one, so that what its tests share is made once.
PYTEST := $(BIN)/pytest --numprocesses auto --dist loadfile
CHOSEN ?= -m "not slow"
test test-all coverage: export OMP_WAIT_POLICY := passive

test: model
	@$(PYTEST) -m "not slow"

test-all: model
	@$(PYTEST)

coverage: model
	@$(PYTEST) $(CHOSEN) --cov --cov-report=term:skip-covered

check: install
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

reference: install
	@$(BIN)/python scripts/reference.py

house: install
	@$(BIN)/python scripts/house.py

fix: install
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

model: install
	@$(BIN)/evidentia model get

install: $(VENV)/.installed

# Says how far pip is: it is quiet for minutes otherwise.
COUNTED = awk -v all=$$(grep -c == $(1)) '/^Collecting/ { if (++n % 10 == 0 || n == all) print "  " n " of " all " packages" } \
    /^Installing/ { print "  unpacking, the longest part" } { fflush() }'

# Nothing is installed but what the lock names by its digest, and nothing is built but this package itself.
LOCKED := $(BIN)/python -m pip install --progress-bar off --no-deps --only-binary :all: --require-hashes --requirement
LOCKS := requirements.lock requirements-cpu.lock requirements-gpu.lock

$(VENV)/.installed: pyproject.toml $(LOCKS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Evidentia needs Python 3.11 or newer; name one with: make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)
	@echo "installing (about two minutes and 2 GB the first time, 6 GB with torch's build for GPUs)"
	@$(LOCKED) requirements.lock | $(call COUNTED,requirements.lock)
	@$(LOCKED) requirements-cpu.lock 2>/dev/null | $(call COUNTED,requirements-cpu.lock) || \
	    $(LOCKED) requirements-gpu.lock | $(call COUNTED,requirements-gpu.lock)
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python .ci/see_types
	@$(BIN)/python -m pip check
	@touch $@

lock:
	@.ci/lock

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache
