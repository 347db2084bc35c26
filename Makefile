# Two commands do everything: `make run` opens the chat page, `make test` passes the tests.
# Both create .venv and install what they need. Nothing else has to be set up by hand.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 7860

.PHONY: run test lint types train clean

run: $(VENV)/.run
	$(BIN)/python app.py --port $(PORT)

test: $(VENV)/.dev
	sh tests/system-packages.sh
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

train: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --editable '.[train]'
	$(BIN)/python -m training
	$(BIN)/python -m training.question_words
	$(BIN)/python -m training.ranking
	$(BIN)/python -m training.reader
	$(BIN)/python -m training.ordering
	$(BIN)/python -m training.belief
	$(BIN)/python -m training.choosing

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Youju needs Python 3.11 or newer; give one with: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/.run
