"""The untouched base: nothing is made, and it is what other arms are measured against."""

from stages import made
from stages.methods.method import Method

METHOD = Method(made.nothing, "untouched base", contests=False)
