"""Sides that take turns, so that a machine's drift hits all of them alike."""

import statistics
from collections.abc import Callable

from tqdm import tqdm

Turn = Callable[[], tuple[int, float]]


def take_turns(sides: dict[str, Turn], rounds: int) -> dict[str, list[float]]:
    """Tokens per second of each side in each round; a turn returns (tokens, seconds).

    A first round warms up and does not count.
    """
    speeds: dict[str, list[float]] = {name: [] for name in sides}
    for number in tqdm(range(rounds + 1), desc="rounds", unit="round"):
        for name, turn in sides.items():
            tokens, seconds = turn()
            if number:
                speeds[name].append(tokens / seconds)
    return speeds


def show(speeds: dict[str, list[float]], ours: str) -> None:
    """Print each side's median and, round by round, how many times as fast ours is."""
    print(f"\n{'side':44} {'tokens/s':>10}   ours is … times as fast: median (min to max)")
    for name, values in speeds.items():
        ratios = [a / b for a, b in zip(speeds[ours], values, strict=True)]
        spread = f"{statistics.median(ratios):5.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        print(f"{name:44} {statistics.median(values):10.1f}   {spread}")
