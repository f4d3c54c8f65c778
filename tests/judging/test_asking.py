"""Many questions at once: each paid once, kept as soon as answered, and an end to everything."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from stages import paths, records
from stages.command import UserError
from stages.judging import asking, cache, cost
from stages.judging.asking import ask_all
from stages.judging.client import Answer
from stages.judging.questions import questions
from tests.judging.server import GOOD, fails, prefers_longer, says, scripted

ROWS = [
    {"id": f"r{n}", "input": f"Say {n}.", "target": "x", "text": "a " * n, "other": "b"}
    for n in range(1, 5)
]
CALLS = len(ROWS) * 3 + 2  # half of the rows are rated twice
KEY = "sk-test-0123456789abcdef"
ODD = '{"text": 3, "cut_off": false, "tokens_in": 1, "tokens_out": 1}'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DVC_ROOT", raising=False)


def asked(settings: dict, rows: list = ROWS, instruction: str | None = None):
    return ask_all(questions(rows, settings, instruction), settings, "arm")


def kept() -> list:
    return sorted((paths.scratch() / "judge/answers").glob("*/*"))


def test_each_question_once_and_a_second_run_asks_nobody(server, settings):
    first = asked(settings)
    assert len(server.asked) == len(first.made) == len(first.replies) == CALLS
    server.close()
    again = asked(settings)
    assert again.made == []
    assert {k: r.verdict for k, r in again.replies.items()} == {
        k: r.verdict for k, r in first.replies.items()
    }


def test_another_server_of_the_same_model_is_asked_itself(server, settings):
    """It may have other weights under the same name."""
    asked(settings)
    other = {**settings, "base_url": server.url.replace("127.0.0.1", "localhost")}
    assert len(asked(other).made) == CALLS


def test_two_arms_share_the_verdicts_on_equal_answers(server, settings):
    asked(settings)
    other_arm = [*ROWS[:3], {**ROWS[3], "text": "something else"}]
    new = asked(settings, other_arm).made
    assert 3 <= len(new) <= 4


# what, settings, rows, instruction
CHANGES = [
    ("model", {"model": "judge-2"}, ROWS, None),
    ("temperature", {"temperature": 0.1}, ROWS, None),
    ("max_tokens", {"max_tokens": 65}, ROWS, None),
    ("a byte of every answer", {}, [{**row, "text": row["text"] + "."} for row in ROWS], None),
    ("a byte of every task", {}, [{**row, "input": row["input"] + " "} for row in ROWS], None),
    ("a byte of every reference", {}, [{**row, "target": "y"} for row in ROWS], None),
    ("the instruction", {}, ROWS, "Speak."),
]


@pytest.mark.parametrize(("what", "others", "rows", "said"), CHANGES, ids=[c[0] for c in CHANGES])
def test_no_hit_after_a_change(what, others, rows, said, server, settings):
    asked(settings)
    assert len(asked({**settings, **others}, rows, said).made) == CALLS


def test_no_hit_after_a_change_of_the_wording(server, settings, monkeypatch):
    asked(settings)
    monkeypatch.setattr("stages.judging.prompts.RULES", "{task} {nonce}")
    assert len(asked(settings).made) == CALLS


def test_answers_without_a_verdict_are_kept_and_asked_again(server, settings):
    server.respond = scripted(says("I'd say A."))
    lenient = {**settings, "max_failed_share": 1.0}
    first = asked(lenient)
    assert {reply.reason for reply in first.made} == {"not JSON: Expecting value"}
    assert {records.read_json(file)["text"] for file in kept()} == {"I'd say A."}
    server.respond = prefers_longer
    second = asked(lenient)
    assert len(second.made) == CALLS and all(reply.verdict for reply in second.made)
    assert len(kept()) == CALLS and asked(lenient).made == []


def test_verdict_that_was_cut_off_counts_for_nothing(server, settings):
    server.respond = scripted(says(json.dumps(GOOD), finish="length"))
    replies = asked({**settings, "max_failed_share": 1.0}).made
    assert {reply.reason for reply in replies} == {"cut off by max_tokens"}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"text": ""}', ODD, "null", "\x00\xff"])
def test_broken_file_in_the_cache_is_no_answer(content, server, settings):
    asked(settings)
    kept()[0].write_text(content)
    assert len(asked(settings).made) == 1
    assert asked(settings).made == []


def test_stops_once_too_many_rows_have_failed(server, settings):
    server.respond = scripted(fails(500))
    found = asked({**settings, "concurrency": 1, "max_failed_share": 0.25})
    rows = {question.row for question in questions(ROWS, settings) if question.key in found.replies}
    assert len(rows) == 2, "one of four is allowed"
    assert len(found.made) <= 5 < CALLS


def test_dead_key_stops_everything(server, settings):
    server.respond = scripted(fails(401), fails(401)._replace(delay=0.3))
    with pytest.raises(UserError, match="HTTP 401"):
        asked({**settings, "concurrency": 2})
    assert len(server.asked) <= 3
    assert kept() == []


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_more_calls_at_once_than_allowed(concurrency, server, settings):
    together = threading.Barrier(concurrency)

    def respond(body):
        if len(server.asked) <= concurrency:
            together.wait(10)  # passes only when as many calls are under way
        return prefers_longer(body)

    server.respond = respond
    asked({**settings, "concurrency": concurrency})
    assert server.busiest == concurrency


def test_interrupted_run_keeps_what_was_answered_and_goes_on(server, settings, monkeypatch):
    def respond(body):
        return prefers_longer(body)._replace(delay=0.3 * (len(server.asked) > 5))

    def interrupt(stream, **_):
        for number, item in enumerate(stream):
            if number == 4:
                raise KeyboardInterrupt
            yield item

    server.respond = respond
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(asking, "tqdm", interrupt)
        asked({**settings, "concurrency": 2})
    server.respond = prefers_longer
    before = len(server.asked)
    assert 5 <= len(kept()) == before < CALLS
    asked(settings)
    assert len(server.asked) == CALLS, "no call is made twice"


def test_interrupted_wait_for_a_retry_ends_without_another_call(server, settings, monkeypatch):
    monkeypatch.setattr("stages.judging.client.FIRST_WAIT_S", 20.0)
    hopeless = questions(ROWS, settings)[0].request

    def respond(body):
        return fails(503) if body == hopeless else prefers_longer(body)

    def interrupt(stream, **_):
        yield next(stream)
        raise KeyboardInterrupt

    server.respond = respond
    monkeypatch.setattr(asking, "tqdm", interrupt)
    with pytest.raises(KeyboardInterrupt):
        asked(settings)
    assert server.asked.count(hopeless) == 1


def test_key_gets_into_no_file(server, settings, monkeypatch):
    monkeypatch.setenv("JUDGE_KEY", KEY)
    server.respond = scripted(says(f"Your key is {KEY}."))
    found = asked({**settings, "key_env": "JUDGE_KEY", "max_failed_share": 1.0})
    assert found.made[0].answer.text == "Your key is [key]."
    assert all(KEY not in file.read_text() for file in kept())


def test_key_that_is_part_of_a_verdict_does_no_harm(server, settings, monkeypatch):
    monkeypatch.setenv("JUDGE_KEY", "1")
    found = asked({**settings, "key_env": "JUDGE_KEY"})
    assert all(reply.verdict for reply in found.made)


def test_finished_run_needs_no_key(server, settings, monkeypatch):
    monkeypatch.setenv("JUDGE_KEY", KEY)
    keyed = {**settings, "key_env": "JUDGE_KEY"}
    asked(keyed)
    monkeypatch.delenv("JUDGE_KEY")
    assert asked(keyed).made == []


def test_answer_is_written_by_many_at_once():
    answer = Answer('{"better": "A"}', False, 1, None, retries=3)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: cache.store("ab12", answer), range(200)))
    assert cache.load("ab12") == answer._replace(retries=0)
    assert len(kept()) == 1


# --- money ---

PRICED = {"price_in": 2.0, "price_out": 10.0}


def test_estimate_is_said_before_the_first_call(server, settings, caplog):
    with caplog.at_level("INFO"):
        asked({**settings, **PRICED})
        asked(settings, ROWS[:1])
    first, second = caplog.messages
    made = [question.request for question in questions(ROWS, settings)]
    size = sum(len(request["messages"][0]["content"].encode()) for request in made) // 4
    usd = (size * 2 + CALLS * 64 * 10) / 1e6
    assert first == (
        f"arm: 14 questions, 0 answers in the cache, 14 calls to make: about {size} tokens in "
        f"(bytes / 4), at most {CALLS * 64} out, at most about {usd:.4f} USD"
    )
    assert "cost unknown" in second


def test_too_expensive_is_refused_before_any_call(server, settings):
    with pytest.raises(UserError, match="above `max_cost: 0.001`; nothing was asked"):
        asked({**settings, **PRICED, "max_cost": 0.001})
    assert server.asked == []


@pytest.mark.parametrize("missing", ["price_in", "price_out"])
def test_limit_without_prices_is_refused(missing, server, settings):
    with pytest.raises(UserError, match="max_cost needs price_in and price_out"):
        asked({**settings, **PRICED, missing: None, "max_cost": 1.0})
    assert server.asked == []


def test_what_is_in_the_cache_costs_nothing(server, settings):
    asked(settings)
    assert asked({**settings, **PRICED, "max_cost": 1e-9}).made == []
    assert asked({**settings, "max_cost": 1e-9}).made == []


def test_stops_when_the_calls_cost_more_than_estimated(server, settings):
    server.respond = scripted(says(json.dumps({"better": "A"}), usage=(400_000, 20_000)))
    limited = {**settings, **PRICED, "max_cost": 2.5, "max_failed_share": 1.0}
    with pytest.raises(UserError, match=r"3\.0000 USD are spent, above `max_cost: 2\.5`"):
        asked(limited)


def test_bill():
    counted = [Answer("", False, 100, 20), Answer("", True, 50, 5)]
    prices = {"price_in": 2.0, "price_out": 10.0}
    expected = {"tokens_in": 150, "tokens_out": 25, "usd": 0.00055}
    assert cost.bill(counted, prices) == expected
    assert cost.bill(counted, {**prices, "price_in": None}) == {**expected, "usd": None}
    unknown = dict.fromkeys(expected)
    assert cost.bill([*counted, Answer("", False, None, 3)], prices) == unknown
    assert cost.bill([], prices) == {"tokens_in": 0, "tokens_out": 0, "usd": 0.0}
