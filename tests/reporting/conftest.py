"""A study whose models wrote hostile texts, and one with nine arms, each in a folder of its own."""

import contextlib
import shutil

import pytest

from tests.reporting import chromium
from tests.reporting.study import HACK, HOSTILE, LETTERS, Study, ladder, wide

TEXTS = [f"line {n} of a text with {n * n} words in it" for n in range(40)]
WHOLE = {"study", "made", "tab"}
TITLES = {f"toy-{letter}": f"Arm {letter.upper()}" for letter in LETTERS} | {"toy-b": HACK}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A whole study is judged and written for each of these."""
    for item in items:
        if item.path.parent.name == "reporting" and WHOLE & {*item.fixturenames}:
            item.add_marker("slow")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium.Chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture
def tab(browser):
    return browser.tab()


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Study(HOSTILE)


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A study with nine arms and two slices; hostile are the title of one and the name of one."""
    folder = tmp_path_factory.mktemp("wide")
    with contextlib.chdir(folder):
        return folder, Study(TEXTS, wide(TITLES), ("poems", HACK), ladder(TEXTS))


@pytest.fixture
def wide_study(made, tmp_path, monkeypatch):
    """The same for one test to change."""
    folder, study = made
    shutil.copytree(folder, tmp_path / "wide")
    monkeypatch.chdir(tmp_path / "wide")
    return study
