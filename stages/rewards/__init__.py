"""The rewards of reinforcement learning, in TRL's form: one plain function per task.

`reward(completions, **columns)` takes texts and the examples' fields as lists, and gives a
score from 0 to 1 for each row of its task, None elsewhere. What an answer is held against lies in
the example's `facts`. The metrics score with the same functions, so that what is trained is what is
judged; a new reward is a file in this folder and a line here.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

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
