"""Write the index page: every study with its verdict and a link to its report.

Usage: python -m stages.index
"""

from typing import Any

from stages import paths, records
from stages.command import run
from stages.plans import load_plan
from stages.reporting import render
from stages.reporting.overview import entry


def main() -> None:
    names = sorted(file.stem for file in paths.PLAN.glob("report/*.json"))
    studies = [of(load_plan("report", name)) for name in names]
    page = render.show_page("index.html.j2", {"title": "Assay: studies", "studies": studies})
    records.write_text(paths.report("index", "html"), page)


def of(plan: dict[str, Any]) -> dict[str, Any]:
    """A study's part of the page, from its results, if it has all of them."""
    study = plan["study"]
    found = [paths.comparisons(study), paths.promotion(study), paths.test_quality(study)]
    results = [records.read_json(path) for path in found if path.exists()]
    runs = {arm: paths.training(study, arm) for arm in plan["arms"]}
    training = {arm: records.read_json(path) for arm, path in runs.items() if path.exists()}
    return entry(plan, results if len(results) == len(found) else None, training)


if __name__ == "__main__":
    run(main)
