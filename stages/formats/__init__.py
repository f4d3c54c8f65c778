"""Formats: an example -> one training representation, one file per format.

A format is a pure function `(example, instruction) -> {"prompt", "completion"}`. Both are
lists of chat messages, or both are plain text; tokens.py turns either into token ids.
"""

from stages.formats import alpaca, chat

FORMATS = {
    "alpaca": alpaca.render,
    "chat": chat.render,
}
