"""Show what changed as Markdown that fits into a comment."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stages.diff.costs import Figure
from stages.diff.pairing import APART
from stages.diff.scores import ADDED, GONE, Arm, Line
from stages.diff.summary import sentence
from stages.reporting import render
from stages.reporting.tables import digits, number, signed
from stages.reporting.verdict import bounds
from stages.verdicts.comparison import HELPED, HURT, NOT_SHOWN

# By it a comment of ours is known among others; no reader sees it.
MARK = "<!-- assay-diff -->"
HEAD = """| metric | n | {} | {} | Δ | 95 % interval | verdict |
| --- | ---: | ---: | ---: | ---: | --- | --- |"""
NOTE = (
    "Paired by row. An interval says how far another draw of rows could have moved a difference, "
    "not what another training seed would have done; a verdict is Holm-adjusted over the changed "
    "arms of a study."
)
COST_NOTE = (
    "Measured on whatever machine ran each side: no verdict, and speeds of different machines "
    "don't compare."
)


@dataclass(frozen=True)
class Study:
    """One study's changes; `decided` in plain sentences."""

    name: str
    arms: Sequence[Arm]
    decided: Sequence[str]
    figures: Sequence[Figure]


def page(studies: Sequence[Study], old: str, new: str, limit: int | None = None) -> str:
    """The whole text, in `limit` characters by leaving out the last of its sections."""
    first = f"**{text(sentence([arm for study in studies for arm in study.arms]))}**"
    compared = f"{text(old)} → {text(new)}. {NOTE}"
    sections = [*(section for study in studies for section in scores(study)), *costs(studies)]
    end = [compared, MARK]
    kept = list(sections)
    while kept and limit and len("\n\n".join([first, *kept, *end])) + 100 > limit:
        kept.pop()
    if len(kept) < len(sections):
        kept.append(f"({len(sections) - len(kept)} more sections: too long for this place.)")
    return "\n\n".join([first, *kept, *end]) + "\n"


def scores(study: Study) -> list[str]:
    """A study's heading, a section per arm that changed or is new, a line for the others."""
    sections = [section(arm) for arm in study.arms if arm.changed or arm.state == ADDED]
    resting = [arm.title for arm in study.arms if not (arm.changed or arm.state in (ADDED, GONE))]
    gone = [arm.title for arm in study.arms if arm.state == GONE]
    lists = [("Unchanged", resting), ("Removed", gone)]
    lines = [f"- {name}: {text('; '.join(titles))}" for name, titles in lists if titles]
    lines += [f"- {text(change)}" for change in study.decided]
    return [f"### {text(study.name)}", *sections, *(["\n".join(lines)] if lines else [])]


def section(arm: Arm) -> str:
    """An arm's table, or why there is none."""
    if arm.apart:
        return f"**{text(arm.title)}**: {APART}: {text(arm.apart)}"
    heading = f"**{text(arm.title)}**"
    if arm.state == ADDED:
        heading += f", new, against {text(arm.against)}" if arm.against else ", new"
    names = (text(arm.against or "–"), "new") if arm.state == ADDED else ("old", "new")
    parts = [heading, "\n".join([HEAD.format(*names), *(row(line) for line in arm.lines)])]
    if arm.same:
        parts.append(f"The same in every row: {text(', '.join(arm.same))}.")
    return "\n\n".join(parts)


def row(line: Line) -> str:
    found, places = line.found, digits(line.entry["unit"])
    arrow = render.ARROWS.get(line.entry["direction"], "")
    has_delta = found.get("delta") is not None
    cells = [
        f"{text(line.entry['label'])} {arrow}".strip(),
        number(found.get("n"), 0),
        number(found.get("against_value"), places),
        number(found.get("value"), places),
        signed(found["delta"], places) if has_delta else "–",
        bounds(found, places) if has_delta else "–",
        verdict(line, places),
    ]
    return f"| {' | '.join(cells)} |"


def verdict(line: Line, places: int) -> str:
    """The verdict, and where no difference was shown, what could have been."""
    if line.verdict in (HELPED, HURT):
        return f"**{line.verdict}**{f', {text(line.beside)}' if line.beside else ''}"
    if line.verdict != NOT_SHOWN:
        return text(line.verdict)
    if line.found["reason"]:
        return f"{line.verdict}: {text(line.found['reason'])}"
    return f"{line.verdict} ({number(line.found['detectable'], places)} could have been)"


def costs(studies: Sequence[Study]) -> list[str]:
    """Cost and training figures, folded away."""
    rows = [
        f"| {' | '.join(text(part) for part in parts)} |"
        for study in studies
        for figure in study.figures
        for parts in [(figure.arm, figure.label, figure.old, figure.new, figure.change)]
    ]
    if not rows:
        return []
    table = ["| arm | figure | old | new | change |", "| --- | --- | ---: | ---: | ---: |", *rows]
    summary = f"<summary>Cost and training: {len(rows)} figures changed</summary>"
    return ["\n\n".join([f"<details>\n{summary}", COST_NOTE, "\n".join(table), "</details>"])]


def text(value: Any) -> str:
    """Any text, escaped also for what a code host makes of mentions, issue numbers and strikes."""
    return re.sub(r"[@#]", r"\g<0><!-- -->", render.cell(value).replace("~", r"\~"))
