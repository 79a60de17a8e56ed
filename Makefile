# Everything that a person or a machine does with this repository. `make run` needs Python 3.11, make and git, nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
BIN := .venv/bin
.DEFAULT_GOAL := run
# Compiled modules are kept, whatever the environment says: each command starts a second sooner.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: run test check bench conformance migration fmt lock clean

run: .make/run .make/pages
	@$(BIN)/jiaojie serve --demo

# All tests run in WORKERS processes, a file in one of them; a browser often waits, so they are more than two cores. What ARGS asks for runs as pytest runs it: make test ARGS="-k handover"
# LEAVE names a folder whose tests have run already.
WORKERS ?= 4
test: .make/test .make/pages
	@$(BIN)/python deploy/browser.py
	@$(BIN)/python deploy/peers.py
	$(BIN)/pytest $(or $(ARGS),-n $(WORKERS) --dist loadfile --no-loadscope-reorder $(if $(LEAVE),--ignore=$(LEAVE)))

check: .make/test .make/pages
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/architecture

bench: .make/bench .make/pages
	@for name in turn http timers feel documents; do $(BIN)/python -m bench.$$name || exit 1; done

# Public test suites that lie beside the repository, or where SUITES says.
SUITES ?= ../shared/conformance
conformance: .make/test
	@failed=0; for pair in tck:dmn-tck betsy:betsy betsy-constraints:betsy miwg:miwg \
	    zeebe:zeebe-process-test zeebe:zeebe-bpmn-tck; do \
	  $(BIN)/python -m tests.conformance $${pair%%:*} $(SUITES)/$${pair##*:} || failed=1; done; exit $$failed

# A new migration from what the models say: make migration NAME=add_something
migration: .make/test
	$(BIN)/python -m migrations.new $(NAME)

fmt: .make/test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Locked requirements again from the *.in files, newest versions that fit.
lock: .make/test
	$(BIN)/pip install -q pip-tools
	cd requirements && for name in run test bench node; do \
	  ../$(BIN)/pip-compile -q --generate-hashes --strip-extras --allow-unsafe --no-header \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o $$name.txt $$name.in || exit 1; done

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Install it, or name it: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { rm -rf .venv; echo "Python's venv module is incomplete here. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

.make/run: .venv/pyvenv.cfg requirements/run.txt pyproject.toml
	@echo "Installing the Python packages …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@mkdir -p .make && touch $@

.make/test: .make/run requirements/test.txt
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

.make/bench: .make/test requirements/bench.txt
	@echo "Installing what the benchmarks are set beside …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

# Built again only when a source changed; Node.js comes from a wheel where the machine has none.
.make/pages: .make/run requirements/node.txt $(shell find web -type f -not -path '*/node_modules/*' 2>/dev/null)
	@$(BIN)/python deploy/pages.py
	@touch $@

clean:
	rm -rf .make .venv web/node_modules api/static/build*
