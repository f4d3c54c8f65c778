"""Render a study's training and dev examples in one format, or training in a mixture of several.

Usage: python -m stages.render RENDER
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stages import paths, records
from stages.command import run
from stages.formats import FORMATS
from stages.plans import load_plan
from stages.retrieval import shots, terms
from stages.sources.example import FIELDS
from stages.splits.selection import mixed, taught

Rows = list[dict[str, Any]]


def main(key: str) -> None:
    plan = load_plan("render", key)
    # Test rows are rendered when the test set is opened, not before.
    train, dev = (records.read(paths.split(plan["study"], s), FIELDS) for s in ("train", "dev"))
    own = taught(train, plan, f"renders.{key}")
    rendered = {"train": as_trained(plan, own, train), "dev": as_asked(plan, dev, train)}
    for split, rows in rendered.items():
        records.write(paths.rendered(plan["study"], key, split), rows)


def as_trained(plan: dict[str, Any], rows: Rows, train: Rows) -> Rows:
    """Training rows in the render's format; of a mixture each says which one it got."""
    if "formats" not in plan:
        return in_formats(plan, rows, train, [plan["format"]] * len(rows))
    given = mixed(rows, plan["formats"]["shares"], plan["formats"]["seed"])
    names = [given[row["id"]] for row in rows]
    rendered = in_formats(plan, rows, train, names)
    return [{**row, "format": name} for row, name in zip(rendered, names, strict=True)]


def as_asked(settings: dict[str, Any], rows: Rows, train: Rows) -> Rows:
    """Rows of dev or test, as all arms of a render are asked.

    `settings` are a render's plan, or of them what goes on to the test split; `train` are the rows
    that `shots` are taken from.
    """
    if "shots" in settings:
        shots.disjoint(rows, train)
    asked_in = settings.get("asked_in") or settings["format"]
    return in_formats(settings, rows, train, [asked_in] * len(rows))


def in_formats(settings: dict[str, Any], rows: Rows, train: Rows, formats: Sequence[str]) -> Rows:
    """Each example's prompt and completion in its format, under its id."""
    tell = terms.telling(settings["terms"]) if "terms" in settings else lambda said, _: said
    shown = [[] for _ in rows]
    if "shots" in settings:
        shown = shots.before(settings["shots"], rows, train)

    def one(example: dict[str, Any], name: str) -> dict[str, Any]:
        return FORMATS[name](example, tell(settings["instruction"], example))

    return [
        {"id": row["id"], **shots.precede(one(row, name), [one(shot, name) for shot in earlier])}
        for row, name, earlier in zip(rows, formats, shown, strict=True)
    ]


def pool(settings: dict[str, Any]) -> Rows:
    """The train rows that shots are taken from; not read where there are none."""
    if "shots" not in settings:
        return []
    return records.read(paths.split(settings["study"], "train"), FIELDS)


def reads(settings: dict[str, Any]) -> list[Path]:
    """What else than rows, settings and formats decides how they are asked."""
    return [paths.split(settings["study"], "train")] if "shots" in settings else []


if __name__ == "__main__":
    run(main)
