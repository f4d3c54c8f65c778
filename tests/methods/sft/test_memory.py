"""Kept memory: the same large tensor again costs no new pages."""

import subprocess
import sys

import pytest

PAGES = """
import resource, torch
from stages.methods.sft.memory import keep_freed_memory
{setting}
def step():
    held = [torch.ones(4_000_000) for _ in range(4)]
step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def pages(setting: str) -> int:
    """Pages that a second, equal step asks of the kernel."""
    code = PAGES.format(setting=setting)
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(out.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="a setting of glibc's")
def test_second_step_asks_for_no_new_pages():
    assert pages("keep_freed_memory()") < 0.05 * pages("")
