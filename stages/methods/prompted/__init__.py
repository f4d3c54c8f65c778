"""The untouched base asked another way: what is put into its prompt is the render's to say.

It shows whether anybody needed to train at all, so that it competes with what was trained.
"""

from stages import made
from stages.methods.method import Method

METHOD = Method(made.nothing, "prompted")
