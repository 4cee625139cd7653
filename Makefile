# Istilam: every target sets up what it needs by itself.
#   make setup        Debian packages (as root or with sudo) and a virtual environment from requirements.lock
#   make demo         an office and a terminal on this machine, and a page to play visitor and saboteur: the dock
#   make demo-once    one visit in each language by itself, with pictures of each screen and of the paper
#   make test         style, types, imports, tests, coverage floors
#   make soak         200 cards read in a real pcscd that is killed 20 times in between; every fault of the dock on every screen; an
#                     office killed 200 times at work; 10,000 random visits; 1,000 drawn in one process; every journey in three
#                     ways; every page before every rule of axe-core; all of Unicode's cases of mixed directions
#   make fuzz         any bytes to every parser of a device's or card's bytes, FUZZ_SECONDS=600 each, by atheris
#   make judges       programs of others before our virtual printer: receiptio, and escpos-tools (ESCPOS_TOOLS, ESCPOS_PHP: mirrors)
#   make bench        speed and memory, each against its floor in the same run: build/bench.json
#   make screens      every screen, state, language, size and contrast: build/screens/index.html and contents.html
#   make pictures     the pictures of the README, from the same screens
#   make deb          the terminal's Debian package from the last commit: build/istilam-terminal_VERSION_amd64.deb
#   make test-appliance  the package in a Debian 12 of its own: built twice, installed, booted, frozen, upgraded
#   make lock         renew requirements.lock and requirements-terminal.lock after a change of pyproject.toml

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# Hundreds of processes import what is here: each would compile it anew where images of containers set this.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= /usr/bin/python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

BASE_PACKAGES := python3 python3-venv python3-dev gcc pkg-config swig libpcsclite-dev libusb-1.0-0 \
	libgl1 libegl1 libgl1-mesa-dri libmtdev1 libpangocairo-1.0-0 fontconfig fonts-noto-core espeak-ng alsa-utils tzdata
CARD_PACKAGES := openssl pcscd vsmartcard-vpcd
# kannel-extras has fakesmsc, an operator to try Kannel with.
TEST_PACKAGES := unicode-data chromium poppler-utils $(CARD_PACKAGES) systemd swtpm tpm2-tools kannel kannel-extras faketime

ESCPOS_TOOLS ?= https://github.com/receipt-print-hq/escpos-tools
ESCPOS_PHP ?= https://github.com/mike42/escpos-php

APPLIANCE_PACKAGES := systemd-container mmdebstrap zstd qemu-system-x86 e2fsprogs

.PHONY: help deb test-appliance setup setup-test demo demo-once test lint types imports unit coverage soak fuzz judges judge-packages bench screens pictures lock clean

help:
	@sed -n 's/^#  //p' Makefile

# $(call debian,PACKAGES): install what is missing, or say what is.
define debian
@missing=$$(for p in $(1); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo -n "$$p "; done); \
if [ -n "$$missing" ]; then \
	if [ "$$(id -u)" = 0 ]; then sudo=; \
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo=sudo; \
	else echo "These Debian packages are missing: $$missing(install them as root: apt-get install $$missing)" >&2; exit 1; fi; \
	echo "Installing Debian packages: $$missing"; \
	log=$$(mktemp); \
	{ $$sudo apt-get update -q && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -q --no-install-recommends $$missing; } \
		>$$log 2>&1 || { cat $$log >&2; exit 1; }; \
fi
endef

$(STAMP): requirements.lock pyproject.toml
	@echo "Making the virtual environment in $(VENV): this takes some minutes, and says nothing meanwhile"
	@$(PYTHON) -m venv $(VENV)
	@log=$$(mktemp); \
	{ $(BIN)/pip install --disable-pip-version-check --require-hashes -r requirements.lock && \
		$(BIN)/pip install --disable-pip-version-check --no-deps --no-build-isolation -e .; } >$$log 2>&1 \
		|| { cat $$log >&2; exit 1; }
	@touch $@

setup:
	$(call debian,$(BASE_PACKAGES))
	@$(MAKE) --no-print-directory $(STAMP)
	@$(BIN)/python -m kiosk.locales

setup-test: setup
	$(call debian,$(TEST_PACKAGES))

demo: setup
	$(call debian,$(CARD_PACKAGES))
	@$(BIN)/python -m provisioning.demo

demo-once: setup
	@$(BIN)/python -m provisioning.demo --once

test: setup-test lint types imports unit coverage

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/basedpyright

imports:
	$(BIN)/lint-imports

unit:
	rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=

# Branch coverage floors: what must never be wrong is held to 90 %.
coverage:
	@$(BIN)/coverage combine -q --append 2>/dev/null || true  # of processes that ended after the tests
	$(BIN)/coverage report --skip-covered --sort=cover | tail -n 25
	@for part in 'central_api/contract/*' 'central_api/workflow/*' 'central_api/store/*' 'kiosk/flow/*,kiosk/visit_state.py' \
		'kiosk/vault*.py' 'devices/printer/*,devices/scanner/*,devices/card/*'; do \
		$(BIN)/coverage report --include="$$part" --fail-under=90 >/dev/null \
			|| { echo "branch coverage of $$part is below 90 %:"; $(BIN)/coverage report -m --include="$$part"; exit 1; }; \
	done

deb: setup
	@$(BIN)/python -m provisioning.package $(if $(VERSION),--version $(VERSION))

test-appliance: setup
	$(call debian,$(APPLIANCE_PACKAGES))
	$(if $(filter 0,$(shell id -u)),,sudo )$(BIN)/python -m pytest -v -x -o timeout=1800 tests/provisioning/appliance/lobby.py tests/provisioning/appliance/booted.py tests/provisioning/appliance/screen.py tests/provisioning/appliance/drivers.py

soak: setup-test
	ISTILAM_BIDI=whole $(BIN)/python -m pytest --timeout 3600 tests/devices/test_bidi.py
	ISTILAM_CARD_ROUNDS=200 $(BIN)/python -m pytest -rP --timeout 3600 tests/devices/card/test_soak.py
	ISTILAM_DOCK_CELLS=1000 $(BIN)/python -m pytest --timeout 3600 tests/devices/dock/test_dock.py -k "fault_on_any_screen or identity_card"
	ISTILAM_OFFICE_KILLS=200 $(BIN)/python -m pytest --timeout 7200 tests/faults/test_office_served_killed.py
	ISTILAM_RANDOM_VISITS=10000 $(BIN)/python -m pytest --timeout 7200 tests/kiosk/test_random_visits.py
	ISTILAM_IMPORT_ROWS=1000000 $(BIN)/python -m pytest --timeout 3600 tests/central_api/imports/test_large.py
	ISTILAM_SOAK_VISITS=1000 $(BIN)/python -m pytest --timeout 7200 -k no_memory tests/kiosk/test_app.py
	ISTILAM_THREE_WAYS=whole $(BIN)/python -m pytest --timeout 3600 tests/journeys/test_three_ways.py
	ISTILAM_AXE=whole $(BIN)/python -m pytest --timeout 3600 tests/central_api/console/test_pages.py
	ISTILAM_WHOLE=200 $(BIN)/python -m pytest --timeout 7200 tests/central_api/store/test_whole.py

fuzz: setup
	$(call debian,$(CARD_PACKAGES))
	@test -d build/fuzz/atheris || $(BIN)/pip install --disable-pip-version-check -q --no-deps --require-hashes --target build/fuzz/atheris -r requirements-fuzz.lock
	PYTHONPATH=build/fuzz/atheris $(BIN)/python -m tests.fuzz --seconds $(or $(FUZZ_SECONDS),600)

judges: setup
	@command -v npm >/dev/null || { $(MAKE) --no-print-directory judge-packages; }
	@npm install --silent --no-audit --no-fund --no-package-lock --prefix build/judges receiptio@2.1.2
	$(call debian,git php-cli php-mbstring)
	@$(MAKE) --no-print-directory build/judges/escpos-tools
	$(BIN)/python -m pytest -v -rs tests/judges/receiptio.py tests/judges/escpos_tools.py

# In no package registry: two repositories, each at the commit that was judged by. Its warning of a command that it does
# not know (GS L, our left margin) ends it under PHP 8, where implode wants its arguments the other way round.
build/judges/escpos-tools:
	@rm -rf $@.part && mkdir -p build/judges
	git clone -q $(ESCPOS_TOOLS) $@.part && git -C $@.part checkout -q 4311694dd632e0f509eba691d26adf8c2f092daf
	sed -i "s/implode(\$$cmdStack, ' ')/implode(' ', \$$cmdStack)/" $@.part/src/Parser/Command/Printout.php
	mkdir $@.part/vendor && cp tests/judges/autoload.php $@.part/vendor/
	git clone -q $(ESCPOS_PHP) $@.part/vendor/escpos-php && git -C $@.part/vendor/escpos-php checkout -q 11d8ed8950b775c6f120722de10ee2ef6fb90f18
	@mv $@.part $@

judge-packages:
	$(call debian,nodejs npm)

bench: setup
	$(call debian,$(CARD_PACKAGES) chromium)
	@$(BIN)/python -m tests.benchmarks

screens: setup
	@$(BIN)/python -m kiosk.gallery --out build/screens --golden tests/kiosk/golden
	@for size in 1920x1080 1280x800 800x480; do \
		$(BIN)/python -m kiosk.gallery --out build/screens/$$size --size $$size; \
		$(BIN)/python -m kiosk.gallery --out build/screens/large-$$size --size $$size --manner large; \
	done
	@$(BIN)/python -m kiosk.gallery --out build/screens/easy-1280x800 --size 1280x800 --manner easy
	@for manner in dark high large low choices; do \
		$(BIN)/python -m kiosk.gallery --out build/screens/$$manner --manner $$manner; \
	done
	@$(BIN)/python -c 'from pathlib import Path; from kiosk.gallery import write_contents; write_contents(Path("build/screens"))'

pictures: screens setup-test
	@$(BIN)/python docs/pictures.py build/screens docs/pictures
	@$(BIN)/python docs/dock_picture.py docs/pictures/dock-en.png
	@PYTHONPATH=. $(BIN)/python docs/console_pictures.py docs/pictures

lock:
	uv pip compile pyproject.toml --python-version 3.11 --all-extras --group dev --generate-hashes --no-emit-index-url --no-strip-extras -q -o requirements.lock
	uv pip compile pyproject.toml --python-version 3.11 --extra kiosk --extra devices --extra provisioning --constraint requirements.lock --generate-hashes --no-emit-index-url -q -o requirements-terminal.lock
	uv pip compile --group pyproject.toml:fuzz --python-version 3.11 --generate-hashes --no-emit-index-url -q -o requirements-fuzz.lock

clean:
	rm -rf build .venv .coverage .coverage.* .pytest_cache .ruff_cache .hypothesis
