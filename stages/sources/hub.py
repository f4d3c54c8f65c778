"""Examples from a data set on the Hugging Face hub, by id and revision, through `datasets`."""

from typing import Any

from stages.command import UserError, first_line
from stages.sources.tabular import map_columns


def read(source: dict[str, Any]) -> list[dict[str, Any]]:
    """Load one split of a hub data set and map its columns.

    Raises UserError that says what failed when the hub, the id, the revision or the split
    cannot be had.
    """
    import datasets  # slow, and of use to this source alone

    name, revision = source["id"], source["revision"]
    try:
        table = datasets.load_dataset(
            name, source["config"], split=source["split"], revision=revision
        )
    except Exception as error:  # `datasets` raises a dozen unrelated types here
        raise UserError(
            f"cannot load the data set '{name}' at revision {revision[:12]}, split "
            f"'{source['split']}': {first_line(error)}. "
            "Check the id and the network; a private set needs HF_TOKEN."
        ) from None
    rows = ((f"{name}:row {number}", row) for number, row in enumerate(table, start=1))
    examples = map_columns(rows, source["columns"], origin=name)
    if not examples:
        raise UserError(f"the data set '{name}' has no rows in split '{source['split']}'")
    return examples
