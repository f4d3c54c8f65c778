"""Methods: the ways to come by what an arm answers with, one folder per method.

A method's `METHOD` (method.py) is light to import; what trains or loads is imported by its `make`.
"""

from stages.methods import adapter, answers, grpo, none, prompted, sft

METHODS = {
    "none": none.METHOD,
    "prompted": prompted.METHOD,
    "sft": sft.METHOD,
    "grpo": grpo.METHOD,
    "adapter": adapter.METHOD,
    "answers": answers.METHOD,
}
