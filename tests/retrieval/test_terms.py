"""Terms of a glossary in the instruction of the inputs that they stand in."""

import pytest

from stages import records
from stages.command import UserError
from stages.retrieval.terms import telling

GLOSSARY = "term\taccepted\nServer\tサーバー|鯖\nAPI key\tAPIキー\nkey\tキー\n"

# an input, and the line that it adds
TOLD = [
    ("Two servers", "Use these terms: Server = サーバー"),
    ("the api  KEY of a server", "Use these terms: Server = サーバー; API key = APIキー"),
    ("a key for the API key", "Use these terms: API key = APIキー; key = キー"),
    ("an observer", None),
]


@pytest.fixture
def glossary(tmp_path):
    path = tmp_path / "terms.tsv"
    path.write_text(GLOSSARY, encoding="utf-8")
    return {"path": str(path), "sha256": records.file_digest(path)}


@pytest.mark.parametrize(("text", "line"), TOLD)
def test_terms_in_the_input_are_a_line_of_the_instruction(glossary, text, line):
    wanted = f"Translate.\n{line}" if line else "Translate."
    assert telling(glossary)("Translate.", {"input": text}) == wanted


@pytest.mark.parametrize("content", [GLOSSARY.replace("鯖", "サーバ"), None])
def test_file_that_is_not_the_planned_one_is_refused(glossary, tmp_path, content):
    (tmp_path / "terms.tsv").unlink()
    if content:
        (tmp_path / "terms.tsv").write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=r"terms.tsv: changed since the plan was made; run `dvc re"):
        telling(glossary)
