"""Comparisons over the rows of one slice: which there are, and how they are shown."""

from typing import Any

from stages.command import UserError
from stages.verdicts.comparison import Triple


def in_slices(
    rows: dict[str, list[dict[str, Any]]], pairs: list[Triple], metric: str
) -> list[tuple[str, ...]]:
    """The keys of one metric's comparisons, slice by slice."""
    slices = sorted({row["slice"] for of in rows.values() for row in of if "slice" in row})
    return [(*pair, part) for part in slices for pair in pairs if pair[2] == metric]


def check_slices(declared: list[dict[str, Any]], rows: dict[str, list[dict[str, Any]]]) -> None:
    """Raise UserError where a hypothesis names a slice that no row is in."""
    slices = {row["slice"] for of in rows.values() for row in of if "slice" in row}
    for hypothesis in declared:
        for part in hypothesis.get("slices") or []:
            if slices and part not in slices:
                raise UserError(
                    f"hypotheses.{hypothesis['name']}.slices: no row is in '{part}'; "
                    f"known: {', '.join(sorted(slices))}"
                )


def by_slice(settled: dict[tuple[str, ...], dict[str, Any]]) -> dict[str, Any]:
    """Per slice and arm its comparison; Holm's family is all arms in all slices."""
    found: dict[str, Any] = {}
    for (arm, _, _, part), result in settled.items():
        found.setdefault(part, {})[arm] = result
    return found
