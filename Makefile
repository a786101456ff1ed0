# Every command of the project. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test check bench demo system lock set-up texts

PYTHON_HERE := .venv/bin/python
SET_UP := sh scripts/find_python.sh scripts/set_up.py
FLASK := $(PYTHON_HERE) -m flask --app wsgi
COMPILE := $(PYTHON_HERE) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | awk -F '|' '{ printf "%-14s %s\n", $$1, $$2 }'

run: ## Set up, then run web, worker and a local mailbox (PORT=8010, DEMO=0)
	@$(SET_UP)
	@exec $(PYTHON_HERE) scripts/run.py

test: ## Set up, then run every check and every test (ARGS="tests/rules -x")
	@$(SET_UP)
	@$(PYTHON_HERE) scripts/run_tests.py $(ARGS)

check: ## Lint, format, types and import rules
	@$(SET_UP)
	@$(PYTHON_HERE) scripts/check.py

bench: ## Measure speed, memory and page weight, and print a table
	@$(SET_UP)
	@$(PYTHON_HERE) -m tests.bench

demo: ## Fill an empty database with the demonstration data
	@$(SET_UP)
	@$(FLASK) db upgrade
	@$(FLASK) demo

system: ## Install the system parts that tests need (Debian, as root)
	@sh scripts/find_python.sh scripts/install_system.py

lock: ## Pin every package anew, with hashes, from the requirements files
	@$(SET_UP)
	@$(COMPILE) requirements.txt --output-file requirements.lock
	@$(COMPILE) requirements-dev.txt --constraint requirements.lock --output-file requirements-dev.lock
	@$(COMPILE) requirements-node.txt --output-file requirements-node.lock

texts: ## Bring the catalogues of other languages up to date with the texts
	@$(SET_UP)
	@$(PYTHON_HERE) scripts/texts.py

set-up: ## Only set up: packages, assets, postcodes, .env
	@$(SET_UP)
