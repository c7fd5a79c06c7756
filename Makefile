.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
INI ?= development.ini
SECONDS ?= 600
INSTALLED := $(VENV)/.installed
CATALOGUES := $(wildcard domain/locale/*/LC_MESSAGES/*.po portal/locale/*/LC_MESSAGES/*.po)
TRANSLATED := $(VENV)/.translated

.PHONY: help install run test test-races test-crashes test-freeswitch test-peers soak check lint types contracts templates migrations format db revision messages sounds postgres fuzz clean

help: ## Tell what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-16s %s\n", $$1, $$2}'

install: $(INSTALLED) $(TRANSLATED) ## Make .venv with the exact versions of constraints.txt

$(INSTALLED): setup.py constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

$(TRANSLATED): $(INSTALLED) $(CATALOGUES)
	$(BIN)/pybabel -q compile -D domain -d domain/locale
	$(BIN)/pybabel -q compile -D portal -d portal/locale
	@touch $@

run: install ## Install, migrate, seed a demo, start everything; Ctrl-C stops it
	@exec $(BIN)/sms-callback --config $(INI) run

test: install postgres ## Run every test but those that need a FreeSWITCH
	$(BIN)/python -m pytest -n 3 -m 'not freeswitch and not peers' --cov --cov-report=term:skip-covered
	$(BIN)/coverage report --include='domain/*,esl_service/*' --format=total --fail-under=95

test-races: install postgres ## Run the races for money 200 times on both databases
	$(BIN)/python -m pytest -n auto -m races --races 200 -q tests/domain

test-crashes: install ## Kill the ESL service 20 times at each of twelve moments of a call
	$(BIN)/python -m pytest -n 4 -m crashes --crashes 20 -q tests/system

test-freeswitch: install sounds ## Run the tests on a real FreeSWITCH (FREESWITCH=path, or on PATH)
	$(BIN)/python -m pytest -n 3 -m freeswitch tests/freeswitch

fuzz: install ## Let a fuzzer text us whatever it can think of, for SECONDS (600)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[fuzz]'
	@mkdir -p var/fuzz/commands
	PYTHONPATH=. $(BIN)/python tests/fuzz/commands.py -max_total_time=$(SECONDS) -max_len=600 -artifact_prefix=var/fuzz/ var/fuzz/commands

soak: install ## Let 2,000 sessions pass on the sandbox: does anything stay?
	$(BIN)/python bench/soak.py

test-peers: ## Compare our signatures with the vendors' own libraries, in .venv-peers
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,peers]'
	.venv-peers/bin/python -m pytest -m peers -W default tests/peers

check: lint types contracts templates migrations ## Run every check but the tests

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

contracts: install
	$(BIN)/lint-imports

templates: install
	$(BIN)/djlint --lint --quiet --extension jinja2 portal/templates sandbox/web/templates

migrations: install ## Migrate an empty database up, compare it with the models, and down
	@rm -f var/check.sqlite && mkdir -p var
	DATABASE_URL=sqlite:///var/check.sqlite $(BIN)/alembic -c $(INI) upgrade head
	DATABASE_URL=sqlite:///var/check.sqlite $(BIN)/alembic -c $(INI) check
	DATABASE_URL=sqlite:///var/check.sqlite $(BIN)/alembic -c $(INI) downgrade base
	@rm -f var/check.sqlite*

format: install ## Let ruff write the code its way
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

db: install ## Bring the database to the newest migration
	$(BIN)/alembic -c $(INI) upgrade head

revision: install ## Write a migration from the models: make revision m="what it does"
	$(BIN)/alembic -c $(INI) revision --autogenerate -m "$(m)"

messages: install ## Extract the texts of pages and replies; update and compile the catalogues
	@for part in domain portal; do \
	  $(BIN)/pybabel -q extract -F config/babel.cfg --sort-by-file --add-location=file --no-wrap --project="SMS callback" --header-comment="# Texts of the $$part." -o $$part/locale/$$part.pot $$part && \
	  $(BIN)/pybabel -q update -D $$part -i $$part/locale/$$part.pot -d $$part/locale --no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date && \
	  $(BIN)/pybabel -q compile -D $$part -d $$part/locale || exit 1; \
	done

sounds: install ## Build the prompts' audio, what changed of it, into var/sounds
	$(BIN)/sms-callback --config $(INI) sounds build

postgres: ## Install PostgreSQL's programs from Debian, if they are missing and we may
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null; } || \
	  echo "PostgreSQL is not installed: its tests will be skipped"

clean: ## Forget everything that can be made again
	rm -rf $(VENV) .venv-peers var build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage*
