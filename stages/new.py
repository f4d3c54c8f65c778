"""Begin a study of your own: its file, its lines in dvc.yaml and its frozen splits.

Usage: python -m stages.new NAME --data FILE|HUB_ID --input COLUMN --target COLUMN [OPTIONS]

FILE is JSONL, CSV or Parquet and has a row for each pair of what is asked and what should be
answered. Whatever is wrong is said in one line, and then nothing has been written.

--base KEY          what to fine-tune; left out, the first base of the study files
--metric NAMES      metrics, with commas between; the first decides who is promoted
--instruction TEXT  what is said before every input
--tests COLUMN      tests in TypeScript that answers are run with (studies/README.md says how)
--revision SHA      of a data set on the hub: its commit,
--split NAME        which of its splits to read; left out, train
--config NAME       which of its configurations
"""

from typing import Any

from stages import paths, plan
from stages.command import run
from stages.metrics import METRICS
from stages.planning.schema import Knobs, Study, StudyFile
from stages.planning.yaml_files import load
from stages.sources import SOURCES
from stages.sources.example import unique
from stages.splits import near_duplicates
from stages.starting import fitting, names, sizes, source, text, writing


def main(
    name: str,
    data: str,
    input: str,
    target: str,
    base: str = "",
    metric: str = "",
    instruction: str = "",
    tests: str = "",
    revision: str = "",
    split: str = "",
    config: str = "",
) -> None:
    files = plan.study_files()
    studies = plan.merge({file: load(file, StudyFile) for file in files})
    names.free(name, studies)
    asked = fitting.asked(metric)
    base = names.base(base, studies)
    columns = {"input": input, "target": target, **({"tests": tests} if tests else {})}
    described = source.describe(
        data, columns, {"revision": revision, "split": split, "config": config}
    )
    examples = unique(SOURCES[described["kind"]](described), data)
    metrics = fitting.fitting(asked, examples, data)
    values = {
        "name": name,
        "data": data,
        "base": base,
        "instruction": instruction,
        "source": described,
        "sizes": split_sizes(examples, data),
        "metrics": metrics,
        "guards": fitting.guards(metrics),
        "longest": max(len(example["target"]) for example in examples),
        "knobs": load(paths.PARAMS, Knobs),
    }
    writing.write(name, text.render(values), files)
    print(farewell(values))


def split_sizes(examples: list[dict[str, Any]], place: str) -> dict[str, int]:
    """Rows by split, by the seed and the threshold of a study whose file says nothing of them."""
    default = {key: field.default for key, field in Study.model_fields.items()}
    group_of = near_duplicates.groups(examples, default["near_duplicate_jaccard"])
    return sizes.choose(examples, group_of, default["split_seed"], place)


def farewell(values: dict[str, Any]) -> str:
    """What was written, and what to do next."""
    name, split, metrics = values["name"], values["sizes"], values["metrics"]
    labels = ", ".join(METRICS[metric].label for metric in metrics)
    return (
        f"{paths.study_file(name)}: {split['train']} train, {split['dev']} dev and {split['test']} "
        f"test rows, frozen; measured by {labels}\n"
        f"Read it through, the instruction above all. Then: dvc repro report@{name}\n"
        f"The verdict will be in {paths.report(name, 'md')} and {paths.report(name, 'html')}."
    )


if __name__ == "__main__":
    run(main)
