"""A real server that speaks /v1/chat/completions, with judges and faults to put behind it."""

import json
import re
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from stages.judging.prompts import CRITERIA

GOOD = dict.fromkeys(CRITERIA, 4)


class Sent(NamedTuple):
    """What the server sends, after `delay`; byte by byte with pauses of `drip`."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    drip: float = 0.0
    length: int | None = None  # what Content-Length claims


Respond = Callable[[dict[str, Any]], Sent]


class Server:
    """Answers as `respond` says, and keeps what it was asked: bodies and headers."""

    def __init__(self, respond: Respond):
        self.respond = respond
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.busy = self.busiest = 0
        self.lock = threading.Lock()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}/v1"

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()


def handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with server.lock:
                server.asked.append(body)
                server.headers.append({k.lower(): v for k, v in self.headers.items()})
                server.busy += 1
                server.busiest = max(server.busiest, server.busy)
            try:
                sent = server.respond(body) if self.path == "/v1/chat/completions" else NOT_FOUND
            finally:
                with server.lock:
                    server.busy -= 1
            time.sleep(sent.delay)
            with suppress(BrokenPipeError, ConnectionResetError):  # the client gave up
                self.send(sent)

        def send(self, sent: Sent) -> None:
            self.send_response(sent.status)
            length = len(sent.body) if sent.length is None else sent.length
            for name, value in (("Content-Type", "application/json"), *sent.headers):
                self.send_header(name, value)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            for byte in sent.body if sent.drip else ():
                self.wfile.write(bytes([byte]))
                time.sleep(sent.drip)
            if not sent.drip:
                self.wfile.write(sent.body)
            if length != len(sent.body):
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)

        def log_message(self, *words: Any) -> None:
            """Say nothing."""

    return Handler


def says(text: str | None, finish: str = "stop", usage: Any = (100, 20)) -> Sent:
    """A whole chat completion with this text."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}}
    body: dict[str, Any] = {"object": "chat.completion", "choices": [choice]}
    choice["finish_reason"] = finish
    if usage:
        body["usage"] = dict(zip(("prompt_tokens", "completion_tokens"), usage, strict=True))
    return Sent(json.dumps(body).encode())


def fails(status: int, said: str = "", **headers: str) -> Sent:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Sent(json.dumps({"error": {"message": said}}).encode(), status, named)


NOT_FOUND = fails(404, "no such path")


def scripted(*steps: Sent) -> Respond:
    """One step per request, in order; the last one for all that follow."""
    left, lock = list(steps), threading.Lock()

    def respond(_: dict[str, Any]) -> Sent:
        with lock:
            return left.pop(0) if len(left) > 1 else left[0]

    return respond


# --- judges ---


def shown(body: dict[str, Any], name: str) -> str | None:
    """What stands between the markers of this name in the question."""
    text = body["messages"][-1]["content"]
    found = re.search(rf"\[\[BEGIN {name} (\w+)\]\]\n(.*?)\n\[\[END {name} \1\]\]", text, re.S)
    return found and found.group(2)


def prefers_longer(body: dict[str, Any]) -> Sent:
    """The longer of two answers; a rating that grows with the words, and falls with none."""
    answer = shown(body, "answer")
    if answer is not None:
        points = min(5, max(1, len(answer.split())))
        return says(json.dumps({**dict.fromkeys(CRITERIA, points), "hallucination_risk": 1}))
    first, second = len(shown(body, "answer A")), len(shown(body, "answer B"))
    return says(better("A" if first > second else "B" if first < second else "tie"))


def always_a(body: dict[str, Any]) -> Sent:
    """All in the middle, and whatever comes first is better."""
    return says(json.dumps(dict.fromkeys(CRITERIA, 3)) if shown(body, "answer") else better("A"))


def better(side: str) -> str:
    return json.dumps({"better": side})
