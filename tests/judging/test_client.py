"""The client against a real server: what is asked again, what ends at once, what is never said."""

import json
import logging

import pytest

from stages.command import UserError
from stages.judging import client
from stages.judging.client import NoAnswer, ask, connect, seconds_to_wait
from tests.judging.server import Sent, Server, fails, says, scripted

REQUEST = {
    "model": "judge-1",
    "messages": [{"role": "user", "content": "Ist das gut? 良い？"}],
    "temperature": 0.0,
    "max_tokens": 64,
}
GOOD = says("fine")
CUT = GOOD.body[:70]
KEY = "sk-test-0123456789abcdef"


def asked(settings: dict, waits: list | None = None):
    waits = [] if waits is None else waits
    return ask(connect(settings), REQUEST, settings, waits.append)


def test_question_and_answer(server, settings):
    server.respond = scripted(says("grün 良", usage=(7, 3)))
    assert asked(settings) == ("grün 良", False, 7, 3, 0)
    assert server.asked == [REQUEST]


# what, the server's first response
PASSING = [
    ("too many requests", fails(429)),
    ("server error", fails(500)),
    ("gateway", Sent(b"<html>", 502)),
    ("overloaded", fails(529)),
    ("request time-out", fails(408)),
    ("conflict", fails(409)),
    ("no body", Sent(b"")),
    ("blanks", Sent(b"\n\n  ")),
    ("truncated JSON", Sent(CUT)),
    ("less than announced", Sent(CUT, length=len(GOOD.body))),
    ("a page", Sent(b"<html>busy</html>")),
    ("an error under 200", Sent(b'{"error": {"message": "upstream"}}')),
    ("no choices", Sent(b'{"choices": []}')),
    ("a list", Sent(b"[]")),
    ("text in parts", Sent(b'{"choices": [{"message": {"content": [1]}}]}')),
    ("deep nesting", Sent(b"[" * 99_999)),
    ("not the encoding it claims", Sent(GOOD.body, headers=(("Content-Encoding", "gzip"),))),
]


@pytest.mark.parametrize(("what", "first"), PASSING, ids=[case[0] for case in PASSING])
def test_trouble_that_passes_is_asked_again(what, first, server, settings):
    server.respond = scripted(first, GOOD)
    answer = asked(settings)
    assert (answer.text, answer.retries, len(server.asked)) == ("fine", 1, 2)


@pytest.mark.parametrize(("what", "first"), PASSING, ids=[case[0] for case in PASSING])
def test_retries_have_an_end(what, first, server, settings):
    server.respond = scripted(first)
    with pytest.raises(NoAnswer, match="tried 3 times") as raised:
        asked(settings)
    assert (raised.value.retries, len(server.asked)) == (2, 3)
    assert "\n" not in str(raised.value)


def test_no_retries(server, settings):
    server.respond = scripted(fails(503))
    with pytest.raises(NoAnswer, match="^HTTP 503; tried 1 times$"):
        asked({**settings, "retries": 0})
    assert len(server.asked) == 1


def test_waits_double_and_a_longer_wish_of_the_server_counts(server, settings, monkeypatch):
    monkeypatch.setattr(client, "FIRST_WAIT_S", 1.0)
    steps = [fails(500), fails(429, Retry_After="7.5"), fails(429, Retry_After="1"), fails(500)]
    server.respond = scripted(*steps, fails(503, Retry_After="86400"), GOOD)
    waits = []
    assert asked({**settings, "retries": 5}, waits).retries == 5
    assert waits == [1.0, 7.5, 4.0, 8.0, client.LONGEST_WAIT_S]


def test_giving_up_during_a_wait(server, settings):
    server.respond = scripted(fails(429))
    with pytest.raises(NoAnswer, match="HTTP 429; given up"):
        ask(connect(settings), REQUEST, settings, lambda seconds: True)
    assert len(server.asked) == 1


# header, seconds at Thu, 01 Jan 2026 00:00:00 GMT
HEADERS = [
    (None, 0.0),
    ("", 0.0),
    ("12", 12.0),
    ("0.5", 0.5),
    ("-3", 0.0),
    ("nan", 0.0),
    ("inf", float("inf")),
    ("soon", 0.0),
    ("Thu, 01 Jan 2026 00:00:42 GMT", 42.0),
    ("Thu, 01 Jan 2026 01:00:42 +0100", 42.0),
    ("Wed, 31 Dec 2025 23:59:00 GMT", 0.0),
    ("Thu, 99 Jan 2026 00:00:42 GMT", 0.0),
]


@pytest.mark.parametrize(("header", "seconds"), HEADERS)
def test_retry_after(header, seconds):
    assert seconds_to_wait(header, now=1767225600.0) == seconds


def test_server_that_hangs(server, settings):
    server.respond = scripted(GOOD._replace(delay=12.0), GOOD)
    answer = asked({**settings, "timeout_s": 3.0})
    assert (answer.text, answer.retries) == ("fine", 1)


def test_server_that_keeps_the_connection_alive_for_ever(server, settings):
    server.respond = scripted(Sent(b" " * 1000, drip=0.02))
    with pytest.raises(NoAnswer, match=r"no whole answer within 0\.2 s; tried 1 times"):
        asked({**settings, "timeout_s": 0.2, "retries": 0})


def test_no_server(server, settings):
    server.close()
    with pytest.raises(NoAnswer, match=r"no connection \(ConnectError: .*; tried 3 times"):
        asked(settings)


# status, what the error says to check
FINAL = [
    (400, "check `judge: model`"),
    (401, "check the key in JUDGE_KEY"),
    (402, "check the `judge` settings"),
    (403, "is allowed to do"),
    (404, "check `judge: base_url`"),
    (413, "check the `judge` settings"),
    (422, "check the `judge` settings"),
]


@pytest.mark.parametrize(("status", "remedy"), FINAL)
def test_trouble_that_stays_ends_at_once(status, remedy, server, settings, monkeypatch):
    monkeypatch.setenv("JUDGE_KEY", KEY)
    server.respond = scripted(fails(status, f"no good:\n\x1b[31m{KEY} {'x' * 999}"), GOOD)
    with pytest.raises(UserError) as raised:
        asked({**settings, "key_env": "JUDGE_KEY"})
    said = str(raised.value)
    assert f"HTTP {status}" in said and remedy in said and "no good" in said
    assert said.startswith(server.url)
    assert said.isprintable() and KEY not in said and len(said) < 500
    assert len(server.asked) == 1


def test_unauthorized_without_a_key(server, settings):
    server.respond = scripted(fails(401))
    with pytest.raises(UserError, match="check the key in key_env, which is null$"):
        asked(settings)


def test_key_is_sent_and_others_are_not(server, settings, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-service")
    monkeypatch.setenv("JUDGE_KEY", f" {KEY}\n")
    server.respond = scripted(GOOD)
    asked({**settings, "key_env": "JUDGE_KEY"})
    asked(settings)
    assert [sent["authorization"] for sent in server.headers] == [f"Bearer {KEY}", "Bearer none"]
    assert "another-service" not in json.dumps(server.headers)


@pytest.mark.parametrize("value", [None, "", "  ", "sk\nsk", "schlüssel"])
def test_key_that_cannot_be_used(value, settings, monkeypatch):
    monkeypatch.delenv("JUDGE_KEY", raising=False)
    if value is not None:
        monkeypatch.setenv("JUDGE_KEY", value)
    with pytest.raises(UserError, match="^JUDGE_KEY: this environment variable") as raised:
        connect({**settings, "key_env": "JUDGE_KEY"})
    assert not (value or "").strip() or value not in str(raised.value)


# what, the body's changes, the answer
ODD = [
    ("nothing said", says(None), ("", False, 100, 20, 0)),
    ("cut off", says('{"better"', finish="length"), ('{"better"', True, 100, 20, 0)),
    ("uncounted", says("a", usage=None), ("a", False, None, None, 0)),
    ("miscounted", says("a", usage=("7", None)), ("a", False, None, None, 0)),
    ("half a surrogate pair", says("a\ud83d"), ("a?", False, 100, 20, 0)),
    (
        "a refusal",
        Sent(b'{"choices": [{"message": {"content": null, "refusal": "No."}}]}'),
        ("No.", False, None, None, 0),
    ),
]


@pytest.mark.parametrize(("what", "sent", "expected"), ODD, ids=[case[0] for case in ODD])
def test_whole_answers_of_odd_content(what, sent, expected, server, settings):
    server.respond = scripted(sent)
    assert asked(settings) == expected


def redirect(place, status=307):
    return Sent(b"", status, (("Location", place),))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_to_another_server_is_refused_and_nothing_is_sent_there(status, server, settings):
    other = Server(scripted(GOOD))
    server.respond = scripted(redirect(f"{other.url}/chat/completions", status))
    try:
        with pytest.raises(UserError) as raised:
            asked(settings)
    finally:
        other.close()
    here, there = (f"http://127.0.0.1:{one.http.server_port}" for one in (server, other))
    said = f"{here}: the judge's server redirects to {there}, another server; nothing was sent"
    assert str(raised.value).startswith(said)
    assert (len(server.asked), other.asked, other.headers) == (1, [], [])


@pytest.mark.parametrize(
    "place", ["https://{host}/v1", "http://localhost:{port}/v1", "//user:hunter2@localhost/v1"]
)
def test_redirect_to_another_scheme_or_host_is_refused(place, server, settings):
    port = server.http.server_port
    server.respond = scripted(redirect(place.format(host=f"127.0.0.1:{port}", port=port)))
    with pytest.raises(UserError, match="redirects to ") as raised:
        asked(settings)
    assert "hunter2" not in str(raised.value)


def test_redirect_within_the_server_is_followed(server, settings):
    server.respond = scripted(redirect("/v1/chat/completions"), GOOD)
    assert asked(settings).text == "fine"
    assert server.asked == [REQUEST, REQUEST]


@pytest.mark.parametrize("named", ["judge-1-2024-07-18", "judge-1", None, "", 7])
def test_model_that_was_asked_for_answers(named, server, settings):
    server.respond = scripted(Sent(json.dumps({**json.loads(GOOD.body), "model": named}).encode()))
    assert asked(settings).text == "fine"


@pytest.mark.parametrize("named", ["judge-2", "judge-1-mini", f"x\x1b[31m\n{KEY}"])
def test_another_model_than_the_one_asked_is_refused(named, server, settings, monkeypatch):
    monkeypatch.setenv("JUDGE_KEY", KEY)
    server.respond = scripted(Sent(json.dumps({**json.loads(GOOD.body), "model": named}).encode()))
    with pytest.raises(UserError) as raised:
        asked({**settings, "key_env": "JUDGE_KEY"})
    said = str(raised.value)
    assert said.startswith(f"{server.url}: asked for 'judge-1', the judge's server answered with '")
    assert said.isprintable() and KEY not in said
    assert len(server.asked) == 1


def test_log_has_neither_requests_nor_key(server, settings, monkeypatch, caplog):
    monkeypatch.setenv("JUDGE_KEY", KEY)
    server.respond = scripted(GOOD)
    with caplog.at_level(logging.INFO):
        asked({**settings, "key_env": "JUDGE_KEY"})
    assert caplog.text == ""
