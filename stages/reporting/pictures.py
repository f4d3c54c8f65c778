"""What a report shows to look at: first screen, leaderboard, panels, heat map, settings."""

from collections.abc import Mapping
from typing import Any

from stages.reporting import endings, opening, verdict
from stages.reporting.forest import panel
from stages.reporting.heatmap import heat_map
from stages.reporting.leaderboard import leaderboard
from stages.reporting.settings import settings

Found = Mapping[str, Any]


def pictures(
    plan: Found,
    compared: Found,
    promotion: Found,
    test: Found,
    dev: Found,
    floors: Found,
    arms: Found,
    figures: Mapping[str, Found],
) -> dict[str, Any]:
    """By what the templates call them; `dev` and `floors` are the tables' rows of both."""
    training = {arm: figures[arm]["training"] for arm in arms}
    # The reference is none: it is compared with nothing
    names = compared["floors"]["metrics"]
    trivial = {
        row["name"]: {floor: row["values"][floor] for floor in floors["names"] if floor in names}
        for row in floors["rows"]
    }
    headline = dev["headline"]
    standings = compared["floors"]["arms"]
    board = leaderboard(headline, arms, trivial.get(headline["name"], {}), standings, training)
    titles = {arm: endings.titled(arms[arm]["title"], training[arm]) for arm in board["order"]}
    spoken = verdict.spoken_of(plan, compared, promotion)
    machined = [figures[arm][kind] for arm in arms for kind in ("training", "cost")]
    sliced = dev["slices"]
    return {
        "advice": opening.advice(plan, compared, promotion, test, training),
        "ladder": opening.ladder(board, spoken, test),
        "not_measured": opening.not_measured(plan["metrics"], plan["settings"], machined),
        "board": board,
        "panels": [
            panel(row, titles, scores_of(trivial.get(row["name"], {}))) for row in dev["metrics"]
        ],
        "heat": heat_map(sliced["rows"], headline["name"], titles) if sliced else None,
        "settings": settings(plan["settings"], arms, training),
    }


def scores_of(trivial: Found) -> dict[str, float | None]:
    return {name: entry["value"] for name, entry in trivial.items()}
