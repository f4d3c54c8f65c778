# Two commands: `make demo` builds the first report, `make test` checks everything.
# Both set up .venv from nothing; all they need is Python 3.11 and git.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
export PATH := $(CURDIR)/.venv/bin:$(PATH)
READY := .venv/ready

.PHONY: help setup demo test lint benchmark

help:
	@echo "make demo       train, score and report the translation study (about 12 minutes on 2 cores)"
	@echo "make test       ruff and every test"
	@echo "make setup      only make .venv and install the pinned packages"
	@echo "make lint       only ruff"
	@echo "make benchmark  speed of training and prediction against peers, as ratios"

setup: $(READY)

# constraints.txt pins every package, also those that ours need
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "error: Python 3.11 is needed, $(PYTHON) is another; try: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	python -m pip install --quiet --disable-pip-version-check --progress-bar on \
		--constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(READY)
	dvc repro report@translation
	@echo
	@echo "The report: $(CURDIR)/reports/translation.html (and .md)"
	@echo "Try a variant: . .venv/bin/activate && dvc exp run -S lr=3e-6"

lint: $(READY)
	ruff check .
	ruff format --check .

test: lint
	python -m pytest

benchmark: $(READY)
	python -m benchmarks.training
	python -m benchmarks.prediction
