"""A study whose models wrote hostile texts, in a folder of its own."""

import pytest

from tests.reporting.study import HOSTILE, Study


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Study(HOSTILE)
