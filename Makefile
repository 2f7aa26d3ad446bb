# Two commands set everything up: `make demo` and `make test`. Everything lives in .venv; nothing is installed elsewhere.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
BUILT  := .aws-sam/build/template.yaml
LOCAL  := tests/integration/account

export SAM_CLI_TELEMETRY := 0
export AWS_DEFAULT_REGION ?= eu-west-1

.PHONY: demo demo-selftest unit test test-all check build layer format bench events docs lock clean help

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements/dev.txt pyproject.toml
	@echo "setting up $(VENV) (once, about a minute)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: Python 3.11 or newer is needed"; echo "hint: make PYTHON=python3.13 ..."; exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)  ## every sample event and scenario on the real Lambda runtime emulator
	@$(BIN)/python -m authorizer.tools.demo

demo-selftest: $(READY)  ## spoil five events and one answer; the demo must report exactly those
	@$(BIN)/python -m authorizer.tools.demo.selftest

unit: $(READY)  ## the unit tests of what is deployed, under thirty seconds
	$(BIN)/python -m pytest tests/unit -m "not long" -n 2 --dist worksteal --ignore tests/unit/tools

test: $(READY)  ## the tests, under five minutes
	$(BIN)/python -m pytest -m "not long" -n 2 --dist worksteal

test-all: $(READY) $(BUILT)  ## all tests, the long ones too; then a deployment into an account on this machine
	$(BIN)/python -m pytest -n 2 --dist worksteal --ignore $(LOCAL)
	$(BIN)/python -m pytest $(LOCAL)

check: $(READY) build  ## format, lint, types, import contract, spelling; what `sam deploy` would upload is built and run
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell
	$(BIN)/python -m pytest -q tests/integration/artifact -k "built_function_answers or processor or role"

build: $(READY)  ## what `sam deploy` uploads: both layers and the functions with checked settings
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/sam validate --lint
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/sam build

$(BUILT): $(READY) template.yaml requirements/runtime.txt requirements/build.txt $(wildcard authorizer*.toml) $(shell find authorizer layers -type f -not -name '*.pyc')
	$(MAKE) build

layer: $(READY)  ## the layers as archives in dist/, for those who deploy without SAM
	$(BIN)/python -m layers.archive arm64 dist/lambda-authorizers-arm64.zip
	$(BIN)/python -m layers.archive x86_64 dist/lambda-authorizers-x86_64.zip

format: $(READY)  ## format the code and mend what the linter can
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

bench: $(READY) $(BUILT)  ## speed, as ratios measured in one run
	$(BIN)/python -m benchmarks

events: $(READY)  ## make events/ anew, with keys that are thrown away
	$(BIN)/python -m authorizer.tools.events
	$(MAKE) docs

docs: $(READY)  ## write docs/reasons.md and docs/troubleshooting.md from the catalogues, docs/parameters.md from the template
	$(BIN)/python -m authorizer.tools.reasons_page
	$(BIN)/python -m authorizer.tools.doctor.troubleshooting_page
	$(BIN)/python -m layers.parameters_page

lock: $(READY)  ## pin the newest versions with their hashes
	cd requirements && for name in runtime build dev lambda account awscli; do \
	  case $$name in lambda|account|awscli) minor=3.12;; *) minor=3.11;; esac; \
	  ../$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	    --python-version $$minor --upgrade $$name.in --output-file $$name.txt; done

clean:
	rm -rf $(VENV) build dist .aws-sam .pytest_cache .mypy_cache .ruff_cache .hypothesis
