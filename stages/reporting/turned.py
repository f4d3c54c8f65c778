"""Plain tables with their arms in rows, as a page shows them: few columns, many arms."""

from typing import Any

from stages.reporting.bases import above


def turned(table: dict[str, Any]) -> dict[str, Any]:
    """A plain table with its arms in rows, and what is the same for all of them beside it.

    {"common": [(label, text)], "heads": labels, "rows": [(title, texts)], "above": bases by
    row}. An arm of which nothing is known, as an untouched base's training, has no row.
    """
    known = [n for n in range(len(table["titles"])) if any(c[n] != "–" for _, c in table["rows"])]
    rows = [(label, [cells[n] for n in known]) for label, cells in table["rows"]]
    differ = [(label, cells) for label, cells in rows if not same(cells)]
    return {
        "common": [(label, cells[0]) for label, cells in rows if same(cells) and cells[0] != "–"],
        "heads": [label for label, _ in differ],
        "rows": [
            (table["titles"][arm], [cells[place] for _, cells in differ])
            for place, arm in enumerate(known)
        ],
        "above": above([table["bases"][arm] for arm in known]),
    }


def worded(rows: list[tuple[str, list[str]]]) -> list[int]:
    """The columns of a turned table that hold words, not numbers, counted with the arms' own."""
    columns = zip(*(cells for _, cells in rows), strict=True)
    return [0] + [
        place
        for place, cells in enumerate(columns, 1)
        if any(character.isalpha() for cell in cells for character in cell)
    ]


def same(cells: list[str]) -> bool:
    return len(cells) > 1 and len(set(cells)) == 1
