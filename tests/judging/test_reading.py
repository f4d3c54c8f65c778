"""One JSON object of the right form is a verdict; whatever else a judge says is none."""

import json

import pytest

from stages.judging.prompts import CRITERIA
from stages.judging.reading import preference, rating

FOURS = dict.fromkeys(CRITERIA, 4)
GOOD = json.dumps(FOURS)

VERDICTS = [
    GOOD,
    f"  {GOOD}\n",
    json.dumps(FOURS, indent=2),
    f"```json\n{GOOD}\n```",
    f"```\n{GOOD}\n```\n",
    f"```JSON \r\n{GOOD}\r\n```",
    json.dumps(dict(reversed(FOURS.items()))),
    GOOD.replace("4", "4.0"),
]


@pytest.mark.parametrize("text", VERDICTS)
def test_ratings(text):
    assert json.dumps(rating(text)) == GOOD


# what the reason says, the answer
NONE = [
    ("an empty answer", ""),
    ("an empty answer", " \n"),
    ("not JSON", "The answer is good: I rate it 4."),
    ("not JSON", f"Here is my rating:\n{GOOD}"),
    ("text after the JSON", f"{GOOD}\nI hope this helps!"),
    ("not JSON", f"Sure:\n```json\n{GOOD}\n```"),
    ("not JSON", f"```json\n{GOOD}\n```\nDone."),
    ("not JSON", f"```json\n{GOOD}"),
    ("not JSON", f"```json {GOOD} ```"),
    ("not JSON", GOOD[:-1]),
    ("not JSON", GOOD[: len(GOOD) // 2]),
    ("not JSON", "{" + GOOD),
    ("not JSON", GOOD.replace('"', "'")),
    ("not JSON", f"<think>Let me see.</think>{GOOD}"),
    ("text after the JSON", f"{GOOD}{GOOD}"),
    ("text after the JSON", f"{GOOD}\n{json.dumps(dict.fromkeys(CRITERIA, 5))}"),
    ("text after the JSON", f"```json\n{GOOD}\n```\n```json\n{GOOD}\n```"),
    ("text after the JSON", f"```\n{GOOD}\n{GOOD}\n```"),
    ("a key comes twice", GOOD[:-1] + ', "format": 5}'),
    ("no object", f"[{GOOD}]"),
    ("no object", "4"),
    ("no object", '"4"'),
    ("no object", "null"),
    ('unknown: ["overall"]', json.dumps({**FOURS, "overall": 4})),
    ('missing: ["format"]', json.dumps({k: v for k, v in FOURS.items() if k != "format"})),
    ('unknown: ["better"]', '{"better": "A"}'),
    ('unknown: ["ratings"]', json.dumps({"ratings": FOURS})),
    ("nested too deep", "[" * 99_999),
    ("format is 0, not a", json.dumps({**FOURS, "format": 0})),
    ("format is 6, not a", json.dumps({**FOURS, "format": 6})),
    ("format is -1, not a", json.dumps({**FOURS, "format": -1})),
    ("format is 3.5, not a", json.dumps({**FOURS, "format": 3.5})),
    ("format is NaN, not a", json.dumps({**FOURS, "format": float("nan")})),
    ("format is Infinity, not a", json.dumps({**FOURS, "format": float("inf")})),
    ("format is Infinity, not a", GOOD.replace('"format": 4', '"format": 1e999')),
    ("digits", GOOD.replace('"format": 4', f'"format": {"9" * 5000}')),
    ('format is "4", not a', json.dumps({**FOURS, "format": "4"})),
    ("format is true, not a", json.dumps({**FOURS, "format": True})),
    ("format is null, not a", json.dumps({**FOURS, "format": None})),
    ("format is [4], not a", json.dumps({**FOURS, "format": [4]})),
    ('format is "\\u001b[31m\\n', json.dumps({**FOURS, "format": "\x1b[31m\n" * 99})),
]


@pytest.mark.parametrize(("said", "text"), NONE, ids=[f"{s}: {t[:25]}" for s, t in NONE])
def test_no_rating(said, text):
    with pytest.raises(ValueError) as raised:
        rating(text)
    assert said in str(raised.value)
    assert str(raised.value).isprintable() and len(str(raised.value)) < 200


@pytest.mark.parametrize("side", ["A", "B", "tie"])
def test_preferences(side):
    assert preference(json.dumps({"better": side})) == {"better": side}
    assert preference(f'```json\n{{"better": "{side}"}}\n```') == {"better": side}


NO_PREFERENCE = [
    "A",
    '"A"',
    '{"better": "a"}',
    '{"better": "C"}',
    '{"better": "Tie"}',
    '{"better": ""}',
    '{"better": null}',
    '{"better": ["A"]}',
    '{"better": {"A": 1}}',
    '{"better": 1}',
    '{"better": "A", "why": "longer"}',
    '{"better": "A", "better": "B"}',
    '{"better": "A"} {"better": "B"}',
    '{"better": "A"',
    "{}",
    GOOD,
    'A is better.\n{"better": "A"}',
]


@pytest.mark.parametrize("text", NO_PREFERENCE)
def test_no_preference(text):
    with pytest.raises(ValueError):
        preference(text)
