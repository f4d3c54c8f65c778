"""Terms of a glossary that stand in an input, as a line of its instruction."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from stages import records
from stages.metrics.glossary import fold, occurring, read_glossary, spellings, terms

INTRODUCED = "Use these terms: "


def telling(glossary: Mapping[str, str]) -> Callable[[str, Mapping[str, Any]], str]:
    """What adds to an instruction the terms in an example's input, by the first accepted variant.

    An input without terms is asked with the instruction as it is. `glossary` has `path` and
    `sha256`; raises UserError where the file is another one.
    """
    path = glossary["path"]
    records.check_unchanged(Path(path), glossary["sha256"])
    known, spelled = terms(read_glossary(path)), spellings(path)

    def told(instruction: str, example: Mapping[str, Any]) -> str:
        found = {term.name for term in occurring(fold(example["input"]), known)}
        pairs = [f"{term} = {said}" for name, (term, said) in spelled.items() if name in found]
        return f"{instruction}\n{INTRODUCED}{'; '.join(pairs)}" if pairs else instruction

    return told
