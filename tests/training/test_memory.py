"""Kept memory: the same tensors again come to cost no new pages."""

import subprocess
import sys

import pytest

PAGES = """
import resource, torch
from stages.training.memory import keep_freed_memory
{setting}
def step():
    # 48 MB each: glibc itself learns to keep up to 32
    held = [torch.ones(12_000_000) for _ in range(2)]
for _ in range(10):
    step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def pages(setting: str) -> int:
    """Pages that a step asks of the kernel once equal ones went before it."""
    code = PAGES.format(setting=setting)
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(out.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="a setting of glibc's")
def test_steps_come_to_ask_for_no_new_pages():
    assert pages("keep_freed_memory()") < 0.05 * pages("")
