"""What scores answers in a stage of its own, before a metric reads the scores out of its rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scorer:
    """What the rest of the graph must know of a scorer; its name is that of its score files."""

    switch: str  # the map in study files that names what it scores
    needs_model: bool = False  # it scores an arm and not its answers: no floor has a score
    own_texts: bool = False  # its rows are texts of its own, beside those of the dev split
    sees_test: bool = False  # it also scores what met the test split


SCORERS = {
    "comet": Scorer("score_comet", sees_test=True),
    "drift": Scorer("measure_drift", needs_model=True, own_texts=True),
    "judge": Scorer("judge"),
}
