"""Several tables as one source: by set, then by official split, each as `file` or `hub` has it.

Each row's category is its set, so that a render can `take` rows of one set alone and scores are
shown for each apart; its origin is the split, so that a study that names it under `origins` keeps
it as it is. A pair that stands in two of them counts once, as the first that is listed.
"""

from collections.abc import Mapping
from typing import Any

from stages.command import UserError
from stages.sources import hub, tabular

READERS = {"file": tabular.read, "hub": hub.read}


def read(source: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Read every set's splits, in the order of the file.

    Raises UserError as they do, and where a column is named for what set and split say.
    """
    examples = []
    for name, splits in source["sets"].items():
        for split, table in splits.items():
            if named := {"category", "origin"} & set(table["columns"]):
                place = f"source.sets.{name}.{split}.columns.{min(named)}"
                raise UserError(f"{place}: set and split are category and origin; remove it")
            rows = READERS[table["kind"]](table)
            examples += [row | {"category": name, "origin": split} for row in rows]
    return examples
