# Needs Python 3.11 or newer, git and make; everything else is installed into the project's folder.
UV := python3 scripts/uv.py
PORT ?= 8000
HOST ?= 127.0.0.1

.DEFAULT_GOAL := help
.PHONY: help python setup demo test story bench format clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: ## the demo city on http://127.0.0.1:$(PORT); make demo PORT=9000; HOST=0.0.0.0 for phones in the same network
	@$(UV) sync --locked --no-dev --inexact
	@python3 scripts/clients.py
	@exec $(UV) run --no-sync lvyi demo --host $(HOST) --port $(PORT)

python:
	@$(UV) sync --locked

setup: python ## Python and the clients for development; says what tests in a browser miss, installs no system package
	@python3 scripts/clients.py
	@$(UV) run --no-sync python scripts/test.py missing

test: python ## everything that CI runs
	@exec $(UV) run --no-sync python scripts/test.py

story: python ## the main job on real input: a conference and its year, through HTTP; PAPERS=folder of texts
	@exec $(UV) run --no-sync pytest tests/story -q $(if $(PAPERS),--papers "$(PAPERS)")

bench: python ## speed as ratios to a bare FastAPI route, in one run; SCALES=1,100
	@exec $(UV) run --no-sync python -m bench --scales $(or $(SCALES),1)

format: python ## format and fix what can be fixed
	@$(UV) run --no-sync ruff format .
	@$(UV) run --no-sync ruff check --fix .

clean: ## remove what was installed and built, keep the data in var/
	rm -rf .venv .cache dist app/_web clients/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
