"""Other studies whose test split has rows of this one's: a look at either is one at both."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stages import paths, records


def shared(study: str, splits: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Studies and how many test rows of theirs, in any version, are in this one's test split."""
    place = paths.manifest(study, "test", splits["test"]["version"])
    own = ids(place)
    others: dict[str, set[str]] = {}
    for file in sorted(place.parent.parent.glob("*/test-v*.json")):
        if file.parent != place.parent:
            others.setdefault(file.parent.name, set()).update(ids(file))
    return [(other, count) for other, rows in others.items() if (count := len(own & rows))]


def ids(manifest: Path) -> set[str]:
    return set(records.read_json(manifest)["ids"].split())
