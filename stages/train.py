"""Make what one arm answers with, by its method: an adapter, answers from elsewhere, or nothing.

Usage: python -m stages.train ARM

A killed run goes on from its last complete checkpoint under .scratch/ and ends in the same weights
as a run that was not killed. One that diverges is a row of its study like every other.
"""

from stages import paths
from stages.command import run
from stages.methods import METHODS
from stages.plans import load_plan


def main(arm: str) -> None:
    plan = load_plan("train", arm)
    study = plan["study"]
    METHODS[plan["method"]].make(plan, paths.adapter(study, arm), paths.training_log(study, arm))


if __name__ == "__main__":
    run(main)
