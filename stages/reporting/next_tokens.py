"""What base and tuned would say next: prompts one by one, and rows seen beside unseen."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from stages import paths, records
from stages.reporting import seen_unseen
from stages.reporting.along import charts
from stages.reporting.tables import number
from stages.reporting.unpaired import differences, means
from stages.verdicts.resampling import SEED

LONGEST = 24  # characters of a token that are shown
MARKS = {" ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍"}
KEPT = {"id": str, "seen": bool, "listed": bool, "example": dict, "answers": dict}
KEPT |= {"summary": dict, "first": dict}
# What figures are called, and digits to show
FIGURES = {
    "entropy": ("entropy, nats", 2),
    "code_share": ("probability on code's tokens", 3),
    "reference_p": ("p of the reference's token", 3),
    "reference_rank": ("rank of the reference's token", 1),
}
BOTH = {"kl": ("KL(base || tuned), nats", 2), "overlap": ("top ten in common, share", 2)}
# What is drawn along the answer of a listed prompt
DRAWN = ("reference_p", "code_share", "kl")
PLACES = {"first": "The first token of the answer", "mean": "Mean along the reference answer"}


def section(plan: Mapping[str, Any], arms: Mapping[str, Any]) -> list[dict[str, Any]]:
    """An entry per arm whose next tokens were read; none where no study file asks for them."""
    found = []
    for arm in plan.get("next_tokens", {"arms": []})["arms"]:
        tokens, card = (
            paths.kept(plan["study"], arm, f"next_tokens.{kind}") for kind in ("jsonl", "json")
        )
        if arm in arms and tokens.exists() and card.exists():
            found.append(of_arm(plan, arms[arm]["title"], records.read(tokens, KEPT), card))
    return found


def of_arm(
    plan: Mapping[str, Any], title: str, rows: Sequence[Mapping[str, Any]], card: Any
) -> dict[str, Any]:
    settings = records.read_json(card)
    drawn = [row for row in rows if not row["listed"]]
    answers = seen_unseen.table(plan["next_tokens"]["metrics"], drawn)
    return {
        "title": title,
        "rule": rule(settings["rule"], settings["read"]),
        "prompts": [prompt(row) for row in rows if row["listed"]],
        "groups": [
            *(groups(place, drawn) for place in PLACES),
            *([answers] if answers["rows"] else []),
        ],
        "samples": seen_unseen.samples(rows, plan["publish"]),
    }


def rule(said: Mapping[str, Any], read: int) -> str:
    """Which tokens count as code's, how well that tells them, and what it does not tell."""
    frequent = " ".join(visible(token) for token in said["most_frequent"])
    return (
        f"A token counts as code's if its share of all tokens is at least {said['times']:g} times "
        f"as large in the targets of the {said['train_rows']} train rows as in their inputs, and "
        f"it stands there at least {said['least']} times: {said['tokens']} tokens, most often "
        f"{frequent}. On dev rows {100 * said['share_of_targets']:.0f} % of the tokens of targets "
        f"are such, {100 * said['share_of_inputs']:.0f} % of those of inputs, and "
        f"{100 * said['share_of_first']:.0f} % of targets begin with one. It tells these targets "
        "from these inputs, and not one programming language from another; words of this corpus "
        "are among them; an answer that opens with a fence begins with no such token, which is "
        f"its form and not ignorance. Answers are read up to token {read}."
    )


def visible(token: str) -> str:
    """A token with its white space and control characters as signs; a long one is cut."""
    shown = "".join(MARKS.get(one) or _sign(one) for one in token)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def _sign(character: str) -> str:
    hidden = unicodedata.category(character)[0] in "CZ"
    return f"U+{ord(character):04X}" if hidden else character


def prompt(row: Mapping[str, Any]) -> dict[str, Any]:
    """One listed prompt: the likeliest first tokens of either, its figures in a table and drawn.

    What was read by an older version has no figures token by token.
    """
    first = row["first"]
    most = max(one["p"] for of in ("base", "tuned") for one in first[of]["tokens"])
    bars = {
        of: [
            {
                "token": visible(one["token"]),
                "said": number(one["p"], 3),
                "width": f"{100 * one['p'] / most:.2f}%",
            }
            for one in first[of]["tokens"]
        ]
        for of in ("base", "tuned")
    }
    return {
        "instruction": row["example"]["input"],
        "seen": seen_unseen.SEEN[row["seen"]],
        **bars,
        "pairs": list(zip(bars["base"], bars["tuned"], strict=True)),
        "figures": figures(row["summary"], visible(first["reference"])),
        "along": charts(row.get("along", {}), {name: (FIGURES | BOTH)[name] for name in DRAWN}),
    }


def figures(summary: Mapping[str, Any], reference: str) -> dict[str, Any]:
    """A prompt's figures: of base and tuned at the first token and along the whole answer."""
    rows = [
        (label, [number(summary[place][f"{name}_{of}"], digits) for place, of in COLUMNS])
        for name, (label, digits) in FIGURES.items()
    ]
    parts = [
        f"{label}: {number(summary['first'][name], digits)} at the first token, "
        f"{number(summary['mean'][name], digits)} along the answer"
        for name, (label, digits) in BOTH.items()
    ]
    note = f"The reference begins with {reference}. " + "; ".join(parts) + "."
    return {"heads": [f"{place}, {of}" for place, of in COLUMNS], "rows": rows, "note": note}


COLUMNS = [(place, of) for place in PLACES for of in ("base", "tuned")]


def groups(place: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Seen rows beside unseen ones at one place, with the difference of each mean."""
    sides = seen_unseen.sides_of(rows)
    found = []
    for at, own in enumerate(sides):
        values = [flat(row["summary"][place]) for row in own]
        by_name = {name: [one[name] for one in values] for name in values[0]}
        found.append(means(by_name, [row["example"]["group"] for row in own], SEED + at))
    apart = differences(*found)
    seen, unseen = map(len, sides)
    return {
        "caption": f"{PLACES[place]}: {seen} train rows (seen), {unseen} dev rows (unseen)",
        "heads": seen_unseen.HEADS,
        "rows": [
            (label, seen_unseen.cells(found, apart, name, digits))
            for name, (label, digits) in labels().items()
        ],
    }


def flat(summary: Mapping[str, float]) -> dict[str, float]:
    """A row's figures and, of those that base and tuned both have, how far tuned moved."""
    moved = {
        f"{name}_moved": summary[f"{name}_tuned"] - summary[f"{name}_base"] for name in FIGURES
    }
    return {**summary, **moved}


def labels() -> dict[str, tuple[str, int]]:
    """Every figure of a row in the order of the table."""
    kinds = {"base": "base", "tuned": "tuned", "moved": "tuned − base"}
    apart = {
        f"{name}_{kind}": (f"{label}: {said}", digits)
        for name, (label, digits) in FIGURES.items()
        for kind, said in kinds.items()
    }
    return apart | BOTH
