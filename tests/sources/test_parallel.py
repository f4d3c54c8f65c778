"""Files of a line a row with several references: JFLEG's own layout."""

import pytest

from stages import records
from stages.command import UserError
from stages.planning.schema.base_and_data import Parallel
from stages.sources import parallel

FILES = {
    "dev.src": "New and new technology .\nIt are good .\n",
    "dev.ref0": "New technology .\nIt is good .\n",
    "dev.ref1": "Newer technology .\n\n",
    "test.src": "A line without an end .",
    "test.ref0": "A line .\r\n",
    "test.ref1": "The line .\n",
}


@pytest.fixture
def source(tmp_path):
    """Give the settings of a folder with these files, changed as said."""

    def source(**changes):
        texts = FILES | {name.replace("_", "."): text for name, text in changes.items()}
        for name, text in texts.items():
            (tmp_path / name).write_bytes(text.encode())
        pins = {
            name: {"path": str(tmp_path / name), "sha256": records.file_digest(tmp_path / name)}
            for name in texts
        }
        return {
            "kind": "parallel",
            "files": {
                split: {
                    "source": pins[f"{split}.src"],
                    "references": [pins[f"{split}.ref0"], pins[f"{split}.ref1"]],
                }
                for split in ("dev", "test")
            },
        }

    return source


def test_lines_become_rows_of_their_split(source):
    rows = parallel.read(Parallel.model_validate(source()).model_dump())
    assert [{k: v for k, v in row.items() if k != "id"} for row in rows] == [
        {
            "input": "New and new technology .",
            "target": "New technology .",
            "origin": "dev",
            "references": ["New technology .", "Newer technology ."],
        },
        {
            "input": "It are good .",
            "target": "It is good .",
            "origin": "dev",
            "references": ["It is good ."],
        },
        {
            "input": "A line without an end .",
            "target": "A line .",
            "origin": "test",
            "references": ["A line .", "The line ."],
        },
    ]
    assert len({row["id"] for row in rows}) == 3


FAULTS = [
    ({"dev_ref1": "one\n"}, "dev.ref1: 1 lines, but .*dev.src has 2"),
    ({"dev_src": "\nIt are good .\n"}, "dev.src:1: no text on this line"),
    ({"dev_ref0": "a\n\n"}, "dev.src:2: no reference on this line"),
]


@pytest.mark.parametrize(("changes", "message"), FAULTS)
def test_faults_are_said_with_their_place(source, changes, message):
    with pytest.raises(UserError, match=message):
        parallel.read(source(**changes))


def test_another_file_than_the_pinned_one_is_refused(source, tmp_path):
    settings = source()
    (tmp_path / "dev.ref0").write_text("else\nelse\n")
    with pytest.raises(UserError, match="dev.ref0: sha256 is"):
        parallel.read(settings)
