"""Write README's table of results, a line per study, out of metrics/.

Usage: python -m docs.results
"""

import re
from pathlib import Path
from typing import Any

from stages import paths, records
from stages.metrics import METRICS
from stages.plans import load_plan
from stages.reporting import floors, verdict
from stages.reporting.tables import digits, number, signed

README = Path("README.md")
HEADS = ("study", "by", "n", "base", "best arm", "difference", "best floor", "skill", "so")
MARKED = re.compile(r"(?<=<!-- results -->\n).*?(?=<!-- /results -->)", re.S)


def main() -> None:
    records.write_text(README, MARKED.sub(lambda _: table(), README.read_text(encoding="utf-8")))


def table() -> str:
    studies = sorted(file.stem for file in paths.PLAN.glob("report/*.json"))
    lines = [HEADS, ["---"] * len(HEADS), *(line(study) for study in studies)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def line(study: str) -> list[str]:
    """One study by its headline metric: what its verdict speaks of, beside base and floors."""
    plan = load_plan("report", study)
    compared, promotion, test = (
        records.read_json(place(study))
        for place in (paths.comparisons, paths.promotion, paths.test_quality)
    )
    arm, metric = verdict.spoken_of(plan, compared, promotion), plan["headline"]
    found = compared["arms"][arm]["metrics"][metric]
    standing = compared["floors"]["arms"][arm][metric]
    places = digits(METRICS[metric].unit)
    floor = standing["beside"][standing["best"]]["against_value"]
    return [
        f"[{study}]({paths.report(study, 'md')})",
        METRICS[metric].label,
        str(found["n"]),
        number(found["against_value"], places),
        f"{number(found['value'], places)}, {plan['arms'][arm]['title']}",
        f"{signed(found['delta'], places)} {verdict.bounds(found, places)} {found['verdict']}",
        f"{number(floor, places)}, {floors.does(standing['best'])}",
        floors.skill(standing["skill"]),
        outcome(plan, metric, promotion, standing, test),
    ]


def outcome(
    plan: dict[str, Any],
    metric: str,
    promotion: dict[str, Any],
    standing: dict[str, Any],
    test: dict[str, Any],
) -> str:
    """What follows, and what the test split said if it was opened."""
    beside = floors.beside(standing, metric) or "better than every floor"
    if promotion["arm"] is None:
        return f"{beside}: nobody is promoted, the test split stays closed"
    found = test["metrics"][metric]
    places = digits(METRICS[metric].unit)
    title = plan["arms"][promotion["arm"]]["title"]
    return (
        f"{beside}: {title} is promoted; on test, n {found['n']}, "
        f"{signed(found['delta'], places)} {verdict.bounds(found, places)} {found['verdict']}"
    )


if __name__ == "__main__":
    main()
