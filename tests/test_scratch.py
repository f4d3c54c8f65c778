"""The mark of unfinished work: what it is made of, the code that runs among it."""

import sys
from types import SimpleNamespace

from stages import scratch


def test_script_that_runs_is_part_of_the_mark(monkeypatch):
    monkeypatch.delitem(sys.modules, "stages.index", raising=False)
    before = scratch.fingerprint({}, [])
    script = SimpleNamespace(__file__=str(scratch.STAGES / "index.py"))
    monkeypatch.setitem(sys.modules, "__main__", script)
    assert scratch.fingerprint({}, []) != before


def test_code_of_others_is_no_part_of_it(monkeypatch, tmp_path):
    before = scratch.fingerprint({}, [])
    monkeypatch.setitem(sys.modules, "elsewhere", SimpleNamespace(__file__=str(tmp_path / "a.py")))
    assert scratch.fingerprint({}, []) == before
