"""Which questions a row raises, and the scores that their verdicts make."""

import math
from collections.abc import Mapping
from typing import Any

from stages import records
from stages.judging import cache, prompts
from stages.judging.asking import Question
from stages.judging.prompts import CRITERIA

Verdict = Mapping[str, Any] | None

RISK = "hallucination_risk"
NEAR = 3  # points: means over the criteria that differ by no more than 0.5 are the same
# Of each verdict, how good the arm's answer is beside the other: better, as good or worse.
SIDES = {"compare": {"A": 1.0, "tie": 0.5, "B": 0.0}}
SIDES["compare swapped"] = {"A": 0.0, "tie": 0.5, "B": 1.0}


def questions(
    rows: list[dict[str, Any]], settings: dict[str, Any], instruction: str | None = None
) -> list[Question]:
    """The questions about each row: rate its `text`, and compare it with `other` in both orders.

    A share of the rows is rated once more, to see how steady the judge is.
    """
    again = repeated(rows, settings["repeat_share"], instruction)
    asked = []
    for row in rows:
        own, other = row["text"], row["other"]
        messages = {
            "rate": prompts.rate(row, instruction),
            "compare": prompts.compare(row, own, other, instruction),
            "compare swapped": prompts.compare(row, other, own, instruction),
        }
        if row["id"] in again:
            messages["rate again"] = messages["rate"]
        asked += [_question(row["id"], *named, settings) for named in messages.items()]
    return asked


def repeated(rows: list[dict[str, Any]], share: float, instruction: str | None = None) -> set[str]:
    """The ids of that share of the rows, rounded up: those with the lowest hash of their content.

    The answers do not count, so that every arm of a study has the same rows asked again.
    """

    def rank(row: dict[str, Any]) -> str:
        return records.digest([row["id"], prompts.material(row, instruction)])

    count = math.ceil(round(share * len(rows), 6))  # 0.07 * 100 is a little more than 7
    return {row["id"] for row in sorted(rows, key=rank)[:count]}


def figures(verdicts: Mapping[str, Verdict]) -> dict[str, float | None]:
    """A row's scores, None where a verdict is missing. `verdicts` has one per question asked.

    overall: the mean of the criteria, with the risk turned round. win: 1 if the arm's answer is
    better in both orders, 0 if the other is, else 0.5. first: how often the answer shown first is
    the better one, a tie being half: 0.5 for a judge without regard to order. consistent: 1 if both
    orders have the same outcome. repeat: 1 if the second rating is near the first. covered: 1 if no
    verdict is missing.
    """
    rating, again = verdicts["rate"], verdicts.get("rate again")
    found: dict[str, float | None] = {name: rating and rating[name] for name in CRITERIA}
    found["overall"] = rating and points(rating) / len(CRITERIA)
    first, second = (verdicts[k] and side[verdicts[k]["better"]] for k, side in SIDES.items())
    both = first is not None and second is not None
    found["win"] = (first if first == second else 0.5) if both else None
    found["consistent"] = float(first == second) if both else None
    found["first"] = (1 + first - second) / 2 if both else None
    twice = rating and again
    found["repeat"] = float(abs(points(rating) - points(again)) <= NEAR) if twice else None
    found["covered"] = float(all(verdicts.values()))
    return found


def points(rating: Mapping[str, int]) -> int:
    """The sum of the criteria, with the risk turned round: 5 is the best for all."""
    return sum(6 - rating[name] if name == RISK else rating[name] for name in CRITERIA)


def signature(settings: dict[str, Any], against: str) -> str:
    """Everything that decides the scores, as key:value|key:value."""
    return "|".join(
        [
            f"judge|model:{settings['model']}",
            f"server:{settings['base_url']}",
            f"temperature:{settings['temperature']:g}",
            f"max_tokens:{settings['max_tokens']}",
            f"prompts:{prompts.version()}",
            f"against:{against}",
            f"repeat:{settings['repeat_share']:g}",
            "rule:1",
        ]
    )


def _question(
    row: str, kind: str, messages: list[dict[str, str]], settings: dict[str, Any]
) -> Question:
    request = {name: settings[name] for name in ("model", "temperature", "max_tokens")}
    request["messages"] = messages
    # Two equal answers look the same in both orders: asked once, an A/A control could not fail.
    repetition = int(kind in ("rate again", "compare swapped"))
    return Question(row, kind, request, cache.key(settings["base_url"], request, repetition))
