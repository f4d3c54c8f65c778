"""Write the index page: every study with its verdict and a link to its report.

Usage: python -m stages.index
"""

from typing import Any

from stages import paths, records
from stages.command import run
from stages.plans import load_plan
from stages.reporting import render, verdict


def main() -> None:
    names = sorted(file.stem for file in paths.PLAN.glob("report/*.json"))
    studies = [entry(load_plan("report", name)) for name in names]
    page = render.show_page("index.html.j2", {"title": "Assay: studies", "studies": studies})
    records.write_text(paths.report("index", "html"), page)


def entry(plan: dict[str, Any]) -> dict[str, Any]:
    """A study's line: title, question, verdict, looks at its test split."""
    study = plan["study"]
    found = [paths.comparisons(study), paths.promotion(study), paths.test_quality(study)]
    described = {key: plan[key] for key in ("study", "title", "question")}
    if not all(path.exists() for path in found):
        return {**described, "verdict": "Not run yet.", "test": None}
    compared, promotion, test = (records.read_json(path) for path in found)
    said = verdict.sentence(plan, compared, promotion, test)
    return {**described, "verdict": said, "test": test}


if __name__ == "__main__":
    run(main)
