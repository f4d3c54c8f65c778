"""Near-duplicates: which rows count as the same text in effect, and the groups they form."""

import random
import re
import time

import pytest

from stages.splits.near_duplicates import LONGEST_INPUT, PLACEHOLDER, groups, mask, pairs


def rows(*texts):
    """Examples from (input, target) pairs or inputs alone, with ids r0, r1, …"""
    return [
        {"id": f"r{n}", "input": text, "target": f"訳{n}"}
        if isinstance(text, str)
        else {"id": f"r{n}", "input": text[0], "target": text[1]}
        for n, text in enumerate(texts)
    ]


LONG = "The server could not be reached because the network connection was lost"

# what, two inputs, whether they are near-duplicates
INPUTS = [
    ("exact", "Open file", "Open file", True),
    ("case", "Open file", "OPEN FILE", True),
    ("width", "Open file", "Ｏｐｅｎ　ｆｉｌｅ", True),
    ("white space", "Open file", "  Open \t\n file ", True),
    ("punctuation", "Open file", "Open file…!", True),
    ("digits", "Open 3 files", "Open 25 files", True),
    ("a named placeholder", "Open %(name)s", "Open %(file)s", True),
    ("placeholders of other kinds", "Open {name}", "Open %s", True),
    ("a template's placeholder", "Open {{ name }}", "Open ${x}", True),
    ("markup", "<b>Open</b> file", "<i>Open</i> file", True),
    ("sharp s", "Straße", "STRASSE", True),
    ("one letter of many", LONG, LONG.replace("lost", "last"), True),
    ("a word more at the end", LONG, LONG + " again", True),
    ("short and other", "Open", "Opens", False),
    ("another word", "Open file", "Open folder", False),
    ("half of a sentence", LONG, LONG[: len(LONG) // 2], False),
    ("nothing in common", LONG, "Choose a colour for the background of this window", False),
    ("punctuation alone", "...", "???", False),
    ("a letter and a digit", "a", "1", False),
]


@pytest.mark.parametrize(
    ("what", "left", "right", "same"), INPUTS, ids=[case[0] for case in INPUTS]
)
def test_inputs(what, left, right, same):
    group_of = groups(rows(left, right), 0.7)
    assert (group_of["r0"] == group_of["r1"]) == same
    assert bool(list(pairs(rows(left, right), 0.7))) == same


# what, two targets of unlike inputs, whether they are near-duplicates
TARGETS = [
    ("long", "ネットワーク接続が失われました", "ネットワーク接続が失われました", True),
    (
        "long but for a digit",
        "接続が合計3回失われましたので",
        "接続が合計7回失われましたので",
        True,
    ),
    ("short", "開く", "開く", False),
    ("just too short", "あいうえおかきくけこさ", "あいうえおかきくけこさ", False),
    ("just long enough", "あいうえおかきくけこさし", "あいうえおかきくけこさし", True),
]


@pytest.mark.parametrize(
    ("what", "left", "right", "same"), TARGETS, ids=[case[0] for case in TARGETS]
)
def test_targets(what, left, right, same):
    group_of = groups(rows(("Quit the program", left), ("Choose a colour", right)), 0.7)
    assert (group_of["r0"] == group_of["r1"]) == same


def test_rows_linked_through_a_third_are_one_group():
    first, third = ("Delete 5 volumes", "選んだものをすべて取り除きます"), ("Something else", "別")
    # r1 shares its target with r0 and its input with r2, which have nothing in common.
    bridge = ("Something else", "選んだものをすべて取り除きます")
    assert len(set(groups(rows(first, third), 0.7).values())) == 2
    assert set(groups(rows(first, bridge, third), 0.7).values()) == {"r0"}


def test_a_group_is_named_by_its_first_member():
    group_of = groups(rows("Other text", "Open file", "open FILE", "Quit"), 0.7)
    assert group_of == {"r0": "r0", "r1": "r1", "r2": "r1", "r3": "r3"}


def test_groups_do_not_depend_on_the_order_of_the_rows():
    rng = random.Random(1)
    words = ["open", "close", "file", "folder", "server", "network", "volume", "image", "user"]
    texts = [" ".join(rng.choices(words, k=rng.randint(1, 9))) for _ in range(120)]
    examples = rows(*texts)
    expected = groups(examples, 0.5)
    assert 1 < len(set(expected.values())) < 120
    assert groups(rng.sample(examples, len(examples)), 0.5) == expected


def test_every_pair_at_the_threshold_is_found():
    """Against all pairs' exact Jaccard similarity: MinHash must not miss any."""
    rng = random.Random(2)
    words = [f"{a}{b}{a}" for a in "kstnhmrw" for b in ("ala", "ine", "uro", "ebe")]
    texts = []
    for _ in range(40):
        words_of = rng.choices(words, k=10)
        texts += [" ".join(words_of), " ".join([*words_of[:9], rng.choice(words)])]
    examples = rows(*dict.fromkeys(texts))
    grams = {e["id"]: {mask(e["input"])[i : i + 5] for i in range(len(mask(e["input"])) - 4)}
             for e in examples}  # fmt: skip
    expected = set()
    for n, left in enumerate(examples):
        for right in examples[n + 1 :]:
            one, two = grams[left["id"]], grams[right["id"]]
            if len(one & two) / len(one | two) >= 0.7:
                expected.add(frozenset((left["id"], right["id"])))
    found = {frozenset((p.first, p.second)) for p in pairs(examples, 0.7) if "similar" in p.why}
    assert len(expected) >= 20 and found == expected


@pytest.mark.parametrize(("jaccard", "same"), [(0.5, True), (0.95, False)])
def test_threshold_decides(jaccard, same):
    group_of = groups(rows(LONG, LONG.replace("server", "router")), jaccard)
    assert (group_of["r0"] == group_of["r1"]) == same


def test_pairs_say_why():
    examples = rows(
        ("Open file", "ファイルを開いてくださいませ"), ("OPEN file", "開"), (LONG, "a"),
        (LONG + " again", "b"), ("Quit", "ファイルを開いてくださいませ"),
    )  # fmt: skip
    why = {frozenset((p.first, p.second)): p.why for p in pairs(examples, 0.7)}
    assert why[frozenset(("r0", "r1"))] == "same input"
    assert why[frozenset(("r0", "r4"))] == "same target"
    assert why[frozenset(("r2", "r3"))].startswith("similar input (0.9")


# --- long texts ---


def long_text(seed, count):
    rng = random.Random(seed)
    return "".join(rng.choices("abcdefghiklmnoprstuvwxyz ", k=count))


TEXT = long_text(1, 3 * LONGEST_INPUT)
# what, two inputs, whether they are near-duplicates
LONG_INPUTS = [
    ("the same", TEXT, TEXT, True),
    ("one letter", TEXT, TEXT[:50] + "X" + TEXT[51:], True),
    ("another end", TEXT, TEXT[:-LONGEST_INPUT], True),
    ("another end alone", TEXT[: LONGEST_INPUT + 9], TEXT[:LONGEST_INPUT] + "another", True),
    ("cut at the limit", TEXT, TEXT[:LONGEST_INPUT], True),
    ("cut at half", TEXT, TEXT[: LONGEST_INPUT // 2], False),
    ("other", TEXT, long_text(2, 3 * LONGEST_INPUT), False),
]


@pytest.mark.parametrize(
    ("what", "left", "right", "same"), LONG_INPUTS, ids=[case[0] for case in LONG_INPUTS]
)
def test_long_inputs(what, left, right, same):
    for texts in ((left, right), (right, left)):
        assert (len(set(groups(rows(*texts), 0.7).values())) == 1) == same


def test_long_inputs_are_said(caplog):
    groups(rows(TEXT, "short"), 0.7)
    assert caplog.messages == [
        f"near-duplicates: 1 of 2 inputs are longer than {LONGEST_INPUT} characters; they are "
        "compared by their beginning"
    ]
    caplog.clear()
    groups(rows(TEXT[:LONGEST_INPUT], "short"), 0.7)
    assert caplog.messages == []


@pytest.mark.parametrize("unit", ["word ", "{", "<a", "%(", "{{ x ", "$"])
def test_one_row_of_megabytes_takes_no_minutes(unit):
    text = "".join(f"{unit}{number}" for number in range(10)) + unit * (2_000_000 // len(unit))
    start = time.process_time()
    groups(rows((text, text[::-1]), "short"), 0.7)
    assert time.process_time() - start < 20


def test_placeholders_are_those_that_a_plain_pattern_finds():
    plain = re.compile(r"%\(\w+\)\w|%[a-z]|\$?\{+[^{}]*\}+|</?[a-z][^<>]*>|\d+")
    rng = random.Random(3)
    for _ in range(20_000):
        text = "".join(rng.choices("{}$<>/%()a1 ", k=rng.randint(0, 24)))
        assert PLACEHOLDER.sub("@", text) == plain.sub("@", text), text
