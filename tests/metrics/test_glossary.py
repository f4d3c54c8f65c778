"""Reading a glossary: what it accepts, and how it says no."""

import pytest

from stages.metrics.glossary import read_glossary, spellings
from stages.metrics.metric import score
from stages.metrics.terminology import TERMINOLOGY

# what, the file's bytes, what the error says after the path
BAD = [
    ("empty file", b"", ":1: no header; start the file with term<TAB>accepted"),
    ("no header", b"host\tx\n", ":1: no header; start the file with term<TAB>accepted"),
    ("no terms", b"term\taccepted\n", ":1: no terms below the header; write"),
    ("one column", b"term\taccepted\n\nhost\n", ":3: 1 columns instead of 2; write"),
    ("three columns", b"term\taccepted\nhost\tx\ty\n", ":2: 3 columns instead of 2; write"),
    ("spaces for a tab", b"term\taccepted\nhost    x\n", ":2: 1 columns instead of 2; write"),
    ("empty term", b"term\taccepted\n\tx\n", ":2: empty term; write"),
    ("no variant", b"term\taccepted\nhost\t\n", ":2: empty variant for 'host'; write"),
    ("empty variant", b"term\taccepted\nhost\tx||y\n", ":2: empty variant for 'host'; write"),
    (
        "duplicate",
        b"term\taccepted\nhost\tx\nbox\ty\nHOST\tz\n",
        ":4: duplicate term 'host', first on line 2; put all its variants on one line",
    ),
    ("not UTF-8", b"term\taccepted\nhost\t\x83z\n", ":2: not UTF-8; save the file as UTF-8"),
]


@pytest.mark.parametrize(("what", "content", "message"), BAD, ids=[case[0] for case in BAD])
def test_bad_glossary(what, content, message, tmp_path):
    path = tmp_path / "glossary.tsv"
    path.write_bytes(content)
    for use in (
        lambda: read_glossary(str(path)),
        lambda: score(TERMINOLOGY, [], {"glossary": str(path)}),
        lambda: TERMINOLOGY.signature(glossary=str(path)),
    ):
        with pytest.raises(ValueError) as error:
            use()
        assert str(error.value).startswith(f"{path}{message}")
        assert "\n" not in str(error.value)


def test_missing_glossary(tmp_path):
    for path in (str(tmp_path / "none.tsv"), str(tmp_path)):
        with pytest.raises(FileNotFoundError) as error:
            read_glossary(path)
        assert str(error.value) == f"{path}: no such glossary; set 'glossary' to a TSV file"


def test_reads_what_spreadsheets_write(tmp_path):
    path = tmp_path / "glossary.tsv"
    path.write_bytes(
        "\ufeffterm\taccepted\r\n IP  Address \tＩＰアドレス | IP番地\r\n\r\n".encode()
    )
    assert read_glossary(str(path)) == {"ip address": ["ipアドレス", "ip番地"]}


def test_spellings_are_those_of_the_file(tmp_path):
    path = tmp_path / "glossary.tsv"
    path.write_text("term\taccepted\nAPI  key\t APIキー |apiキー\n", encoding="utf-8")
    assert spellings(str(path)) == {"api key": ("API  key", "APIキー")}
