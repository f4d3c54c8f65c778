"""Write the index page: every study with its verdict and a link to its report.

Usage: python -m stages.index
"""

from typing import Any

from stages import paths, records
from stages.command import run
from stages.plans import load_plan
from stages.reporting import floors, render, verdict


def main() -> None:
    names = sorted(file.stem for file in paths.PLAN.glob("report/*.json"))
    studies = [entry(load_plan("report", name)) for name in names]
    page = render.show_page("index.html.j2", {"title": "Assay: studies", "studies": studies})
    records.write_text(paths.report("index", "html"), page)


def entry(plan: dict[str, Any]) -> dict[str, Any]:
    """A study's line: title, question, verdict, skill, looks at its test split."""
    study = plan["study"]
    found = [paths.comparisons(study), paths.promotion(study), paths.test_quality(study)]
    described = {key: plan[key] for key in ("study", "title", "question")}
    if not all(path.exists() for path in found):
        return {**described, "verdict": "Not run yet.", "skill": "–", "test": None}
    compared, promotion, test = (records.read_json(path) for path in found)
    if "floors" not in compared:  # results of an older version, which knew none
        return {**described, "verdict": "Not run yet.", "skill": "–", "test": None}
    said = verdict.sentence(plan, compared, promotion, test)
    return {**described, "verdict": said, "skill": skill(plan, compared, promotion), "test": test}


def skill(plan: dict[str, Any], compared: dict[str, Any], promotion: dict[str, Any]) -> str:
    """The skill of the arm that the verdict speaks of, by the study's headline metric."""
    arm = verdict.spoken_of(plan, compared, promotion)
    standing = compared["floors"]["arms"].get(arm, {}).get(plan["headline"]) if arm else None
    return floors.skill(standing["skill"]) if standing else "–"


if __name__ == "__main__":
    run(main)
