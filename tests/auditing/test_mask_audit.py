"""The mask audit counts what training would see, and refuses what would teach nothing."""

import pytest

from stages.auditing import mask_audit
from stages.command import UserError
from stages.model.tokens import IGNORED, Encoded

STOP = 2


def row(prompt, answer, stop=True, truncated=False):
    labels = [IGNORED] * prompt + [5] * answer + [STOP] * stop
    return Encoded([7] * len(labels), labels, truncated)


SOUND, LONG = row(3, 2), row(3, 6)
NOTHING = row(4, 0, stop=False, truncated=True)
CUT = row(3, 2, stop=False, truncated=True)
ENDLESS = row(3, 2, stop=False)
MASKED_STOP = Encoded([7, 5, STOP], [IGNORED, 5, IGNORED], False)


def test_counts():
    rows = {"a": SOUND, "b": LONG, "c": NOTHING, "d": CUT, "e": ENDLESS}
    assert mask_audit.audit(rows, STOP) == {
        "rows": 5,
        "tokens": 6 + 10 + 4 + 5 + 5,
        "supervised_tokens": 3 + 7 + 0 + 2 + 2,
        "supervised_per_row": {"min": 0, "median": 2, "max": 7},
        "truncated": 2,
        "dropped": 1,
        "teaches_stop": 2,
    }


# rows, allowed share of cut rows, what is said of which rows (None: nothing)
CASES = [
    ({"a": SOUND, "b": LONG}, 0.0, None),
    ({"a": SOUND, "b": NOTHING}, 1.0, "1 of 2 rows have no supervised token (b)"),
    ({"a": NOTHING, "b": NOTHING}, 1.0, "2 of 2 rows have no supervised token (a, b)"),
    ({"a": SOUND, "b": CUT}, 0.0, "1 of 2 rows are cut at max_length (b)"),
    ({"a": SOUND, "b": CUT}, 0.49, "1 of 2 rows are cut at max_length (b)"),
    ({"a": SOUND, "b": CUT}, 0.5, None),
    ({"a": SOUND, "b": ENDLESS}, 1.0, "1 of 2 rows do not end in a supervised stop token (b)"),
    ({"a": MASKED_STOP}, 0.0, "1 of 1 rows do not end in a supervised stop token (a)"),
]


@pytest.mark.parametrize(("rows", "share", "said"), CASES)
def test_unsound_rows_are_refused_by_id(rows, share, said):
    if said is None:
        mask_audit.refuse("toy: toy-sft", rows, STOP, share)
        return
    with pytest.raises(UserError) as raised:
        mask_audit.refuse("toy: toy-sft", rows, STOP, share)
    assert str(raised.value).startswith(f"toy: toy-sft: {said}")


def test_long_lists_of_ids_are_shortened():
    rows = {f"r{n:02}": NOTHING for n in range(12)}
    with pytest.raises(UserError) as raised:
        mask_audit.refuse("toy", rows, STOP, 1.0)
    assert "12 of 12 rows" in str(raised.value)
    assert "r08, r09, …)" in str(raised.value) and "r10" not in str(raised.value)


def test_lengths_are_counted_by_bounds_that_double():
    lengths = [1, 16, 17, 32, 33, 200]
    rows = {str(n): Encoded([7] * n, [7] * n, False) for n in lengths}
    assert mask_audit.lengths(rows) == {"16": 2, "32": 2, "64": 1, "256": 1}
