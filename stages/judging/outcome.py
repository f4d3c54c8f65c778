"""What came of the questions: a row's scores, a clear end if too many failed, and the counts."""

import logging
from pathlib import Path
from typing import Any

from stages import records
from stages.command import UserError
from stages.judging import cost
from stages.judging.asking import Asked, Question, too_many
from stages.judging.questions import figures

logger = logging.getLogger(__name__)

REASONS_SHOWN = 3


def scores(questions: list[Question], asked: Asked) -> list[dict[str, Any]]:
    """Per row its id, its figures as `score`, and as `raw` what was said without a verdict."""
    by_row: dict[str, dict[str, Question]] = {}
    for question in questions:
        by_row.setdefault(question.row, {})[question.kind] = question
    raw: dict[str, list[dict[str, Any]]] = {row: [] for row in by_row}
    for failure in failures(questions, asked):
        raw[failure.pop("id")].append(failure)
    return [
        {
            "id": row,
            "score": figures({kind: asked.replies[q.key].verdict for kind, q in kinds.items()}),
            "raw": raw[row],
        }
        for row, kinds in by_row.items()
    ]


def failures(questions: list[Question], asked: Asked) -> list[dict[str, Any]]:
    """The questions that were asked and have no verdict: why, and the answer if there was one."""
    found = []
    for question in questions:
        reply = asked.replies.get(question.key)
        if reply and reply.verdict is None:
            text = reply.answer and reply.answer.text
            about = {"id": question.row, "question": question.kind}
            found.append({**about, "reason": reply.reason, "answer": text})
    return found


def check_failed(
    questions: list[Question], asked: Asked, settings: dict[str, Any], file: Path
) -> None:
    """Raise UserError, with the judge's answers in `file`, when too many rows lack a verdict."""
    found = failures(questions, asked)
    if not found:
        return
    rows = len({question.row for question in questions})
    failed = len({failure["id"] for failure in found})
    first = "; ".join(f"{f['id']} {f['question']}: {f['reason']}" for f in found[:REASONS_SHOWN])
    lacking = f"{settings['model']}: {failed} of {rows} rows ({failed / rows:.1%}) lack a verdict"
    if not too_many(failed, rows, settings):
        logger.warning("%s; first: %s", lacking, first)
        return
    records.write(file, found)
    calls = sum(1 + reply.retries for reply in asked.made)
    raise UserError(
        f"{lacking} after {calls} calls; max_failed_share allows "
        f"{settings['max_failed_share']:.1%}. First: {first}. What the judge said: {file}. The "
        "verdicts so far are kept; mend the judge and run again"
    )


def counts(
    questions: list[Question], asked: Asked, settings: dict[str, Any]
) -> dict[str, int | float | None]:
    """What was asked, what failed, and what it cost: all answers together, and those of this run.

    Equal questions are one call. A call that never got an answer is in `failed` and not in `usd`.
    """
    made = [reply.answer for reply in asked.made if reply.answer]
    every = [reply.answer for reply in asked.replies.values() if reply.answer]
    return {
        "rows": len({question.row for question in questions}),
        "questions": len(questions),
        "calls": len(asked.made),
        "cache_hits": len(asked.replies) - len(asked.made),
        "retries": sum(reply.retries for reply in asked.made),
        "failed": len(failures(questions, asked)),
        **cost.bill(every, settings),
        "usd_this_run": cost.bill(made, settings)["usd"],
    }
