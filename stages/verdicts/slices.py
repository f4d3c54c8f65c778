"""Comparisons over the rows of one slice: which there are, and how they are shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from stages.command import UserError
from stages.verdicts.comparison import Comparison, Pairing, Rows


def slice_by_slice(rows: Mapping[str, Rows], pairings: Sequence[Pairing]) -> list[Pairing]:
    """The same pairings over each slice of the rows."""
    return [pairing._replace(slices=(part,)) for part in known(rows) for pairing in pairings]


def known(rows: Mapping[str, Rows]) -> list[str]:
    return sorted({row["slice"] for of in rows.values() for row in of if "slice" in row})


def check_slices(declared: Sequence[Mapping[str, Any]], rows: Mapping[str, Rows]) -> None:
    """Raise UserError where a hypothesis names a slice that no row is in."""
    slices = known(rows)
    for hypothesis in declared:
        for part in hypothesis.get("slices") or []:
            if slices and part not in slices:
                raise UserError(
                    f"hypotheses.{hypothesis['name']}.slices: no row is in '{part}'; "
                    f"known: {', '.join(slices)}"
                )


def by_slice(settled: Mapping[Pairing, Comparison]) -> dict[str, dict[str, Comparison]]:
    """Per slice and arm its comparison; Holm's family is all arms in all slices."""
    found: dict[str, dict[str, Comparison]] = {}
    for pairing, result in settled.items():
        (part,) = pairing.slices
        found.setdefault(part, {})[pairing.arm] = result
    return found
