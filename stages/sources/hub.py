"""Examples from a data set on the Hugging Face hub, by id and revision, through `datasets`."""

from pathlib import Path
from typing import Any

from stages import records
from stages.command import UserError, first_line
from stages.sources import columns
from stages.sources.tabular import map_columns

REFUSED = "Check the id and the network; a private set needs HF_TOKEN."
LATE = "Check the network, or run again later: the hub did not answer, also not when asked again."


def read(source: dict[str, Any]) -> list[dict[str, Any]]:
    """Load one split of a hub data set and map its columns.

    Raises UserError that says what failed when the hub, the id, the revision or the split
    cannot be had.
    """
    import datasets  # slow, and of use to this source alone

    name, revision = source["id"], source["revision"]
    # Where the hub does not answer, `datasets` takes what it loaded last of that name, of whichever
    # revision. In a folder for each there is only the right one.
    apart = records.digest([revision, source["config"]])[:16]
    cache = Path(datasets.config.HF_DATASETS_CACHE) / f"revision-{apart}"
    try:
        table = datasets.load_dataset(
            name,
            source["config"],
            split=source["split"],
            revision=revision,
            cache_dir=str(cache),
        )
    except Exception as error:  # `datasets` raises a dozen unrelated types here
        raise UserError(
            f"cannot load the data set '{name}' at revision {revision[:12]}, split "
            f"'{source['split']}': {first_line(error)}. " + (LATE if unanswered(error) else REFUSED)
        ) from None
    rows = ((f"{name}:row {number}", row) for number, row in enumerate(table, start=1))
    rows = columns.chosen(rows, source.get("where"), name)
    examples = map_columns(rows, source["columns"], origin=name)
    if not examples:
        raise UserError(f"the data set '{name}' has no rows in split '{source['split']}'")
    return examples


def unanswered(error: Exception) -> bool:
    """Whether the hub said nothing, rather than no. `datasets` drops what is behind its error."""
    late = isinstance(error, ConnectionError | TimeoutError)
    return late or "Timeout" in type(error).__name__
