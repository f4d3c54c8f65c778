"""The share of answers without a single character of the script that the reference is written in.

It catches a model that answers in the wrong language. One character is enough to pass, and Chinese
passes for Japanese: a low rate doesn't show that the language is right.
"""

import re
from collections.abc import Sequence

from stages.metrics.metric import Metric, Row, quotient

# Letters only, as the inside of a character class. Source: Unicode's Scripts.txt; Japanese
# has its half-width forms and not U+30FB, the middle dot, which other scripts use too.
SCRIPTS = {
    "japanese": (
        "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
        "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U000323af"
    ),
    "latin": (
        "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
        "\u2c60-\u2c7f\ua722-\ua787\ua78b-\ua7ff\uab30-\uab5a\ufb00-\ufb06\uff21-\uff3a\uff41-\uff5a"
    ),
    "cyrillic": "\u0400-\u0481\u048a-\u052f\u1c80-\u1c8a\ua640-\ua66e\ua680-\ua69d",
}


def _statistics(rows: Sequence[Row], script: str) -> list[list[float] | None]:
    """Per row [0 if the answer holds the script else 1, 1]; None if the reference holds none."""
    letter = _letter(script)
    return [
        [int(not letter.search(row["text"])), 1] if letter.search(row["target"]) else None
        for row in rows
    ]


def _letter(script: str) -> re.Pattern[str]:
    if script not in SCRIPTS:
        raise ValueError(f"wrong_script_rate: unknown script {script!r}; choose {_choices()}")
    return re.compile(f"[{SCRIPTS[script]}]")


def _choices() -> str:
    *others, last = sorted(SCRIPTS)
    return f"{', '.join(others)} or {last}"


def _signature(script: str) -> str:
    _letter(script)  # a signature for a script that doesn't exist would vouch for nothing
    return f"wrong_script_rate|script:{script}|rule:1"


WRONG_SCRIPT_RATE = Metric(
    label="wrong script",
    direction="lower",
    unit="share 0-1",
    statistics=_statistics,
    combine=quotient,
    signature=_signature,
    best=0.0,
)
