"""Plans of what puts the next tokens of a base and of its adapter side by side."""

from collections.abc import Mapping
from typing import Any

from stages.planning.resolve import arms, studies
from stages.planning.schema import StudyFile


def plan(
    declared: StudyFile,
    name: str,
    knobs: Mapping[str, Any],
    hashes: Mapping[str, str],
    pins: Mapping[str, str],
) -> dict[str, Any]:
    """`knobs` are the arm's own; `asked` is its render's plan: texts are asked as it does."""
    arm = declared.arms[name]
    settings = declared.study[arm.study].next_tokens.model_dump()
    return {
        **arms.identity(name, arm),
        "next_tokens": {**settings, "sha256": hashes[settings["prompts"]]},
        "asked": studies.render(declared, declared.renders[arm.render], hashes),
        **arms.predict(arm, knobs, pins),
    }
