"""Write one study's report as Markdown, as a self-contained HTML page, and its review sheet.

Usage: python -m stages.report STUDY
"""

from stages import paths, records
from stages.command import run
from stages.plans import load_plan
from stages.reporting import data, render
from stages.reporting.review import sheet


def main(study: str) -> None:
    gathered = data.gather(load_plan("report", study))
    records.write_text(paths.report(study, "md"), render.markdown(gathered))
    records.write_text(paths.report(study, "html"), render.page(gathered))
    records.write_text(paths.report(f"{study}-review", "csv"), sheet(gathered["review"]))


if __name__ == "__main__":
    run(main)
