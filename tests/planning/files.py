"""The files of two toy studies that `plan` reads, and what it makes of them."""

from pathlib import Path

from stages import plan

ARM = {"study": "toy", "base": "tiny", "render": "toy-chat", "method": "sft"}
STUDY = {
    "title": "Toy",
    "question": "Does it?",
    "base": "tiny",
    "instruction": "Translate.",
    "source": {
        "kind": "file",
        "path": "toy.jsonl",
        "sha256": "0" * 64,
        "columns": {"input": "en", "target": "ja"},
    },
    "splits": {name: {"version": "v1", "rows": 4} for name in ("train", "dev", "test")},
    "metrics": {"chrf": {}, "terminology": {"glossary": "glossary.tsv"}},
}
STUDIES = {
    "bases": {"tiny": {"kind": "folder", "path": "tiny", "sha256": "0" * 64, "licence": "MIT"}},
    "study": {"toy": STUDY},
    "renders": {"toy-chat": {"study": "toy", "format": "chat"}},
    "arms": {
        "toy-s0": {**ARM, "method": "none"},
        "toy-follows": ARM,
        "toy-pinned": {**ARM, "lr": 1e-3, "lora": {"r": 8}},
    },
}
OTHER = {
    "study": {"far": {**STUDY, "metrics": {"chrf": {}}}},
    "renders": {"far-alpaca": {"study": "far", "format": "alpaca"}},
    "arms": {"far-s0": {"study": "far", "base": "tiny", "render": "far-alpaca", "method": "none"}},
}
PIPELINE = {
    "vars": [
        {"score_comet": {}},
        {"measure_drift": {}},
        {"judge": {}},
        {"next_tokens": {}},
        "studies/toy.yaml",
        "studies/far.yaml",
    ],
    "stages": {"plan": {"params": [{"params.yaml": None}, {"studies/toy.yaml": None}]}},
}
PIPELINE["stages"]["plan"]["params"].append({"studies/far.yaml": None})


def planned() -> dict[str, bytes]:
    """The bytes of every plan, by stage/key."""
    plan.main()
    return {str(file.relative_to("plan").with_suffix("")): file.read_bytes() for file in files()}


def files() -> list[Path]:
    return sorted(Path("plan").rglob("*.json"))


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {name for name in before | after if before.get(name) != after.get(name)}
