# make demo   get the local model, index this repository and networkx, ask both, show the evidence
# make test   every test
# make check  lint, types, import contract: what CI runs besides the tests
# Each target does all the set-up that it needs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONSAFEPATH := 1

.PHONY: demo test check fix install model clean

demo: model
	@$(BIN)/evidentia demo

test: export OMP_WAIT_POLICY := passive
test: model
	@$(BIN)/pytest

check: install
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: install
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

model: install
	@$(BIN)/evidentia model get

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Evidentia needs Python 3.11 or newer; name one with: make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)
	@echo "installing (about two minutes and 2 GB the first time)"
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache
