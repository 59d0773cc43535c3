# Two commands matter: `make site` builds the site, `make test` runs every check. Both set up what they need in .venv.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Twice quiet: errors are still shown, warnings about the machine's own pip settings are not.
PIP    := $(BIN)/python -m pip --disable-pip-version-check -q -q install -c constraints.txt

# A stamp is newer than what it was installed from, so that a second run installs nothing.
INSTALLED      := $(VENV)/.installed
INSTALLED_TEST := $(VENV)/.installed-test
INSTALLED_BENCH := $(VENV)/.installed-bench

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help site test chromium golden screenshots bench clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):[^#]*## /  make \1|/' | column -t -s '|' 2>/dev/null \
		|| grep -E '^[a-z]+:.*##' Makefile

site: $(INSTALLED)  ## build the knowledge base of this repository into site/html
	$(BIN)/fieldguide build

test: $(INSTALLED_TEST) chromium  ## run ruff, mypy and all tests
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --strict --no-error-summary
	$(BIN)/python -m pytest

golden: $(INSTALLED_TEST)  ## write the golden files anew from what the code makes now; read the difference before you commit
	FIELDGUIDE_GOLDEN=write $(BIN)/python -m pytest -k golden -m 'not corpus'

bench: $(INSTALLED_BENCH)  ## measure a build beside the stock way, on a checkout of SigmaHQ; ARGS='--only again' for a part
	$(BIN)/python -m bench $(ARGS)

screenshots: $(INSTALLED_TEST) chromium  ## take the images of docs/tour.md anew
	$(BIN)/python -m tests.site.screenshots

clean:  ## remove everything that is made
	rm -rf $(VENV) build dist fieldguide.egg-info site/docs site/html site/mkdocs.yml .fieldguide-cache
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find generator tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The browser tests need Chromium. tests/browser/chromium.py looks for it here and in the tests alike.
chromium: $(INSTALLED_TEST)
	@$(BIN)/python tests/browser/chromium.py >/dev/null 2>&1 || { \
		if [ -z "$$CHROMIUM" ] && [ -e /etc/debian_version ] && [ "$$(id -u)" = 0 ]; then \
			echo "Installing Chromium for the browser tests"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
		fi; }; \
	$(BIN)/python tests/browser/chromium.py

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Fieldguide needs Python 3.11 or later. Name one: make PYTHON=python3.12 site" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "No virtual environment could be made. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Fieldguide into $(VENV)"
	@$(PIP) -e .
	@touch $@

$(INSTALLED_BENCH): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Fieldguide and what it is measured with into $(VENV)"
	@$(PIP) -e '.[bench]'
	@touch $(INSTALLED) $@

$(INSTALLED_TEST): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Fieldguide and its test tools into $(VENV)"
	@$(PIP) -e '.[test]'
	@touch $(INSTALLED) $@
