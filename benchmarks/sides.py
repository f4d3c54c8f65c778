"""Sides that take turns, so that a machine's drift hits all of them alike."""

import contextlib
import json
import multiprocessing
import os
import statistics
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tqdm import tqdm

from stages.command import UserError

Turn = Callable[[], tuple[float, float]]


def take_turns(sides: dict[str, Turn], rounds: int) -> dict[str, list[float]]:
    """Units of work per second of each side in each round; a turn returns (units, seconds).

    A unit is a token unless the side says otherwise. A first round warms up and does not count.
    """
    speeds: dict[str, list[float]] = {name: [] for name in sides}
    for number in tqdm(range(rounds + 1), desc="rounds", unit="round"):
        for name, turn in sides.items():
            units, seconds = turn()
            if number:
                speeds[name].append(units / seconds)
    return speeds


@contextlib.contextmanager
def apart(make: Callable[..., Turn], *arguments) -> Iterator[Turn]:
    """The turn that `make` returns, made and taken in a process of its own.

    What a side sets for its whole process, such as how memory is kept, then helps no other side.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, make, *arguments), daemon=True)
    process.start()
    there.close()  # so that a process that died reads as the end of the pipe

    def take() -> tuple[float, float]:
        here.send("turn")
        return here.recv()

    try:
        yield take
    finally:
        process.kill()


def _serve(connection, make: Callable[..., Turn], *arguments) -> None:
    turn = make(*arguments)
    while connection.recv():
        connection.send(turn())


def asked(
    name: str, venv: Path, script: str, settings: dict[str, Any], **environment: str
) -> Callable[[Any], tuple[float, float]]:
    """A script run by another environment, that answers a line of JSON with units and seconds."""
    process = subprocess.Popen(
        [venv / "bin/python", Path(__file__).with_name(script), json.dumps(settings)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )

    def ask(question: Any) -> tuple[float, float]:
        print(json.dumps(question), file=process.stdin, flush=True)
        # It also prints a log; an answer is what begins with the mark.
        for line in process.stdout:
            if line.startswith("ANSWER "):
                return json.loads(line.removeprefix("ANSWER "))
        raise UserError(f"{name} ended without an answer; its log is above")

    return ask


def show(speeds: dict[str, list[float]], ours: str) -> None:
    """Print each side's median and, round by round, how many times as fast ours is."""
    print(f"\n{'side':44} {'tokens/s':>10}   ours is … times as fast: median (min to max)")
    for name, values in speeds.items():
        ratios = [a / b for a, b in zip(speeds[ours], values, strict=True)]
        spread = f"{statistics.median(ratios):5.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        print(f"{name:44} {statistics.median(values):10.1f}   {spread}")
