"""Headless Chromium, driven by its DevTools protocol over a pair of pipes.

Messages are JSON, each ended by a NUL; Chromium reads them on file descriptor 3 and writes on 4.
https://chromedevtools.github.io/devtools-protocol/
"""

import fcntl
import json
import os
import select
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from docs.report import browser

PROGRAM = browser()
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--remote-debugging-pipe",
]
PATIENCE_S = 30
KEYS = {"Enter": ("\r", 13), " ": (" ", 32), "Tab": ("\t", 9), "j": ("j", 74), "k": ("k", 75)}
KEYS |= {"/": ("/", 191), "ArrowRight": ("", 39), "ArrowLeft": ("", 37), "ArrowDown": ("", 40)}


class Chromium:
    """One browser with a profile of its own; ends with the `with` block."""

    def __init__(self, profile: Path):
        (read_3, self.write), (self.read, write_4) = (_pipe() for _ in range(2))

        def connect() -> None:
            os.dup2(read_3, 3)
            os.dup2(write_4, 4)

        self.process = subprocess.Popen(
            [PROGRAM, *FLAGS, f"--user-data-dir={profile}"],
            preexec_fn=connect,
            pass_fds=(3, 4),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(read_3)
        os.close(write_4)
        self.buffer = b""
        self.calls = 0

    def __enter__(self) -> "Chromium":
        return self

    def __exit__(self, *_: object) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.read)
        os.close(self.write)

    def send(self, method: str, session: str | None, **params: Any) -> int:
        self.calls += 1
        message = {"id": self.calls, "method": method, "params": params}
        message |= {"sessionId": session} if session else {}
        todo = json.dumps(message).encode() + b"\0"
        while todo:
            todo = todo[os.write(self.write, todo) :]
        return self.calls

    def receive(self) -> dict[str, Any]:
        """The next message, an answer or an event."""
        deadline = time.monotonic() + PATIENCE_S
        while b"\0" not in self.buffer:
            left = deadline - time.monotonic()
            assert left > 0 and select.select([self.read], [], [], left)[0], "Chromium is silent"
            chunk = os.read(self.read, 1 << 20)
            assert chunk, "Chromium has gone"
            self.buffer += chunk
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def tab(self) -> "Tab":
        return Tab(self)


class Tab:
    """An empty tab, which keeps every event that it sees in `events`."""

    def __init__(self, browser: Chromium):
        self.browser, self.session, self.events = browser, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a method of the protocol and return its result; events on the way are kept."""
        number = self.browser.send(method, self.session, **params)
        while (message := self._next()).get("id") != number:
            pass
        assert "error" not in message, f"{method}: {message['error']}"
        return message["result"]

    def open(self, path: Path, end: str = "") -> None:
        """Open a file and wait until everything in it has loaded. A dialog would block it.

        `end` is the end of its address, from `#` on.
        """
        self.call("Page.navigate", url=path.resolve().as_uri() + end)
        while not self.seen("Page.loadEventFired"):
            self._next()

    def seen(self, method: str) -> list[dict[str, Any]]:
        return [event["params"] for event in self.events if event["method"] == method]

    def value(self, script: str) -> Any:
        """What an expression is worth on the page."""
        done = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def press(self, key: str) -> None:
        text, code = KEYS[key]
        names = {"key": key, "code": {" ": "Space"}.get(key, key), "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **names)
        self.call("Input.dispatchKeyEvent", type="keyUp", **names)

    def _next(self) -> dict[str, Any]:
        message = self.browser.receive()
        if "method" in message and message.get("sessionId") == self.session:
            self.events.append(message)
        assert message.get("method") != "Page.javascriptDialogOpening", message["params"]
        return message


def _pipe() -> tuple[int, int]:
    """A pipe whose ends lie clear of the descriptors that Chromium wants."""
    return tuple(_above(end) for end in os.pipe())


def _above(end: int) -> int:
    moved = fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(end)
    return moved
