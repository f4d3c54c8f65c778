"""Freed memory that is kept for the next step."""

import ctypes
import sys

# From malloc.h.
TRIM_THRESHOLD = -1
MMAP_THRESHOLD = -3
NEVER = 2**31 - 1


def keep_freed_memory() -> None:
    """Let glibc keep what is freed; elsewhere do nothing.

    A step on a CPU frees its activations and asks for as many in the next. By default they go back
    to the kernel in between, which then clears each page again: a tenth of a step's time.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(TRIM_THRESHOLD, NEVER)
            mallopt(MMAP_THRESHOLD, NEVER)
