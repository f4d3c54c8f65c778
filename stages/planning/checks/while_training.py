"""What is claimed of a run while it trained is about an arm whose method answers dev rows then."""

from stages.command import UserError
from stages.methods import METHODS
from stages.planning.schema import Study, StudyFile
from stages.planning.schema.claims import WHILE_TRAINING
from stages.planning.yaml_files import known

# The knob with the tasks that a method rewards: by these it evaluates.
TASKS = "rewards"
PREFIX = "dev_reward_"


def check(studies: StudyFile, study: Study, place: str) -> None:
    """Raise UserError for an arm that is not evaluated while it trains, or a task that it lacks."""
    for name, hypothesis in study.hypotheses.items():
        if hypothesis.kind not in WHILE_TRAINING:
            continue
        where = f"{place}.hypotheses.{name}"
        arm = studies.arms[hypothesis.arm]
        if TASKS not in METHODS[arm.method].knobs.model_fields:
            raise UserError(
                f"{where}: '{hypothesis.arm}' has no rewards while it trains; "
                f"its method is {arm.method}"
            )
        asked = getattr(hypothesis, "task", None) or hypothesis.figure.partition(PREFIX)[2]
        tasks = {**(getattr(study, TASKS, None) or {}), **(getattr(arm, TASKS, None) or {})}
        if asked and tasks:
            known(asked, tasks, where)
