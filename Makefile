# What one does here. `make help` lists it; tools/setup.py brings what it needs.
#   PYTHON           the Python that makes .venv
#   WORKERS          how many processes test
#   SEED             which mutants `make mutate` draws
#   CNN_DIET_CACHE   (environment) a folder for the caches instead of .cache

PYTHON ?= python3
WORKERS ?= 2
SEED ?= 0
VENV := .venv/bin/python

# Setup leaves compiling to the first import, whose result Python must keep.
export PYTHONDONTWRITEBYTECODE :=
# Material's notice that it ends in 2027 is known.
export NO_MKDOCS_2_WARNING := 1

# What dates a build holds are those of its commit.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)

.DEFAULT_GOAL := help
.PHONY: help setup browser serve site zip test update agree lint audit bench latency determinism mutate clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "Caches live in .cache, or in the folder that CNN_DIET_CACHE names."

setup: ## set up what the other commands need (each of them does so itself)
	@$(PYTHON) tools/setup.py

browser: setup
	@$(PYTHON) tools/setup.py browser

serve: setup ## show the site at http://127.0.0.1:8000/ and follow every change
	@$(VENV) -m mkdocs serve

# Built beside the last good site, which a failed build leaves whole. Without --quiet,
# which would hide the warnings from --strict too.
site: setup ## build the site, both languages, into site/
	@rm -rf .site.new
	@$(VENV) -m mkdocs build --strict --site-dir .site.new
	@rm -rf .site.old; if [ -e site ]; then mv site .site.old; fi
	@mv .site.new site
	@rm -rf .site.old

zip: setup ## the site as a zip that works without a server, with search
	@rm -rf .site.new
	@OFFLINE=true $(VENV) -m mkdocs build --strict --site-dir .site.new
	@$(VENV) -m tools.pack .site.new cnn-parameter-diet.zip
	@rm -rf .site.new

# One thread a process: more would only wait for each other.
test: browser ## run every test
	@OMP_NUM_THREADS=1 $(VENV) -m pytest -n $(WORKERS) --dist loadfile

update: browser ## renew every checked output
	@$(VENV) -m tools.update
	@$(VENV) -m pytest -q -s -p no:xdist --renew tests/test_screens.py::test_it_looks_as_it_did

agree: setup ## PAGE=...: record that the two languages of a page say the same
	@$(VENV) -m tools.agree $(PAGE)

lint: setup ## look at the style of the Python code
	@$(VENV) -m ruff check
	@$(VENV) -m ruff format --check

# In an environment of its own: what it brings would be pinned here for nothing.
AUDIT := .cache/audit/bin/python -m
audit: ## ask PyPI whether a pinned package has a known vulnerability
	@$(PYTHON) -m venv .cache/audit && $(AUDIT) pip install --quiet pip-audit==2.10.1
	@$(AUDIT) pip_audit --strict --disable-pip --requirement requirements.txt
	@$(AUDIT) pip_audit --strict --disable-pip --no-deps --requirement requirements-torch.txt

bench: browser ## time builds and weigh pages, into bench.json (takes many minutes)
	@$(VENV) -m tools.bench

latency: setup ## time the networks that pages compare and renew docs/latency.json (takes minutes)
	@PYTHONPATH=. OMP_NUM_THREADS=1 $(VENV) tools/latency.py

determinism: setup ## build twice from nothing and compare the bytes (takes minutes)
	@$(VENV) -m tools.determinism

mutate: setup ## change one number or operator after another: do tests notice? (takes minutes)
	@OMP_NUM_THREADS=1 $(VENV) -m tools.mutate --seed $(SEED) --workers $(WORKERS)

clean: ## remove what was built and cached, but not .venv
	@rm -rf site cnn-parameter-diet.zip .site.new .site.old .cache .pytest_cache .ruff_cache
