"""Ask an OpenAI-compatible server one question: time limits, bounded retries, no key in any text.

The client of the `openai` package does the talking; not its retries, which give up on a longer
Retry-After and take an empty body for an answer, nor its reading of the body, whose time limit
starts anew with each byte.
"""

import json
import logging
import math
import os
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import httpx2
import openai

from stages.command import UserError
from stages.judging.naming import same_model
from stages.judging.redirects import stay_at

FIRST_WAIT_S = 1.0  # doubles with each retry
LONGEST_WAIT_S = 120.0
RETRIED = (408, 409, 429)  # and every 5xx
SHOWN = 200
REMEDIES = {
    400: "check `judge: model`, its other settings, and that the question fits the model",
    401: "check the key in {key}",
    403: "check what the key in {key} is allowed to do",
    404: "check `judge: base_url` (it mostly ends in /v1) and `model`",
}


class Answer(NamedTuple):
    """What the judge said, cut off by max_tokens or not; None for tokens that nobody counted."""

    text: str
    cut_off: bool
    tokens_in: int | None
    tokens_out: int | None
    retries: int = 0


class NoAnswer(Exception):
    """No whole answer came, also not after the retries."""

    def __init__(self, reason: str, retries: int):
        super().__init__(reason)
        self.retries = retries


class _Again(Exception):
    """Trouble that may pass; `wait` is the server's own wish in seconds, if it has one."""

    def __init__(self, reason: str, wait: float = 0.0):
        super().__init__(reason)
        self.wait = wait


def connect(settings: dict[str, Any]) -> openai.OpenAI:
    """A client for `base_url`; UserError unless the key is where `key_env` says."""
    for library in ("httpx2", "openai"):  # they log every request
        logging.getLogger(library).setLevel(logging.WARNING)
    return openai.OpenAI(
        base_url=settings["base_url"],
        api_key=_key(settings),
        timeout=settings["timeout_s"],
        max_retries=0,
        http_client=openai.DefaultHttpxClient(
            event_hooks={"request": [stay_at(settings["base_url"])]}
        ),
    )


def ask(
    client: openai.OpenAI,
    request: dict[str, Any],
    settings: dict[str, Any],
    pause: Callable[[float], Any],
) -> Answer:
    """The answer to one request: `model`, `messages`, `temperature`, `max_tokens`.

    `pause` waits that many seconds, and returns something true when it is time to give up.
    Raises NoAnswer after the retries, UserError at once for what a retry cannot mend.
    """
    tries = settings["retries"] + 1
    for retries in range(tries):
        try:
            return _once(client, request, settings)._replace(retries=retries)
        except _Again as trouble:
            reason = _clean(str(trouble), settings)
            wait = min(LONGEST_WAIT_S, max(trouble.wait, FIRST_WAIT_S * 2**retries))
        if retries + 1 < tries and pause(wait):
            raise NoAnswer(f"{reason}; given up", retries)
    raise NoAnswer(f"{reason}; tried {tries} times", tries - 1)


def seconds_to_wait(header: str | None, now: float) -> float:
    """What a Retry-After asks for, given in seconds or as an HTTP date (RFC 9110); 0 if nothing."""
    if not header:
        return 0.0
    try:
        wait = float(header)
    except ValueError:
        try:
            wait = parsedate_to_datetime(header).timestamp() - now
        except (ValueError, OverflowError):
            return 0.0
    return 0.0 if math.isnan(wait) else max(0.0, wait)


def redact(text: str, settings: dict[str, Any]) -> str:
    """The text without the key, should a server send it back."""
    return text.replace(_key(settings), "[key]") if settings["key_env"] else text


def _key(settings: dict[str, Any]) -> str:
    name = settings["key_env"]
    if name is None:
        return "none"  # a server without keys; the client insists on one
    key = os.environ.get(name, "").strip()
    if not key:
        raise UserError(f"{name}: this environment variable should hold the judge's key; set it")
    if not (key.isascii() and key.isprintable()):
        raise UserError(f"{name}: this environment variable holds what no key has; set it anew")
    return key


def _once(client: openai.OpenAI, request: dict[str, Any], settings: dict[str, Any]) -> Answer:
    try:
        answer, named = _answer(_body(client, request, settings["timeout_s"]))
    except openai.APIStatusError as error:
        status = error.status_code
        if status in RETRIED or status >= 500:
            asked = error.response.headers.get("retry-after")
            raise _Again(f"HTTP {status}", seconds_to_wait(asked, time.time())) from None
        remedy = REMEDIES.get(status, "check the `judge` settings")
        said = _clean(error.message, settings)
        raise UserError(
            f"{settings['base_url']}: the judge's server answered HTTP {status} ({said}); "
            + remedy.format(key=settings["key_env"] or "key_env, which is null")
        ) from None
    except (openai.APITimeoutError, httpx2.TimeoutException):
        raise _Again(f"no whole answer within {settings['timeout_s']:g} s") from None
    except (openai.APIConnectionError, httpx2.HTTPError) as error:
        cause = error.__cause__ or error
        raise _Again(f"no connection ({type(cause).__name__}: {cause})") from None
    if named and not same_model(request["model"], named):
        raise UserError(
            f"{settings['base_url']}: asked for '{request['model']}', the judge's server answered "
            f"with '{_clean(named, settings)}'; its verdicts would count as another model's. Put "
            "the name of the model that you want into `judge: model`, and one that the server has"
        )
    return answer


def _body(client: openai.OpenAI, request: dict[str, Any], limit: float) -> bytes:
    """The answer's bytes; some servers keep a connection alive with blanks, so there is an end."""
    end = time.monotonic() + limit
    body = b""
    with client.chat.completions.with_streaming_response.create(**request) as response:
        for chunk in response.iter_bytes():
            body += chunk
            if time.monotonic() > end:
                raise httpx2.ReadTimeout("dripping")
    return body


def _answer(body: bytes) -> tuple[Answer, str | None]:
    """What was said, and the name of the model that said it, if the server gives one."""
    if not body.strip():
        raise _Again("HTTP 200 with an empty body")
    try:
        found = json.loads(body)
        choice, usage = found["choices"][0], found.get("usage") or {}
        text = choice["message"].get("content") or choice["message"].get("refusal") or ""
        counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
        text = text.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be written
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise _Again("HTTP 200 with a body that is cut off or no chat completion") from None
    counts = [count if type(count) is int else None for count in counts]
    named = found.get("model") if isinstance(found.get("model"), str) else None
    return Answer(text, choice.get("finish_reason") == "length", *counts), named


def _clean(text: str, settings: dict[str, Any]) -> str:
    """A server's words on one printable line, short and without the key."""
    line = " ".join(redact(text, settings).split())
    return "".join(sign for sign in line if sign.isprintable())[:SHOWN]
