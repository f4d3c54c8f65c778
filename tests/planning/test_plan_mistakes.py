"""A mistake in the files that `plan` reads stops it with one line, before it writes anything."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stages import plan
from stages.command import UserError
from stages.plans import load_plan
from tests.conftest import ROOT
from tests.planning.files import ARM, STUDIES, files, planned

ENDPOINT = {"base_url": "http://localhost:1", "model": "m"}
JUDGED = {one: {"study": "toy", "against": "toy-s0"} for one in (*STUDIES["arms"], "toy-floors")}
WRITTEN = {"path": "here", "sha256": "0" * 64}
SLICED = {
    "kind": "difference",
    "claim": "c",
    "arm": "toy-follows",
    "against": "toy-s0",
    "metric": "chrf",
    "expect": "higher",
    "slices": ["json"],
}
HALVES = {"chat": 0.5, "alpaca": 0.5}
# what is put where, and the one line that comes of it
MISTAKES = [
    (
        ("studies/toy.yaml", "arms", "toy-follows", "methd", "sft"),
        "studies/toy.yaml: arms.toy-follows: unknown key 'methd' (did you mean 'method'?); known: ",
    ),
    (
        ("studies/toy.yaml", "arms", "toy-follows", "lr", "5e-6"),
        "studies/toy.yaml: arms.toy-follows.lr: input should be a valid number, found '5e-6'",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "expected", {"grad_nrom": [0.05, 0.5]}),
        "studies/toy.yaml: study.toy.expected.grad_nrom.[key]: value error, no log has this "
        "figure. Did you mean 'grad_norm'? Known: loss, lr, ",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "expected", {"grad_norm": [0.5, 0.05]}),
        "studies/toy.yaml: study.toy.expected.grad_norm: value error, the lower bound comes first",
    ),
    (
        ("params.yaml", "lr", "5e-6"),
        "params.yaml: lr: input should be a valid number, found '5e-6'",
    ),
    (
        ("params.yaml", "learning_rate", 1e-3),
        "params.yaml: unknown key 'learning_rate'; known: batch_size, ",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "chr_f", {}),
        "studies/toy.yaml: study.toy.metrics: unknown 'chr_f'. Did you mean 'chrf'? Known: accept",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "chrf", {"order": 2}),
        "studies/toy.yaml: study.toy.metrics.chrf: chrF: unknown option 'order'; known: none",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "terminology", {}),
        "studies/toy.yaml: study.toy.metrics.terminology: terminology: option 'glossary' is",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "terminology", {"glossary": "none.tsv"}),
        "studies/toy.yaml: study.toy.metrics.terminology: none.tsv: no such glossary",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "terminology", {"glossary": 5}),
        "studies/toy.yaml: study.toy.metrics.terminology: ",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "passes_tests", {"seconds": 0}),
        "studies/toy.yaml: study.toy.metrics.passes_tests: seconds: expected a whole number from 1",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "wrong_script_rate", {"script": ["a"]}),
        "studies/toy.yaml: study.toy.metrics.wrong_script_rate: ",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "wrong_script_rate", {"script": "kana"}),
        "studies/toy.yaml: study.toy.metrics.wrong_script_rate: wrong_script_rate: unknown script",
    ),
    (
        ("studies/far.yaml", "renders", "far-alpaca", "format", "alpcaa"),
        "studies/far.yaml: renders.far-alpaca.format: unknown 'alpcaa'. Did you mean 'alpaca'? K",
    ),
    (
        ("studies/far.yaml", "renders", "far-alpaca", "study", "fra"),
        "studies/far.yaml: renders.far-alpaca.study: unknown 'fra'. Did you mean 'far'? Known: far",
    ),
    (
        ("studies/far.yaml", "arms", "far-s0", "base", "tny"),
        "studies/far.yaml: arms.far-s0.base: unknown 'tny'. Did you mean 'tiny'? Known: tiny",
    ),
    (
        ("studies/far.yaml", "arms", "far-s0", "study", "elsewhere"),
        "studies/far.yaml: arms.far-s0.study: unknown 'elsewhere'. Known: far, toy",
    ),
    (
        ("studies/far.yaml", "arms", "far-s0", "render", "far-chat"),
        "studies/far.yaml: arms.far-s0.render: unknown 'far-chat'.",
    ),
    (
        ("studies/far.yaml", "arms", "far-s0", "render", "toy-chat"),
        "studies/far.yaml: arms.far-s0.render: 'toy-chat' belongs to the study 'toy'",
    ),
    (
        ("studies/far.yaml", "study", "far", "base", "none"),
        "studies/far.yaml: study.far.base: unknown 'none'. Known: tiny",
    ),
    (
        ("studies/far.yaml", "arms", "s1", {"study": "far", "base": "tiny", "render": "far-alpaca",
                                           "method": "none"}),
        "studies/far.yaml: arms.s1: an arm's name starts with its study: 'far-s1'",
    ),
    (
        ("studies/far.yaml", "arms", "far-S1", ARM),
        "studies/far.yaml: arms.far-S1.[key]: string should match pattern",
    ),
    (
        ("studies/far.yaml", "arms", "toy-s0", {**ARM, "method": "none"}),
        "studies/far.yaml: arms.toy-s0: defined in another file already",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "comet", {}),
        "studies/toy.yaml: study.toy.metrics.comet: a map `score_comet` at the end of the file",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "comet", {"model": "here.ckpt"}),
        "studies/toy.yaml: study.toy.comet: a checkpoint file is pinned by `sha256`, and by no rev",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "comet", {"model": "Unbabel/XCOMET-XL"}),
        "studies/toy.yaml: study.toy.comet.revision: missing; a hub's model is pinned by",
    ),
    (
        ("studies/toy.yaml", "score_comet", {"toy-s9": ARM}),
        "studies/toy.yaml: score_comet (of toy): unknown 'toy-s9'. Did you mean 'toy-s0'? Known: t",
    ),
    (
        ("studies/toy.yaml", "score_comet", {**STUDIES["arms"], "toy-s0": ARM}),
        "studies/toy.yaml: score_comet.toy-s0: differs from arms.toy-s0; write `score_comet: *arms",
    ),
    (
        ("studies/toy.yaml", "score_comet", {"toy-follows": ARM}),
        "studies/toy.yaml: score_comet: leaves out toy-s0, toy-pinned, toy-floors; score all of '",
    ),
    (
        ("studies/toy.yaml", "score_comet", STUDIES["arms"]),
        "studies/toy.yaml: score_comet: leaves out toy-floors; score all of 'toy' or none, sin",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "floors", {"dot": {}}),
        "studies/toy.yaml: study.toy.floors.dot: value error, give constant or left_out, one of th",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "floors", {"dto": {"left_out": "Why."}}),
        "studies/toy.yaml: study.toy.floors (left out): unknown 'dto'. Known: constant, copy, empt",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "floors", {"reference": {"left_out": "Why."}}),
        "studies/toy.yaml: study.toy.floors (left out): unknown 'reference'",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "floors", {"copy": {"constant": "."}}),
        "studies/toy.yaml: study.toy.floors.copy: every study has it; name the constant otherwise",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "floors", {"toy-s0": {"constant": "."}}),
        "studies/toy.yaml: study.toy.floors.toy-s0: no `-`, which the names of arms have",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "publish", "all"),
        "studies/toy.yaml: study.toy.publish: all, so that the rows' texts go into git: name their",
    ),
    (
        ("studies/toy.yaml", "arms", "toy-floors", ARM),
        "studies/toy.yaml: arms.toy-floors: the study's floors have this name; choose another",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "metrics", "kl_p95", {}),
        "studies/toy.yaml: study.toy.metrics.kl_p95: a map `measure_drift` at the end of the file",
    ),
    (
        ("studies/toy.yaml", "measure_drift", STUDIES["arms"]),
        "studies/toy.yaml: measure_drift: study.toy has no settings `drift:`",
    ),
    (
        ("studies/toy.yaml", "measure_drift", {"toy-s0": STUDIES["arms"]["toy-s0"]}),
        "studies/toy.yaml: measure_drift: leaves out toy-follows, toy-pinned; score all of 'toy'",
    ),
    (
        ("studies/toy.yaml", "measure_drift", {"toy-s9": ARM}),
        "studies/toy.yaml: measure_drift (of toy): unknown 'toy-s9'. Did you mean 'toy-s0'? Known:",
    ),
    (
        ("studies/toy.yaml", "measure_drift", {**STUDIES["arms"], "toy-s0": ARM}),
        "studies/toy.yaml: measure_drift.toy-s0: differs from arms.toy-s0; write `measure_drift: *",
    ),
    (
        ("studies/toy.yaml", "judge", JUDGED),
        "studies/toy.yaml: judge: study.toy has no settings `judge:`",
    ),
    (
        ("studies/toy.yaml", "judge", {"toy-s0": JUDGED["toy-s0"]}),
        "studies/toy.yaml: judge: leaves out toy-follows, toy-pinned, toy-floors; score all of '",
    ),
    (
        ("studies/toy.yaml", "judge", {"toy-s0": {"study": "toy", "against": "toy-s1"}}),
        "studies/toy.yaml: judge.toy-s0.against: unknown 'toy-s1'. Did you mean 'toy-s0'? Known: t",
    ),
    (
        ("studies/toy.yaml", "judge", {"toy-s0": {"study": "toy", "against": "far-s0"}}),
        "studies/toy.yaml: judge.toy-s0.against: unknown 'far-s0'. Known: toy-follows, toy-pi",
    ),
    (
        ("studies/toy.yaml", "judge", {"far-s0": {"study": "toy", "against": "toy-s0"}}),
        "studies/toy.yaml: judge (of toy): unknown 'far-s0'. Known: toy-floors, toy-follo",
    ),
    (
        ("studies/toy.yaml", "judge", {"toy-s0": {"study": "tyo", "against": "toy-s0"}}),
        "studies/toy.yaml: judge.toy-s0.study: unknown 'tyo'. Did you mean 'toy'? Known: far, toy",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "judge", {**ENDPOINT, "modle": "x"}),
        "studies/toy.yaml: study.toy.judge: unknown key 'modle' (did you mean 'model'?); known: ",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "judge", {"base_url": "http://localhost:1"}),
        "studies/toy.yaml: study.toy.judge.model: field required",
    ),
    (
        ("studies/toy.yaml", "renders", "toy-chat", "asked_in", "chta"),
        "studies/toy.yaml: renders.toy-chat.asked_in: unknown 'chta'. Did you mean 'chat'? Known: ",
    ),
    (
        ("studies/toy.yaml", "renders", "toy-chat", "take", {"coding": 0}),
        "studies/toy.yaml: renders.toy-chat.take.coding: input should be greater than 0, found 0",
    ),
    (
        ("studies/toy.yaml", "renders", "toy-chat", "take", {}),
        "studies/toy.yaml: renders.toy-chat.take: dictionary should have at least 1 item",
    ),
    (
        ("studies/toy.yaml", "renders", "toy-chat", "shots", {"count": 4, "choose": "nearest"}),
        "studies/toy.yaml: renders.toy-chat.shots.count: 4 examples before a row, but the train",
    ),
    (
        ("studies/toy.yaml", "renders", "toy-chat", "shots", {"count": 1, "choose": "neerest"}),
        "studies/toy.yaml: renders.toy-chat.shots.choose: input should be 'nearest' or 'fixed'",
    ),
    (
        ("studies/toy.yaml", "renders", "toy-chat", "terms", "none.tsv"),
        "studies/toy.yaml: renders.toy-chat.terms: none.tsv: no such glossary",
    ),
    (
        ("studies/toy.yaml", "renders", "toy-chat", "terms", "params.yaml"),
        "studies/toy.yaml: renders.toy-chat.terms: params.yaml:1: no header; start the file with",
    ),
    (
        ("studies/toy.yaml", "renders", "toy-chat", "formats", {"chat": 0.5, "alpaca": 0.5}),
        "studies/toy.yaml: renders.toy-chat: value error, give format or formats, one of the two",
    ),
    (
        ("studies/toy.yaml", "renders", "toy-chat", {"study": "toy"}),
        "studies/toy.yaml: renders.toy-chat: value error, give format or formats, one of the two",
    ),
    (
        ("studies/toy.yaml", "renders", "toy-chat", {"study": "toy", "formats": HALVES}),
        "studies/toy.yaml: renders.toy-chat: value error, give asked_in, the format of dev and",
    ),
    (
        ("studies/toy.yaml", "renders", "toy-chat", {"study": "toy", "asked_in": "chat",
                                                     "formats": {"chat": 0.5, "alpaca": 0.4}}),
        "studies/toy.yaml: renders.toy-chat: value error, formats: the shares add up to 0.9, not 1",
    ),
    (
        ("studies/toy.yaml", "renders", "toy-chat", {"study": "toy", "asked_in": "chat",
                                                     "formats": {"chat": 0.5, "alpcaa": 0.5}}),
        "studies/toy.yaml: renders.toy-chat.formats: unknown 'alpcaa'. Did you mean 'alpaca'?",
    ),
    (
        ("studies/toy.yaml", "renders", "toy-chat", {"study": "toy", "asked_in": "chat",
                                                     "formats": {"chat": 1.0}}),
        "studies/toy.yaml: renders.toy-chat.formats",
    ),
    (
        ("studies/toy.yaml", "study", "toy", "hypotheses", {"h": SLICED}),
        "studies/toy.yaml: study.toy.hypotheses.h.slices: the study has no slices; set its `slice",
    ),
    (
        ("studies/toy.yaml", "arms", "toy-follows", "method", "stf"),
        "studies/toy.yaml: arms.toy-follows.method: input should be 'none', 'prompted', 'sft', '",
    ),
    (
        ("studies/toy.yaml", "arms", "toy-follows", "method", "answers"),
        "studies/toy.yaml: arms.toy-follows.answers: missing; `method: answers` comes with `answe",
    ),
    (
        ("studies/toy.yaml", "arms", "toy-follows", "answers", {"dev": WRITTEN}),
        "studies/toy.yaml: arms.toy-follows.answers: the method is sft; `method: answers` comes w",
    ),
    (
        ("studies/toy.yaml", "arms", "toy-follows", "method", "adapter"),
        "studies/toy.yaml: arms.toy-follows.adapter: missing; `method: adapter` comes with `adapt",
    ),
    (
        ("studies/toy.yaml", "arms", "toy-s0", "adapter", {**WRITTEN, "kind": "folder"}),
        "studies/toy.yaml: arms.toy-s0.adapter: the method is none; `method: adapter` comes with ",
    ),
    (
        ("dvc.yaml", "vars", ["studies/toy.yaml", "studies/far.yaml", "studies/new.yaml"]),
        "dvc.yaml: studies/new.yaml is under vars but not under stages.plan.params",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mistake", "said"), MISTAKES, ids=[f"{row[0][-2]}={row[0][-1]!s:.25}" for row in MISTAKES]
)
def test_mistake_stops_the_plan_with_one_line(project, mistake, said):
    before = planned()
    project(*mistake)
    with pytest.raises(UserError) as raised:
        plan.main()
    assert str(raised.value).startswith(said)
    assert "\n" not in str(raised.value)
    # The old plans are still there, whole.
    assert {str(f.relative_to("plan").with_suffix("")): f.read_bytes() for f in files()} == before


def run_plan(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "stages.plan", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def test_command_prints_one_line_and_ends_with_status_1(project):
    project("studies/toy.yaml", "arms", "toy-follows", "lr", "5e-6")
    done = run_plan()
    assert done.returncode == 1
    expected = "studies/toy.yaml: arms.toy-follows.lr: input should be a valid number, found '5e-6'"
    assert done.stderr == f"error: {expected}\n"
    assert not Path("plan").exists()


def test_command_names_a_key_that_is_no_string(project):
    text = Path("studies/toy.yaml").read_text()
    Path("studies/toy.yaml").write_text(text.replace('"toy-s0"', "1"))
    done = run_plan()
    assert done.returncode == 1
    expected = "error: studies/toy.yaml: arms.1.[key]: input should be a valid string, found 1\n"
    assert done.stderr == expected


def test_check_resolves_one_more_file_and_writes_nothing(project, capsys):
    project("studies/new.yaml", "arms", "toy-more", ARM)
    plan.main(check="studies/new.yaml")
    assert "studies/new.yaml: " in capsys.readouterr().out
    assert not Path("plan").exists()
    project("studies/new.yaml", "arms", "toy-more", {**ARM, "base": "none"})
    with pytest.raises(UserError, match=r"studies/new.yaml: arms.toy-more.base: unknown 'none'"):
        plan.main(check="studies/new.yaml")


def test_plan_of_an_unknown_key_names_the_known(project):
    plan.main()
    with pytest.raises(
        UserError, match=r"plan/train/toy-x.json: no such plan; known: far-s0, toy-f"
    ):
        load_plan("train", "toy-x")
    shutil.rmtree("plan")
    with pytest.raises(UserError, match="known: none, run plan first"):
        load_plan("train", "toy-x")
