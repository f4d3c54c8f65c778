"""Plans of the stages that compare, promote and open the test split."""

from collections.abc import Mapping
from typing import Any

from stages.params import StudyFile

VERDICT_LIBRARIES = ("numpy", "scipy")


def baseline(studies: StudyFile, name: str) -> str | None:
    """Whom an arm is measured against: what it names, else the untouched base it starts from.

    None for an untouched base, and where its study has none. Raises ValueError for several.
    """
    arm = studies.arms[name]
    if arm.compare_to is not None or arm.method == "none":
        return arm.compare_to
    untouched = [
        other
        for other, candidate in studies.arms.items()
        if (candidate.study, candidate.base, candidate.method) == (arm.study, arm.base, "none")
        and candidate.compare_to is None
    ]
    if len(untouched) > 1:
        raise ValueError(f"{', '.join(untouched)} are all its untouched base; name one")
    return next(iter(untouched), None)


def against(studies: StudyFile, study: str) -> dict[str, str | None]:
    """Each arm of a study with the arm that it is measured against."""
    names = [name for name, arm in studies.arms.items() if arm.study == study]
    return {name: baseline(studies, name) for name in names}


def compare(
    studies: StudyFile, study: str, metrics: list[str], pins: Mapping[str, str]
) -> dict[str, Any]:
    declared = studies.study[study]
    return {
        "study": study,
        "against": against(studies, study),
        "metrics": metrics,
        # A list: JSON is written with sorted keys here, and a conjunction must follow its parts
        "hypotheses": [{"name": n, **h.model_dump()} for n, h in declared.hypotheses.items()],
        "decisions": [step.model_dump() for step in declared.decisions],
        "pins": {name: pins[name] for name in VERDICT_LIBRARIES},
    }


def promote(
    studies: StudyFile, study: str, predict: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    """The rule, and how each arm would answer the test rows: `predict` has the arms' plans.

    promote passes on what the promoted arm and its base need, so that the test stage is re-run by
    a change of theirs and by no other arm's.
    """
    declared = studies.study[study]
    controls = {n: h.metric for n, h in declared.hypotheses.items() if h.kind == "control"}
    arms = {name: arm for name, arm in studies.arms.items() if arm.study == study}
    return {
        "study": study,
        "rule": declared.promote.model_dump() if declared.promote else None,
        "controls": controls,
        "against": against(studies, study),
        "arms": {
            name: {
                **predict[name],
                "format": studies.renders[arm.render].format,
                "instruction": declared.instruction,
            }
            for name, arm in arms.items()
        },
    }
