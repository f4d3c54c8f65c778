"""What the pipeline has to know of a method, which owns everything else about itself."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages.strict import Strict


@dataclass(frozen=True)
class Method:
    """One way to come by what an arm answers with.

    `make(plan, folder, log)` leaves in `folder` what the arm answers with and its card (made.py),
    in `log` a training.json and, where there were steps, a log.jsonl. The plan has `knobs`, which
    params.yaml, study and arm set, and what the arm alone gives under the method's name: `given`.
    """

    make: Callable[[dict[str, Any], Path, Path], None]
    # What kind of arm it makes, in a word or two for reports
    label: str
    knobs: type[Strict] = Strict
    given: type[Strict] | None = None
    # Rendered rows are trained on: they are audited, and their lengths and steps forecast
    trains: bool = False
    # What it trains on are answers of its own to the rows' prompts: no masks to audit. It goes on
    # from another arm, under `continued`
    explores: bool = False
    # The base, or what stands on it, writes the answers here; else they come written
    generates: bool = True
    # It leaves an adapter, which is put on the base
    adapts: bool = False
    # Else it is what others are measured against, and nothing to promote
    contests: bool = True
