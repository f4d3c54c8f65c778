"""Arms and floors in one list, best first by the headline metric; how loss and quality rank."""

from collections.abc import Iterable, Mapping
from typing import Any

from stages.reporting import endings
from stages.reporting import floors as beside_floors
from stages.reporting.bases import by_base
from stages.reporting.forest import panel

LOSS = "last_loss_mean_of_10"


def leaderboard(
    row: Mapping[str, Any],
    arms: Mapping[str, Mapping[str, Any]],
    trivial: Mapping[str, Mapping[str, Any]],
    standings: Mapping[str, Mapping[str, Any]],
    training: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """The headline metric's panel with a line for each arm and floor, and the arms' ranks.

    Where arms stand on several bases they are listed base by base, and the ranks count through.
    `row` is the metric's row of the quality table, `trivial` the floors' values of the same shape,
    `standings` where arms stand beside the floors, `training` what their runs recorded.
    """
    name, direction = row["name"], row["direction"]
    everyone = {**row["values"], **trivial}
    best_first = ordered({who: entry["value"] for who, entry in everyone.items()}, direction)
    groups = by_base(best_first, arms)
    order = [who for own in groups.values() for who in own]
    heads = {own[0]: base for base, own in groups.items()}
    titles = {who: arms[who]["title"] if who in arms else who for who in order}
    scores = {floor: entry["value"] for floor, entry in trivial.items()}
    # A floor is a mark, without an interval of its own
    marks = {who: {**entry, "comparison": None} for who, entry in trivial.items()}
    drawn = panel({**row, "values": {**everyone, **marks}}, titles, scores)
    places = ranks({arm: row["values"][arm]["value"] for arm in arms}, direction)
    lost = loss_ranks(arms, row, training)
    for who, line in zip(order, drawn["lines"], strict=True):
        standing = standings.get(who, {}).get(name)
        line |= {
            "who": who,
            "head": heads.get(who, ""),
            "comparison": everyone[who]["comparison"],
            "kind": kind(who, arms),
            "label": arms[who]["label"] if who in arms else "floor",
            "alarm": endings.alarm(training.get(who, {})),
            "rank": places.get(who),
            "standing": beside_floors.beside(standing, name) or above(standing),
            "skill": beside_floors.skill(standing["skill"]) if standing else "–",
            **lost.get(who, {"loss_rank": None, "quality_rank": None, "gap": None}),
        }
    return {**drawn, "has_losses": len(lost) > 1, "order": [who for who in order if who in arms]}


def kind(who: str, arms: Mapping[str, Mapping[str, Any]]) -> str:
    if who not in arms:
        return "floor"
    return "base" if arms[who]["untouched"] else "arm"


def above(standing: Mapping[str, Any] | None) -> str:
    """What is said of an arm that is shown to be better than all floors."""
    return "above every floor" if standing and standing["best"] is not None else ""


def ordered(values: Mapping[str, float | None], direction: str) -> list[str]:
    """Names by their values, best first, those without one last; as they come without a side."""
    if direction == "none":
        return list(values)
    sign = -1 if direction == "higher" else 1
    return sorted(values, key=lambda name: (values[name] is None, sign * (values[name] or 0)))


def ranks(values: Mapping[str, float | None], direction: str) -> dict[str, int]:
    """The place of each known value, from 1; equals share theirs. None without a better side."""
    if direction == "none":
        return {}
    sign = -1 if direction == "higher" else 1
    known = {name: sign * value for name, value in values.items() if value is not None}
    return {name: 1 + sum(o < own for o in known.values()) for name, own in known.items()}


def loss_ranks(
    arms: Iterable[str],
    row: Mapping[str, Any],
    training: Mapping[str, Mapping[str, Any]],
) -> dict[str, dict[str, int]]:
    """Ranks by training loss and by quality among the arms that have both, and their gap.

    A gap above 0: the arm looks better by its loss than it is.
    """
    values = {arm: row["values"][arm]["value"] for arm in arms}
    losses = {arm: training.get(arm, {}).get(LOSS) for arm in values}
    both = [arm for arm in values if values[arm] is not None and losses[arm] is not None]
    by_loss = ranks({arm: losses[arm] for arm in both}, "lower")
    by_quality = ranks({arm: values[arm] for arm in both}, row["direction"])
    return {
        arm: {
            "loss_rank": by_loss[arm],
            "quality_rank": by_quality[arm],
            "gap": by_quality[arm] - by_loss[arm],
        }
        for arm in by_quality
    }
