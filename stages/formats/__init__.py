"""Formats: an example -> one training representation, one file per format.

A format is a pure function `(example, instruction) -> {"prompt", "completion"}`. Both are
lists of chat messages, or both are plain text; tokens.py turns either into token ids. A completion
may go on after the first answer, as user and assistant in turn; only the assistant is learnt from.

Every example has `input` and `target`. Where the study has no instruction for all of them,
`instruction` is None and the example brings its own, with the fields of sources/tasks.py.
"""

from stages.formats import (
    alpaca,
    bad_control,
    chat,
    multi_turn_concise,
    multi_turn_verbose,
    single_turn,
    structured_terse,
)

FORMATS = {
    "alpaca": alpaca.render,
    "bad_control": bad_control.render,
    "chat": chat.render,
    "multi_turn_concise": multi_turn_concise.render,
    "multi_turn_verbose": multi_turn_verbose.render,
    "single_turn": single_turn.render,
    "structured_terse": structured_terse.render,
}
