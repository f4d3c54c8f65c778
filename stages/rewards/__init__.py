"""The rewards of reinforcement learning, in TRL's form: one plain function per task.

`reward(completions, **columns)` takes texts and the examples' fields as lists, and gives a
score from 0 to 1 for each row of its task, None elsewhere. What an answer is held against lies in
the example's `facts`. The metrics score with the same functions, so that what is trained is what is
judged; a new reward is a file in this folder and a line here. Its options are the parameters with a
default, each a Literal of what it may be.
"""

import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, get_args

from stages.rewards import extraction, insights, push, sql_qa

REWARDS: dict[str, Callable[..., list[float | None]]] = {
    "extraction": extraction.reward,
    "sql_qa": sql_qa.reward,
    "insights": insights.reward,
    "push": push.reward,
}


def score(rows: Sequence[Mapping[str, Any]]) -> list[float | None]:
    """Each row's answer (`text`) by its task's reward, None for rows of other studies."""
    columns = {name: [row.get(name) for row in rows] for name in ("facts", "input", "turns")}
    columns["category"] = [row.get("category") if row.get("facts") else None for row in rows]
    texts = [row["text"] for row in rows]
    found = [reward(texts, **columns) for reward in REWARDS.values()]
    return [next((s for s in scores if s is not None), None) for scores in zip(*found, strict=True)]


def check_options(task: str, options: Mapping[str, Any]) -> None:
    """Raise ValueError for an option that a task's reward doesn't have, or a value it can't be."""
    parameters = inspect.signature(REWARDS[task]).parameters.values()
    known = {
        one.name: get_args(one.annotation) for one in parameters if one.default is not one.empty
    }
    for name, value in options.items():
        _known(f"{task}: unknown option", name, known)
        _known(f"{task}.{name}: unknown", value, known[name])


def _known(what: str, found: Any, known: Iterable[str]) -> None:
    if found not in known:
        near = difflib.get_close_matches(str(found), known, n=1)
        hint = f" (did you mean '{near[0]}'?)" if near else ""
        raise ValueError(f"{what} {found!r}{hint}; known: {', '.join(known) or 'none'}")
