"""Show how the scores of two revisions differ, with intervals and verdicts, as Markdown.

Usage: python -m stages.diff OLD [NEW] [--limit CHARACTERS]

OLD and NEW are revisions (`main`, `HEAD~1`, a tag, a commit). Without NEW, the files as they lie
in the workspace. It reads what git has of metrics/, plan/report/ and data/manifests/ and runs
nothing, so check with `make fresh` that those are the results of the code. `--limit 65000` leaves
out sections until the text fits into a comment.
"""

from stages.command import UserError, run
from stages.diff import costs, decided, scores
from stages.diff.markdown import Study, page
from stages.diff.revisions import results
from stages.diff.side import Side


def main(old: str, new: str | None = None, limit: str | None = None) -> None:
    if limit is not None and not limit.isdecimal():
        raise UserError(f"--limit {limit}: expected a number of characters")
    with results(old) as before, results(new) as after:
        studies = [changes(before, after, name) for name in names(before, after)]
        print(page(studies, before.name, after.name, int(limit) if limit else None), end="")


def names(old: Side, new: Side) -> list[str]:
    return sorted({*old.studies(), *new.studies()})


def changes(old: Side, new: Side, study: str) -> Study:
    """Everything that changed in one study."""
    return Study(
        study,
        scores.changes(old, new, study),
        decided.changes(old, new, study),
        costs.changes(old, new, study),
    )


if __name__ == "__main__":
    run(main)
