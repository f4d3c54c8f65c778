"""A toy study on disk whose results the real stages make, out of answers that a test gives."""

import copy
import shutil

from stages import (
    answer_floors,
    choose,
    compare,
    evaluate,
    evaluate_floors,
    index,
    keep,
    keep_test,
    looks,
    paths,
    plan,
    promote,
    records,
    report,
    score_test,
)
from stages.planning.resolve import build
from stages.planning.schema import Knobs, StudyFile
from stages.plans import load_plan
from tests.conftest import KNOBS, ROOT

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "{{7*7}}",
    "{% for x in y %}${{<%= 1 %>#{2}",
    "a | b || c |",
    "first\nsecond\r\n\r\n# third\n- fourth\n> fifth",
    "`code` ```\nblock\n```",
    "**bold** _it_ ~~no~~ [link](javascript:alert(1)) ![i](http://x.test/i.png)",
    "<!-- comment --> &lt;b&gt; &amp; &#x41; <http://x.test>",
    "]]> \\ \\| \\` 1. one * two",
    "<table><tr><td>cell",
    "\u202eright to left\u202c \u2028 \x07",
    "日本語 😀",
    "",
]
HACK = "<img src=x onerror=alert(1)> a|b {{7*7}} `c` [d](javascript:alert(1))"
ARM = {"study": "toy", "base": "tiny", "render": "toy-chat", "method": "sft"}
DECLARED = {
    "bases": {"tiny": {"kind": "folder", "path": "tiny", "sha256": "0" * 64, "licence": "MIT"}},
    "study": {
        "toy": {
            "title": "Toy",
            "question": "Does it?",
            "base": "tiny",
            "instruction": "Translate.",
            "source": {
                "kind": "file",
                "path": "toy.jsonl",
                "sha256": "0" * 64,
                "columns": {"input": "en", "target": "ja"},
            },
            "splits": {name: {"version": "v1", "rows": 4} for name in ("train", "dev", "test")},
            "licence": "made up",
            "floors": {"copy": {"left_out": "The input holds what the reference says."}},
            "publish": "all",
            "metrics": {"chrf": {}, "exact_match": {}, "length_ratio": {}, "hit_limit_rate": {}},
            "promote": {"metric": "chrf", "guards": {"hit_limit_rate": "not hurt"}},
            "hypotheses": {
                "a_is_better": {
                    "kind": "difference",
                    "claim": "A is better than its base.",
                    "arm": "toy-a",
                    "against": "toy-s0",
                    "metric": "chrf",
                    "expect": "better",
                },
                "a_is_best": {
                    "kind": "rank",
                    "claim": "A is the best.",
                    "arm": "toy-a",
                    "metric": "chrf",
                    "place": "best",
                },
                "a_is_exact": {
                    "kind": "threshold",
                    "claim": "Half of A's answers are exactly right.",
                    "arm": "toy-a",
                    "figure": "exact_match",
                    "at_least": 0.5,
                },
                "both": {
                    "kind": "all_of",
                    "claim": "A is better and exact.",
                    "of": ["a_is_better", "a_is_exact"],
                },
            },
            "decisions": [
                {"when": {"both": "confirmed"}, "scenario": "Take A."},
                {"when": {"a_is_better": "confirmed"}, "scenario": "Train A for longer."},
            ],
        }
    },
    "renders": {"toy-chat": {"study": "toy", "format": "chat"}},
    "arms": {
        "toy-b": {**ARM, "title": "B"},
        "toy-a": {**ARM, "title": "A"},
        "toy-s0": {**ARM, "title": "S0, untouched", "method": "none"},
    },
}
# Words of the wide study: eight trained arms, slices and figures that may go together.
LETTERS = "abcdefgh"
CORRELATIONS = {
    "loss_misleads": {
        "kind": "correlation",
        "claim": "The lower the loss, the worse the answers.",
        "x": "training.last_loss_mean_of_10",
        "y": "chrf",
        "expect": "positive",
    },
    "loss_misleads_the_judge": {
        "kind": "correlation",
        "claim": "The lower the loss, the worse the answers, to a judge.",
        "x": "training.last_loss_mean_of_10",
        "y": "judge_overall",
        "expect": "positive",
    },
}
CATEGORIES = ("poems", "recipes")
# What the floors look up: nothing that an arm or a reference says
TRAIN = [
    {
        "id": f"train{n}",
        "input": f"a train row {n}",
        "target": f"{n} out of train",
        "group": f"x{n}",
    }
    for n in range(3)
]
AUDIT = {
    "loss_on": "all",
    "audit": {"rows": 9, "tokens": 90, "supervised_tokens": 81, "truncated": 0, "dropped": 0,
              "teaches_stop": 9},
    "preflight": {"epochs": 1.5, "steps_below_1_percent_of_peak_lr": 0.0125},
}  # fmt: skip
CURVE = [
    {"step": n, "loss": 3.0 / n, "lr": 1e-3, "grad_norm": 1.0, "tokens_per_second": 9.0}
    for n in range(1, 9)
]


class Study:
    """Splits and trained arms of a toy study; `run` makes its results, `report` its pages.

    Arm A answers `texts`, which are what the references hold; the others answer their beginnings,
    unless `answers` has some for them. `declared` is the study file: change it, or an arm's
    answers, and run again.
    """

    def __init__(self, texts, declared=DECLARED, categories=CATEGORIES, answers=None):
        self.declared = copy.deepcopy(declared)
        self.study = self.declared["study"]["toy"]
        self.examples = {split: examples(split, texts, categories) for split in ("dev", "test")}
        self.examples["train"] = TRAIN
        self.given = {}
        for split, rows in self.examples.items():
            records.write(paths.split("toy", split), rows)
        for name in ("train", "dev", "test"):
            manifest = {"split": name, "version": "v1", "rows": 4, "sha256": "1" * 64,
                        "ids": "a b c d", "origins": None, "source": {"kind": "file"}}  # fmt: skip
            records.write_json(paths.manifest("toy", name, "v1"), manifest)
        for number, name in enumerate(self.declared["arms"]):
            self.train(name, number)
            own = texts if name == "toy-a" else [f"{name} {t[:3]}" for t in texts]
            self.answer(name, (answers or {}).get(name, own))
        self.audit()
        self.run()

    def audit(self, **more):
        """What `validate` leaves; older runs had no more than the arms."""
        trained = [name for name, arm in self.declared["arms"].items() if arm["method"] != "none"]
        records.write_json(paths.audit("toy"), {"arms": dict.fromkeys(trained, AUDIT), **more})

    def train(self, arm, number):
        """What `train` leaves: adapter, record and log."""
        log = paths.training_log("toy", arm)
        if self.declared["arms"][arm]["method"] == "none":
            records.write_json(log / "training.json", {"method": "none", "status": "not trained"})
            return
        weights = paths.adapter("toy", arm) / "adapter_model.safetensors"
        records.write_text(weights, f"weights {number}")
        trained = {"method": "sft", "status": "finished", "steps": 8, "first_loss": 3.5,
                   "last_loss_mean_of_10": 1.5 + number % 5 / 8,
                   "adapter_sha256": records.file_digest(weights),
                   "plan_sha256": records.digest(arm),
                   "versions": {"torch": "1.2.3", "peft": "4.5.6"}}  # fmt: skip
        records.write_json(log / "training.json", trained)
        records.write(log / "log.jsonl", CURVE)

    def answer(self, arm, texts, cut=(0,), split=None):
        """An arm's answers, on both splits unless one is named; `cut` are at the limit."""
        for name in [split] if split else ["dev", "test"]:
            self.given[name, arm] = [
                {"id": example["id"], "text": text, "tokens_in": 1, "tokens_out": 1}
                | {"hit_limit": place in cut}
                for place, (example, text) in enumerate(
                    zip(self.examples[name], texts, strict=True)
                )
            ]
        records.write(paths.predictions("toy", arm), self.given["dev", arm])
        records.write(paths.answered_again("toy", arm), [])
        records.write_json(paths.prediction_cost("toy", arm), {"latency_p50_s": 1.25})

    def forget(self, arm):
        """Leave an arm without results, as before its first run."""
        for file in (paths.predictions, paths.quality, paths.row_statistics):
            file("toy", arm).unlink(missing_ok=True)
        shutil.rmtree(paths.kept("toy", arm, "dev.jsonl").parent, ignore_errors=True)

    def run(self):
        """What `dvc repro` runs between the answers and the report."""
        studies = StudyFile.model_validate(self.declared)
        pins = dict(
            line.strip().lower().split("==")
            for line in records.lines(ROOT / paths.CONSTRAINTS)
            if "==" in line
        )
        plans = build(Knobs.model_validate(KNOBS), studies, {}, pins)
        plan.write(plans)
        plan.shield(plans)
        keep.main("toy")
        for arm in self.declared["arms"]:
            if paths.predictions("toy", arm).exists():
                keep.main("toy", arm)
                evaluate.main(arm)
        for stage in (answer_floors, evaluate_floors, compare, choose, promote):
            stage.main("toy")
        self.open_test()
        keep_test.main("toy")
        score_test.main("toy")

    def open_test(self):
        """What `open_test` leaves, answers apart from the model that gave them."""
        promotion = records.read_json(paths.promoted("toy") / "promotion.json")
        looks.refresh("toy")
        records.write_json(paths.tested("toy") / "promotion.json", promotion)
        if promotion["arm"]:
            answers = {arm: self.given["test", arm] for arm in promotion["settings"]}
            looks.add("toy", looks.look(promotion, answers))
            for arm, rows in answers.items():
                records.write(paths.tested("toy") / f"{arm}.jsonl", rows)

    @property
    def plan(self):
        return load_plan("report", "toy")

    @property
    def compared(self):
        return records.read_json(paths.comparisons("toy"))

    def report(self):
        """The report as Markdown and as HTML."""
        report.main("toy")
        files = [paths.report("toy", suffix) for suffix in ("md", "html")]
        return [file.read_text(encoding="utf-8") for file in files]

    def index(self):
        index.main()
        return paths.report("index", "html").read_text(encoding="utf-8")


def examples(split, texts, categories):
    """Rows that share their texts over the splits: no report shows a row of the test split."""
    mark = {"dev": "r", "test": "t"}[split]
    return [
        {"id": f"{mark}{n:02}", "input": f"in {text}", "target": f"訳 {text}"}
        | {"group": f"{mark}{n:02}", "category": categories[n % len(categories)]}
        for n, text in enumerate(texts)
    ]


def wide(titles):
    """The study file of a study with slices, correlations, and these arms beside the base."""
    declared = copy.deepcopy(DECLARED)
    arms = {name: {**ARM, "title": title} for name, title in titles.items()}
    declared["arms"] = {**arms, "toy-s0": declared["arms"]["toy-s0"]}
    declared["study"]["toy"]["slice_by"] = "category"
    declared["study"]["toy"]["hypotheses"] |= CORRELATIONS
    return declared


def ladder(texts):
    """Answers for the wide study's arms: each knows a little less of the texts than the last."""
    return {
        f"toy-{letter}": [text[: max(3, len(text) * (8 - step) // 8)] for text in texts]
        for step, letter in enumerate(LETTERS)
    }
