"""Ask many questions at once: each only once, in the cache as soon as answered, with an end."""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from typing import Any, NamedTuple

from tqdm import tqdm

from stages.judging import cache, cost, reading
from stages.judging.client import Answer, NoAnswer, ask, connect, redact

logger = logging.getLogger(__name__)

Read = Callable[[str], dict[str, Any]]
READ: dict[str, Read] = {
    "rate": reading.rating,
    "rate again": reading.rating,
    "compare": reading.preference,
    "compare swapped": reading.preference,
}


class Question(NamedTuple):
    row: str
    kind: str  # a key of READ
    request: dict[str, Any]
    key: str


class Reply(NamedTuple):
    """A verdict, or the reason why there is none."""

    verdict: dict[str, Any] | None
    reason: str | None
    answer: Answer | None
    retries: int


class Asked(NamedTuple):
    replies: dict[str, Reply]  # by the question's key
    made: list[Reply]  # those of them that were asked for now


def ask_all(questions: list[Question], settings: dict[str, Any], name: str) -> Asked:
    """A reply to every question, from the cache or the server.

    Ends early, with replies missing, once more rows have failed than `max_failed_share` allows: no
    answer could mend that. Raises UserError for what would stop every call, and for cost.
    """
    rows_of: dict[str, set[str]] = {}
    for question in questions:
        rows_of.setdefault(question.key, set()).add(question.row)
    rows = len(set().union(*rows_of.values()))
    once = {question.key: question for question in questions}
    replies = {key: known for key, question in once.items() if (known := from_cache(question))}
    new = [question for key, question in once.items() if key not in replies]
    expected = cost.estimate([question.request for question in new], settings)
    counted = f"{len(questions)} questions, {len(replies)} answers in the cache, {len(new)} calls"
    logger.info("%s: %s to make: %s", name, counted, cost.in_words(expected))
    cost.check(expected, settings)
    made, failed, spent = [], set(), 0.0
    with closing(_from_server(new, settings)) as stream:
        for question, reply in tqdm(stream, desc=f"{name}: judge", total=len(new), unit="call"):
            replies[question.key] = reply
            made.append(reply)
            failed |= set() if reply.verdict else rows_of[question.key]
            spent += cost.of(reply.answer, settings)
            cost.check_spent(spent, settings)
            if too_many(len(failed), rows, settings):
                break
    return Asked(replies, made)


def too_many(failed: int, rows: int, settings: dict[str, Any]) -> bool:
    """Whether more rows have failed than `max_failed_share` allows."""
    return failed > settings["max_failed_share"] * rows


def from_cache(question: Question) -> Reply | None:
    """A kept answer's verdict; None without an answer, or if it is one to ask for again."""
    answer = cache.load(question.key)
    reply = answer and read(question.kind, answer)
    return reply if reply and reply.verdict else None


def read(kind: str, answer: Answer) -> Reply:
    """The verdict that is in an answer, or what is wrong with it."""
    try:
        if answer.cut_off:
            raise ValueError("cut off by max_tokens")
        return Reply(READ[kind](answer.text), None, answer, answer.retries)
    except ValueError as error:
        return Reply(None, str(error), answer, answer.retries)


def _from_server(
    questions: list[Question], settings: dict[str, Any]
) -> Iterator[tuple[Question, Reply]]:
    """Each question with its reply, as they come.

    However this ends, no new call starts, and those under way are waited for: they will be paid.
    """
    if not questions:
        return
    client, stop = connect(settings), threading.Event()
    pool = ThreadPoolExecutor(settings["concurrency"])
    try:
        waiting = [
            pool.submit(_reply, client, question, settings, stop.wait) for question in questions
        ]
        for future in as_completed(waiting):
            yield future.result()
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
        client.close()


def _reply(
    client: Any, question: Question, settings: dict[str, Any], pause: Callable[[float], bool]
) -> tuple[Question, Reply]:
    """Ask the server one question, and keep the answer at once."""
    try:
        answer = ask(client, question.request, settings, pause)
    except NoAnswer as error:
        return question, Reply(None, str(error), None, error.retries)
    reply = read(question.kind, answer)
    if reply.verdict is None:  # a verdict has no room for a key, everything else has
        reply = read(question.kind, answer._replace(text=redact(answer.text, settings)))
    cache.store(question.key, reply.answer)
    return question, reply
