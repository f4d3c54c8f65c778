"""Sources: folder, dict, settings and a case each belong together; content survives reading."""

import json
import zipfile
from pathlib import Path
from typing import get_args

import datasets
import polib
import pytest

import stages.sources
from stages import paths, records
from stages.planning.schema import StudyFile
from stages.planning.schema.base_and_data import HubData
from stages.sources import SOURCES
from stages.sources.example import FIELDS, unique
from tests.sources import npm_package

# Modules that serve sources and are none.
SERVING = {"columns", "doc_comments", "example", "packages", "pinned"}
MODULES = {
    "catalogs": "catalogs",
    "corrections": "corrections",
    "file": "tabular",
    "hub": "hub",
    "npm_functions": "npm_functions",
    "parallel": "parallel",
    "shop": "shop",
    "tasks": "tasks",
    "together": "together",
}
# What makes its content reads none or alters it, and what reads code says it in other words.
MADE = {"corrections", "npm_functions", "shop"}
TEXTS = [
    ("hello there", "ハロー"),
    ("two “quotes” & 100%!", "「引用符」＆百点"),
    ("Straße", "通り"),
]
SENTENCES = [
    "The volume is attached to an instance.",
    "You can create a new network for this project.",
    "Select the type of the port that you want to add.",
]
COLUMNS = {"input": "en", "target": "ja"}


def catalogs_source(folder, texts=TEXTS):
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    for english, japanese in texts:
        file.append(polib.POEntry(msgid=english, msgstr=japanese))
    with zipfile.ZipFile(folder / "wheel", "w") as archive:
        archive.writestr("ja/LC_MESSAGES/x.po", str(file))
    digest = records.file_digest(folder / "wheel")
    kept = paths.scratch() / "downloads" / digest
    kept.parent.mkdir(parents=True)
    (folder / "wheel").rename(kept)
    pin = {"version": "1", "sha256": digest, "layout": "gettext"}
    settings = {"locale": "ja", "max_characters": 99, "max_length_ratio": 9.0}
    return {"kind": "catalogs", "packages": {"p": pin}, **settings}


def corrections_source(folder):
    source = catalogs_source(folder, [(line, "訳") for line in SENTENCES])
    return {
        "kind": "corrections", "packages": source["packages"], "seed": 1, "clean_share": 0.2,
    }  # fmt: skip


def parallel_source(folder):
    pins = []
    for name, texts in zip(("src", "ref0"), zip(*TEXTS, strict=True), strict=True):
        (folder / name).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        pins.append({"path": str(folder / name), "sha256": records.file_digest(folder / name)})
    return {"kind": "parallel", "files": {"dev": {"source": pins[0], "references": pins[1:]}}}


def file_source(folder):
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps({"en": e, "ja": j}) + "\n" for e, j in TEXTS))
    digest = records.file_digest(path)
    return {"kind": "file", "path": str(path), "sha256": digest, "columns": COLUMNS}


def hub_source(folder):
    return {"kind": "hub", "id": "a/b", "revision": "0" * 40, "split": "train", "columns": COLUMNS}


def npm_functions_source(folder):
    code = (
        "/** Add one to the number {n}. */\nexport function f{n}(n: number) {{\n  return n;\n}}\n"
    )
    pin = npm_package.keep({f"src/{n}.ts": code.format(n=n) for n in range(len(TEXTS))})
    pins = {"demo": {**pin, "licence": "MIT"}}
    return {
        "kind": "npm_functions",
        "packages": pins,
        "min_words": 5,
        "min_lines": 3,
        "max_lines": 9,
        "max_characters": 99,
    }


def tasks_source(folder):
    path = folder / "tasks.jsonl"
    plain = {"domain": "general", "input": "", "history": [], "constraints": []}
    rows = [
        {"id": f"t{n}", "instruction": e, "answer": j, **plain} for n, (e, j) in enumerate(TEXTS)
    ]
    records.write(path, rows)
    pinned = {"path": str(path), "sha256": records.file_digest(path)}
    return {"kind": "tasks", "files": {"made": pinned}}


def shop_source(folder):
    one = {"extraction": 1, "sql_qa": 1, "insights": 0, "push": 1}
    none = dict.fromkeys(one, 0)
    prompts = {"train": one, "evaluation": none, "test": none}
    return {"kind": "shop", "seed": 1, "customers": 60, "prompts": prompts}


def together_source(folder):
    return {"kind": "together", "sets": {"one": {"train": file_source(folder)}}}


# One line a source: settings that give TEXTS, or as many rows
CASES = {
    "catalogs": catalogs_source,
    "corrections": corrections_source,
    "file": file_source,
    "hub": hub_source,
    "npm_functions": npm_functions_source,
    "parallel": parallel_source,
    "shop": shop_source,
    "tasks": tasks_source,
    "together": together_source,
}


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Gives the settings of a kind of source as a study's file says them, checked."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)
    rows = [{"en": english, "ja": japanese} for english, japanese in TEXTS]
    stand_in = datasets.Dataset.from_list(rows)
    monkeypatch.setattr(datasets, "load_dataset", lambda *words, **options: stand_in)

    def checked(kind):
        study = {
            "title": "t",
            "question": "q",
            "base": "b",
            "instruction": "i",
            "source": CASES[kind](tmp_path),
            "splits": {name: {"version": "v1", "rows": 1} for name in ("train", "dev", "test")},
            "metrics": {"chrf": {}},
        }
        model = StudyFile.model_validate({"study": {"toy": study}})
        return model.study["toy"].model_dump()["source"]

    return checked


def test_folder_dict_settings_and_cases_name_the_same_sources():
    folder = Path(stages.sources.__file__).parent
    modules = {file.stem for file in folder.glob("*.py")} - SERVING - {"__init__"}
    assert {SOURCES[kind].__module__.split(".")[-1] for kind in SOURCES} == modules
    assert {kind: SOURCES[kind].__module__.split(".")[-1] for kind in SOURCES} == MODULES
    declared = get_args(StudyFile.model_fields["study"].annotation)[1].model_fields["source"]
    kinds = {get_args(m.model_fields["kind"].annotation)[0] for m in get_args(declared.annotation)}
    assert HubData in get_args(declared.annotation)
    assert set(SOURCES) == set(CASES) == kinds


@pytest.mark.parametrize("kind", [kind for kind in SOURCES if kind not in MADE])
def test_content_survives_reading(settings, kind):
    examples = SOURCES[kind](settings(kind))
    assert [(e["input"], e["target"]) for e in examples] == TEXTS


@pytest.mark.parametrize("kind", SOURCES)
def test_examples_have_their_fields_as_text_and_ids_of_their_own(settings, kind):
    examples = SOURCES[kind](settings(kind))
    assert all(isinstance(e[field], str) and e[field] for e in examples for field in FIELDS)
    assert len(unique(examples, "toy")) == len(TEXTS)


@pytest.mark.parametrize("kind", SOURCES)
def test_reading_again_gives_the_same(settings, kind):
    source = settings(kind)
    assert SOURCES[kind](source) == SOURCES[kind](source)
