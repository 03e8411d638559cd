# One ritual for people and for machines. `make help` lists what there is.
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
WORKERS ?= 2

# Tests start hundreds of processes: each would compile all there is.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run install local develop browser tesseract check test coverage test-long bench texts lock

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-12s %s\n", $$1, $$2}'

run: install ## serve on http://localhost:8000, everything included
	@exec $(BIN)/muniment serve

install: $(VENV)/.runtime ## a virtual environment with what Muniment needs, pinned by hash

local: install ## what a chat model of your own on this machine needs beside its file
	@$(PIP) install --no-deps --require-hashes -r requirements/local.txt

develop: $(VENV)/.development ## the same with what the checks and tests need

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml
	@test -x $(BIN)/python || { python="$${PYTHON:-$$(tools/find-python)}" && "$$python" -m venv $(VENV); }
	@echo "Installing, pinned by hash. This takes a minute or two the first time."
	@$(PIP) install --no-deps --require-hashes -r requirements/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.development: $(VENV)/.runtime requirements/development.txt
	@$(PIP) install --no-deps --require-hashes -r requirements/development.txt
	@touch $@

browser:
	@command -v chromium-headless-shell >/dev/null || tools/install-chromium

tesseract:
	@ls /usr/share/tesseract*/*/tessdata/deu.traineddata /usr/share/*/deu.traineddata >/dev/null 2>&1 || \
	  ls /usr/share/tesseract*/*/*/deu.traineddata >/dev/null 2>&1 || tools/install-tesseract

check: develop ## style, types, import contracts
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@tools/check-imports $(BIN)/lint-imports

test: develop browser tesseract ## every test but the long runs
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not long"

coverage: develop browser tesseract ## the same, telling which lines no test passes; takes half as long again
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not long" --cov --cov-report=term

test-long: develop browser tesseract ## kill loops, soak, second engines, identity providers of others, each page and each role in turn
	@$(PIP) install --no-deps --require-hashes -r requirements/local-model-test.txt
	@tools/install-identity-providers
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m long

bench: develop ## the measurements of docs/benchmarks.md
	@$(BIN)/python -m evaluations

texts: develop ## collect the words marked for translation, and compile the catalogs
	@$(BIN)/python tools/texts.py

lock: ## resolve the requirements anew
	@requirements/lock
