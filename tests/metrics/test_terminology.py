"""Terminology as a table of cases over one small glossary."""

import pytest

from stages.metrics import METRICS
from stages.metrics.metric import score

GLOSSARY = """term\taccepted
address\tアドレス
IP address\tIPアドレス|IP 番地
host\tホスト|host
server\tサーバ|サーバー
box\t箱
API\tAPI
C++\tC++
鍵\tkey
"""

# metric, what, input, reference, answer, [found, expected] or None where the row is unscored
CASES = [
    ("terminology", "found", "The server", "サーバーは", "サーバーが", [1, 1]),
    ("terminology", "missed", "The server", "サーバーは", "給仕が", [0, 1]),
    ("terminology", "empty answer", "The server", "サーバーは", "", [0, 1]),
    ("terminology", "another accepted variant", "A host", "ホスト", "the host", [1, 1]),
    ("terminology", "no term", "The cat", "猫", "猫", None),
    ("terminology", "the reference chose otherwise", "The server", "給仕は", "サーバー", None),
    ("terminology", "empty reference", "The server", "", "サーバー", None),
    ("terminology", "one of two", "host and server", "ホストとサーバ", "ホスト", [1, 2]),
    ("terminology", "one of two expected", "host and server", "ホストと給仕", "ホスト", [1, 1]),
    ("terminology", "a term counts once", "server, server", "サーバとサーバ", "サーバ", [1, 1]),
    ("terminology", "case", "The SERVER", "サーバ", "サーバ", [1, 1]),
    ("terminology", "case of a variant", "api", "API", "Api", [1, 1]),
    ("terminology", "width of the input", "ｓｅｒｖｅｒ", "サーバ", "サーバ", [1, 1]),
    ("terminology", "width of answer and reference", "server", "ｻｰﾊﾞ", "ｻｰﾊﾞｰ", [1, 1]),
    ("terminology", "plural with s", "two servers", "サーバ", "サーバ", [1, 1]),
    ("terminology", "plural with es", "two boxes, addresses", "箱とアドレス", "箱", [1, 2]),
    ("terminology", "inside a longer word", "ghosts, hosted", "ホスト", "ホスト", None),
    ("terminology", "beside punctuation", "(host), host's", "ホスト", "ホスト", [1, 1]),
    ("terminology", "longer hides shorter", "IP address", "IPアドレス", "アドレス", [0, 1]),
    ("terminology", "longer hides, though not expected", "IP address", "アドレス", "", None),
    (
        "terminology",
        "both",
        "an IP address, an address",
        "IPアドレスとアドレス",
        "アドレス",
        [1, 2],
    ),
    ("terminology", "over a line break", "IP\naddress", "IPアドレス", "IPアドレス", [1, 1]),
    ("terminology", "a term that ends in a sign", "in C++.", "C++で", "C++ で", [1, 1]),
    ("terminology", "beside Japanese", "APIキーとhost名", "APIとホスト", "API", [1, 2]),
    ("terminology", "a Japanese term inside a word", "合鍵屋", "a key", "the key", [1, 1]),
    ("terminology", "a Latin variant is a whole word", "鍵", "a key", "a monkey", [0, 1]),
]


@pytest.fixture
def glossary(tmp_path):
    path = tmp_path / "glossary.tsv"
    path.write_text(GLOSSARY, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("name", "what", "source", "target", "text", "expected"), CASES, ids=[case[1] for case in CASES]
)
def test_terminology(name, what, source, target, text, expected, glossary, make_row):
    rows = [make_row(text, target, input=source)]
    assert METRICS[name].statistics(rows, glossary=glossary) == [expected]


def test_score_counts_terms_rather_than_rows(glossary, make_row):
    rows = [
        make_row("ホスト", "ホストとサーバと箱", input="host, server and box"),
        make_row("サーバ", "サーバ", input="server"),
        make_row("猫", "猫", input="cat"),
    ]
    found = score(METRICS["terminology"], rows, {"glossary": glossary})
    assert (found["value"], found["n"], found["unscored"]) == (2 / 4, 2, 1)


def test_no_expected_term_in_any_row_is_no_score(glossary, make_row):
    rows = [make_row("猫", "猫", input="cat"), make_row("犬", "犬", input="dog")]
    found = score(METRICS["terminology"], rows, {"glossary": glossary})
    assert (found["value"], found["n"], found["unscored"]) == (None, 0, 2)
    assert found["reason"] == "none of the 2 rows can be scored by this metric"


def test_signature_follows_the_glossary_s_content(tmp_path):
    def signature(text: bytes) -> str:
        path = tmp_path / "any.tsv"
        path.write_bytes(text)
        return METRICS["terminology"].signature(glossary=str(path))

    plain = signature("term\taccepted\nhost\tホスト\n".encode())
    assert signature("term\taccepted\r\n\r\nhost\tホスト\r\n".encode()) == plain
    assert signature("term\taccepted\nhost\tホスト|主\n".encode()) != plain
    assert "terms:1" in plain
