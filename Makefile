# make run: the main job; make test: the tests; make check: style and types; make ui: MLflow's pages on the default store
PYTHON ?= python3
BIN = .venv/bin

run: .venv/ready
	$(BIN)/run.py -m method=token,fact size=1x,5x

test: .venv/ready
	$(BIN)/python -m pytest -n auto --dist worksteal

slow: .venv/ready
	$(BIN)/python -m pytest -m slow

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

ui: .venv/ready
	$(BIN)/mlflow ui --backend-store-uri sqlite:///mlruns/mlflow.db

# The site of docs/ in site/. A broken link or anchor is an error. Only the installation needs a network, and only the first time.
docs: .venv/ready
	test -x $(BIN)/zensical || $(BIN)/python -m pip install --quiet -e '.[docs]'
	$(BIN)/zensical build --clean --strict

.venv/ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -e '.[local,test]'
	touch $@

.PHONY: run test slow check ui docs
