"""Known errors that are put right, by type."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

TARGET = "The port is open, and it listens to the network."
INPUT = "The port are open, and and it listens to network."
OTHER = "The ports are open, and it listens to the network."
ERRORS = [
    {"type": "agreement", "at": 0, "wrong": "The port are", "right": "The port is"},
    {"type": "repeated_word", "at": 4, "wrong": "and and", "right": "and"},
    {"type": "article", "at": 8, "wrong": "network.", "right": "the network."},
]
# metric, what, answer, the types that are mended
CASES = [
    ("errors_mended", "the target", TARGET, {"agreement", "repeated_word", "article"}),
    ("errors_mended", "the other reference", OTHER, {"agreement", "repeated_word", "article"}),
    ("errors_mended", "a copy", INPUT, set()),
    ("errors_mended", "one", INPUT.replace("and and", "and"), {"repeated_word"}),
    ("errors_mended", "another", INPUT.replace("are", "is"), {"agreement"}),
    ("errors_mended", "something else there", INPUT.replace("port are", "plane is"), set()),
    ("errors_mended", "something else apart", TARGET.replace("open", "shut"), None),
    ("errors_mended", "silence", "", set()),
]


@pytest.mark.parametrize(("name", "what", "text", "mended"), CASES, ids=[c[1] for c in CASES])
def test_errors_mended(name, what, text, mended, make_row):
    wanted = {error["type"] for error in ERRORS} if mended is None else mended
    row = make_row(text, TARGET, input=INPUT, references=[TARGET, OTHER], errors=ERRORS)
    assert METRICS[name].parts([row]) == {e["type"]: [e["type"] in wanted, 1] for e in ERRORS}
    assert score(METRICS[name], [row], {})["value"] == len(wanted) / 3


def test_rows_without_known_errors_are_unscored(make_row):
    rows = [make_row("a", "a"), make_row("a", "a", errors=[])]
    assert score(METRICS["errors_mended"], rows, {})["unscored"] == 2
