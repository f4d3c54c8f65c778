"""Score saved answers to extraction with the old and the new JSON parser, and print what changes.

Usage: python -m stages.rescore STUDY [ARM...] [--rows N]

To be run before any training: what the old parser (the seed's, `strict_braces`) refuses and the new
one (`tolerant`) reads, a reward has punished. It reads the dev answers in data/answers/, of all
arms unless some are named; the path of a JSONL file with `id` and `text` stands for an arm. --rows
also prints, per arm, up to N of the answers that the parsers see differently. Nothing is written.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stages import paths, records
from stages.command import UserError, brief, run
from stages.rewards import extraction
from stages.rewards.parsing import PARSERS

OLD, NEW = "strict_braces", "tolerant"
HEAD = ("arm", "rows", "parsed, old", "parsed, new", "reward, old", "reward, new", "difference")

Rows = list[dict[str, Any]]


def main(study: str, *arms: str, rows: str = "0") -> None:
    if not rows.isdecimal():
        raise UserError(f"--rows {rows}: expected how many changed answers to print, such as 20")
    examples = reviews(study)
    found = {}
    for arm in arms or saved(study):
        for name, answers in read(study, arm).items():
            found[name] = rescored(examples, answers, str(place(study, arm)))
    print(table([HEAD, *(line(name, scored) for name, scored in found.items())]))
    for name, scored in found.items():
        changed = [row for row in scored if row["old"] != row["new"]]
        for row in changed[: int(rows)]:
            print(f"\n{name} {row['id']}")
            print(f"  answer: {brief(row['text'])}")
            for which in ("old", "new"):
                seen = json.dumps(row[which], ensure_ascii=False)
                print(f"  {which} ({row[f'reward_{which}']:.3f}): {brief(seen)}")


def reviews(study: str) -> dict[str, dict[str, Any]]:
    """The study's dev rows by id, those of extraction with their facts."""
    path = paths.kept_rows(study)
    if not path.exists():
        known = sorted(found.parent.name for found in Path("data/answers").glob("*/dev.jsonl"))
        raise UserError(f"{path}: no saved answers; known studies: {', '.join(known) or 'none'}")
    rows = {row["id"]: row for row in records.read(path, {"id": str})}
    if not any(is_review(row) for row in rows.values()):
        raise UserError(f"{path}: no rows of the category '{extraction.TASK}' with facts")
    return rows


def is_review(row: dict[str, Any]) -> bool:
    return row.get("category") == extraction.TASK and bool(row.get("facts"))


def saved(study: str) -> list[str]:
    """The arms of a study that have saved answers."""
    arms = sorted(
        path.parent.name
        for path in paths.kept_rows(study).parent.glob("*/dev.jsonl")
        if path.parent.name != "test"
    )
    if not arms:
        raise UserError(f"{paths.kept_rows(study).parent}: no arm has answers; name a JSONL file")
    return arms


def place(study: str, arm: str) -> Path:
    """Where the answers are: an arm's, or those of a file that stands for one."""
    return Path(arm) if arm.endswith(".jsonl") else paths.kept(study, arm, "dev.jsonl")


def read(study: str, arm: str) -> dict[str, Rows]:
    """An arm's answers by its name; floors, which lie together, each by its own."""
    path = place(study, arm)
    if not path.exists():
        known = f"arms with answers: {', '.join(saved(study))}"
        raise UserError(f"{path}: no such file; {known}; or name a JSONL file with id and text")
    found: dict[str, Rows] = {}
    for row in records.read(path, {"id": str, "text": str}):
        found.setdefault(f"{arm}/{row['floor']}" if "floor" in row else arm, []).append(row)
    return found


def rescored(examples: dict[str, dict[str, Any]], answers: Rows, path: str) -> Rows:
    """Each answer to a review with what both parsers see in it, and the rewards for it."""
    ids = [row["id"] for row in answers]
    unknown = sorted(set(ids) - examples.keys())
    if unknown or len(set(ids)) < len(ids):
        what = f"unknown ids ({', '.join(unknown[:5])})" if unknown else "an id twice"
        raise UserError(f"{path}: {what}; answers belong to the dev rows of the study, one each")
    asked = [row for row in answers if is_review(examples[row["id"]])]
    if not asked:
        raise UserError(f"{path}: no answer to a row of the category '{extraction.TASK}'")
    texts = [row["text"] for row in asked]
    columns = {name: [examples[row["id"]][name] for row in asked] for name in ("category", "facts")}
    scored = [{"id": row["id"], "text": row["text"]} for row in asked]
    for which, parser in (("old", OLD), ("new", NEW)):
        rewards = extraction.reward(texts, parser=parser, **columns)
        for row, text, reward in zip(scored, texts, rewards, strict=True):
            row |= {which: PARSERS[parser](text), f"reward_{which}": reward}
    return scored


def line(name: str, scored: Rows) -> tuple[str, ...]:
    """A line of the table: how many are parsed, and the mean rewards."""
    parsed = [sum(row[which] is not None for row in scored) for which in ("old", "new")]
    old, new = (
        sum(row[f"reward_{which}"] for row in scored) / len(scored) for which in ("old", "new")
    )
    means = (f"{old:.3f}", f"{new:.3f}", f"{new - old:+.3f}")
    return (name, str(len(scored)), *map(str, parsed), *means)


def table(lines: Sequence[Sequence[str]]) -> str:
    """Lines in columns: the first to the left, the numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join([cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])]).rstrip()
        for cells in lines
    )


if __name__ == "__main__":
    run(main)
