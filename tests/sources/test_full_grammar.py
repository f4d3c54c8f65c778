"""The data of studies/full/grammar.yaml, as the hub gives them: a stand-in with their columns."""

from pathlib import Path

import datasets
import pytest

from stages.planning.schema import StudyFile
from stages.planning.yaml_files import load
from stages.sources import SOURCES
from stages.splits import assign
from stages.splits.selection import taught
from tests.conftest import ROOT

PAIRS = [("Rome beat Athens.", "Athens was beaten by Rome.", 1), ("Rome fell.", "It rose.", 0)]
# Set, configuration: what a row has, of a pair and its label
COLUMNS = {
    ("jhu-clsp/jfleg", None): lambda a, b, label: {"sentence": a, "corrections": [b, a]},
    ("google-research-datasets/paws", "labeled_final"): lambda a, b, label: (
        {"id": 1, "sentence1": a, "sentence2": b, "label": label}
    ),
    ("nyu-mll/glue", "qqp"): lambda a, b, label: (
        {"question1": a, "question2": b, "label": label, "idx": 1}
    ),
    ("google-research-datasets/nq_open", None): lambda a, b, label: {"question": a, "answer": [b]},
}


@pytest.fixture
def studies(monkeypatch):
    def load_dataset(name, config, *, split, **options):
        rows = [(f"{name} {split}: {a}", b, label) for a, b, label in PAIRS]
        return datasets.Dataset.from_list([COLUMNS[name, config](*row) for row in rows])

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    return load(ROOT / Path("studies/full/grammar.yaml"), StudyFile)


@pytest.mark.parametrize("study", ["grammar_full", "paraphrase_full", "knowledge_full"])
def test_each_split_is_drawn_from_an_official_one_of_each_set(studies, study):
    declared = studies.study[study].model_dump()
    rows = SOURCES["together"](declared["source"])
    sets = set(declared["source"]["sets"])
    wanted = {name: split | {"rows": len(sets)} for name, split in declared["splits"].items()}
    group_of = {row["id"]: row["id"] for row in rows}
    drawn = assign.draw(rows, group_of, wanted, {}, 42)
    by_id = {row["id"]: row for row in rows}
    for name in ("train", "dev", "test"):
        found = [by_id[key] for key in drawn[name]]
        assert {row["origin"] for row in found} == set(wanted[name]["origins"])
    assert {row["category"] for row in rows} == sets


def test_pairs_that_mean_something_else_are_in_no_row(studies):
    rows = SOURCES["together"](studies.study["paraphrase_full"].model_dump()["source"])
    assert len(rows) == 6 and {row["target"] for row in rows} == {PAIRS[0][1]}


def test_corrections_and_answers_are_references(studies):
    (row, *_) = SOURCES["together"](studies.study["grammar_full"].model_dump()["source"])
    assert row["references"] == [row["target"], row["input"]] and row["target"] == PAIRS[0][1]


def test_all_corrections_of_a_sentence_are_trained_on_and_its_dev_prompt_is_the_base_s(studies):
    rows = SOURCES["together"](studies.study["grammar_full"].model_dump()["source"])
    arms = {name: arm for name, arm in studies.arms.items() if arm.study == "grammar_full"}
    for size in ("3b", "8b"):
        tuned, base = (
            studies.renders[arms[f"grammar_full-{kind}_{size}"].render]
            for kind in ("tuned", "base")
        )
        pairs = taught(rows, tuned.model_dump(exclude_defaults=True), "renders")
        assert len(pairs) == 2 * len(rows) == len({row["id"] for row in pairs})
        assert {row["target"] for row in pairs} == {t for row in rows for t in row["references"]}
        assert tuned.model_copy(update={"every_reference": False}) == base


def test_the_ten_adapters_of_the_original_are_trained_alike(studies):
    trained = {name: arm for name, arm in studies.arms.items() if arm.method == "sft"}
    assert len(trained) == 10
    assert len({name[:-3] for name in trained}) == 5, "each at both sizes"
    for study in studies.study.values():
        knobs = study.lr, study.epochs, study.batch_size, study.gradient_accumulation
        assert (*knobs, study.precision) == (5e-5, 3.0, 4, 4, "bf16")
        lora = study.lora
        assert (lora.r, lora.alpha) == (16, 32)
        assert lora.target_modules == ["q_proj", "k_proj", "v_proj", "o_proj"]
