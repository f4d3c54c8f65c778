"""What is said of two revisions: verdicts over paired rows, and none where they don't compare."""

import random
import re
import subprocess
import sys

import numpy as np
import pytest

from stages import paths, records
from stages.command import UserError
from stages.diff import __main__ as diff
from stages.diff import markdown
from stages.metrics import METRICS

ROWS = 80
IDS = [f"row-{place:03}" for place in range(ROWS)]
FEW, MANY = ([[float(place % every == 0), 1] for place in range(ROWS)] for every in (10, 2))


@pytest.fixture(autouse=True)
def repository(tmp_path, monkeypatch):
    """An empty git repository to stand in."""
    monkeypatch.chdir(tmp_path)
    git("init", "--quiet", "--initial-branch", "main")
    git("config", "user.name", "Toy")
    git("config", "user.email", "toy@example.org")
    return tmp_path


def git(*words):
    done = subprocess.run(["git", *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def commit(tag):
    git("add", "--all")
    git("commit", "--quiet", "--allow-empty", "--message", tag)
    git("tag", tag)


def write(arm, study="toy", ids=IDS, signature="version:1", **vectors):
    """An arm's rows and scores, from each metric's vectors."""
    rows = [
        {"id": i, "group": i} | {name: found[place] for name, found in vectors.items()}
        for place, i in enumerate(ids)
    ]
    records.write(paths.row_statistics(study, arm), rows)
    quality = {name: entry(name, found, signature) for name, found in vectors.items()}
    records.write_json(paths.quality(study, arm), quality)


def entry(name, vectors, signature):
    metric = METRICS[name]
    value = float(metric.combine(np.sum([v for v in vectors if v], axis=0)))
    about = {"label": metric.label, "direction": metric.direction, "unit": metric.unit}
    return about | {"value": value, "n": len(vectors), "unscored": 0, "signature": signature}


def plan(metrics, study="toy", **titles):
    arms = {name.replace("_", "-"): {"title": title} for name, title in titles.items()}
    records.write_json(paths.plan("report", study), {"metrics": metrics, "arms": arms})


def said(capsys, *words, **options):
    diff.main(*words, **options)
    return capsys.readouterr().out


def row(text, label):
    """The cells of the table row whose first cell begins with a metric's label."""
    found = [line for line in text.splitlines() if line.startswith(f"| {label}")]
    assert len(found) == 1, text
    return [cell.strip() for cell in found[0].strip("|").split("|")]


def test_improvement_helped_with_interval_and_both_values(capsys):
    write("toy-a", exact_match=FEW)
    commit("old")
    write("toy-a", exact_match=MANY)
    text = said(capsys, "old")
    cells = row(text, "exact match ↑")
    assert cells[1:5] == ["80", "0.100", "0.500", "+0.400"]
    low, high = re.fullmatch(r"\[\+(0\.\d{3}), \+(0\.\d{3})\]", cells[5]).groups()
    assert float(low) < 0.4 < float(high)
    assert cells[6] == "**helped**"
    first = text.splitlines()[0]
    assert first.startswith("**1 of 1 arm changed: toy-a helped on exact match (+0.400 ")
    assert text.endswith("<!-- assay-diff -->\n")


@pytest.mark.parametrize(
    ("metric", "old", "new", "verdict"),
    [
        ("exact_match", MANY, FEW, "**hurt**"),
        ("hit_limit_rate", FEW, MANY, "**hurt**"),
        ("hit_limit_rate", MANY, FEW, "**helped**"),
        ("length_ratio", FEW, MANY, "changed"),
    ],
)
def test_verdict_follows_the_direction_of_the_metric(capsys, metric, old, new, verdict):
    write("toy-a", **{metric: old})
    commit("old")
    write("toy-a", **{metric: new})
    text = said(capsys, "old")
    assert row(text, METRICS[metric].label)[6] == verdict
    assert verdict.strip("*") in text.splitlines()[0]


def test_small_change_is_no_difference_and_says_what_could_have_been_shown(capsys):
    write("toy-a", exact_match=FEW)
    commit("old")
    write("toy-a", exact_match=[*FEW[:-1], [1.0, 1]])
    text = said(capsys, "old")
    assert re.fullmatch(
        r"no difference shown \(0\.\d{3} could have been\)", row(text, "exact match")[6]
    )
    assert "1 comparison shows no difference" in text.splitlines()[0]


def test_rows_are_paired_by_id_in_whatever_order_they_lie(capsys):
    write("toy-a", exact_match=FEW)
    commit("old")
    order = random.Random(1).sample(range(ROWS), ROWS)
    write("toy-a", ids=[IDS[place] for place in order], exact_match=[FEW[p] for p in order])
    assert said(capsys, "old").startswith("**No score changed.**")


def test_verdicts_are_corrected_for_the_arms_that_changed(capsys):
    better = [[float(place < 6), 1] for place in range(ROWS)]  # p about 0.03: one test shows it
    none = [[0.0, 1]] * ROWS
    arms = ("toy-a", "toy-b", "toy-c")
    for arm in arms:
        write(arm, exact_match=none)
    commit("old")
    write("toy-a", exact_match=better)
    assert "toy-a helped on exact match" in said(capsys, "old")
    for arm in arms:
        write(arm, exact_match=better)
    assert "helped" not in said(capsys, "old")


def beside_floors(arm="toy-a", unbeaten=("nearest",), ahead=("nearest",), **more):
    """What `compare` leaves of an arm beside the floors, by exact match."""
    scores = {"empty": 0.0, "nearest": 0.75}
    standing = {
        "beside": {floor: {"against_value": score} for floor, score in scores.items()},
        "best": "nearest",
        "unbeaten": unbeaten,
        "ahead": ahead,
        "skill": {"value": -1.0, "low": None, "high": None, "reason": None},
    }
    found = {"arms": {}, **more, "floors": {"arms": {arm: {"exact_match": standing}}}}
    records.write_json(paths.comparisons("toy"), found)


@pytest.mark.parametrize(
    ("unbeaten", "ahead", "beside"),
    [
        (["nearest"], ["nearest"], ", worse than nearest (0.750)"),
        (["empty", "nearest"], [], ", not above nearest (0.750)"),
        ([], [], ""),
    ],
)
def test_arm_that_helped_and_is_below_a_floor_is_said_to_be_so(capsys, unbeaten, ahead, beside):
    write("toy-a", exact_match=FEW, hit_limit_rate=MANY)
    beside_floors(unbeaten=["empty"], ahead=["empty"])  # the old side's count for nothing
    commit("old")
    write("toy-a", exact_match=MANY, hit_limit_rate=FEW)
    beside_floors(unbeaten=unbeaten, ahead=ahead)
    text = said(capsys, "old")
    assert row(text, "exact match")[6] == f"**helped**{beside}"
    # A metric that has no standing: as length ratio, or one that no floor can be scored by
    assert row(text, "hit length limit")[6] == "**helped**"
    first = text.splitlines()[0].replace("\\", "")
    start, end = first.split("; ")
    assert start.startswith("**1 of 1 arm changed: toy-a helped on exact match (+0.400 [")
    assert start.split("])")[1] == beside
    assert end.startswith("toy-a helped on hit length limit (") and end.endswith("]).**")


def test_arm_that_did_not_help_has_nothing_beside_it(capsys):
    write("toy-a", exact_match=MANY)
    commit("old")
    write("toy-a", exact_match=FEW)
    beside_floors()
    text = said(capsys, "old")
    assert row(text, "exact match")[6] == "**hurt**" and "nearest" not in text


@pytest.mark.parametrize("found", [None, {}, {"arms": {}, "missing": {}}, {"floors": {"arms": {}}}])
def test_results_without_floors_are_compared_as_before(capsys, found):
    write("toy-a", exact_match=FEW)
    commit("old")
    write("toy-a", exact_match=MANY)
    if found is not None:
        records.write_json(paths.comparisons("toy"), found)
    commit("new")
    text = said(capsys, "old", "new")
    assert row(text, "exact match")[6] == "**helped**" and "nearest" not in text
    beside_floors()  # what the workspace knows of floors, the older revision does not
    assert row(said(capsys, "new", "old"), "exact match")[6] == "**hurt**"


def test_unchanged_arms_and_metrics_have_one_line(capsys):
    plan(["exact_match", "hit_limit_rate"], toy_a="Arm A", toy_b="Arm B", toy_s0="Base")
    for arm in ("toy-a", "toy-b", "toy-s0"):
        write(arm, exact_match=FEW, hit_limit_rate=FEW)
    commit("old")
    write("toy-a", exact_match=MANY, hit_limit_rate=FEW)
    text = said(capsys, "old")
    assert "- Unchanged: Arm B; Base\n" in text
    assert "The same in every row: hit length limit." in text
    assert "| hit length limit" not in text
    assert text.startswith("**1 of 3 arms changed: Arm A helped")


def test_first_line_names_what_was_hurt_first_and_counts_the_rest(capsys):
    for arm in ("toy-a", "toy-b", "toy-c"):
        write(arm, exact_match=FEW, hit_limit_rate=FEW)
    commit("old")
    for arm in ("toy-a", "toy-b", "toy-c"):
        write(arm, exact_match=MANY, hit_limit_rate=MANY)
    first = said(capsys, "old").splitlines()[0]
    pattern = (
        r".* changed: toy-a hurt .*; toy-b hurt .*; 1 more hurt; toy-a helped .*; 1 more helped"
    )
    assert re.match(pattern, first), first


def test_changed_signature_is_not_compared(capsys):
    write("toy-a", exact_match=FEW, hit_limit_rate=FEW)
    commit("old")
    write("toy-a", signature="version:2", exact_match=MANY, hit_limit_rate=FEW)
    text = said(capsys, "old")
    for label in ("exact match", "hit length limit"):
        assert row(text, label)[1:] == ["–"] * 5 + ["not comparable: signature changed"]
    assert "2 comparisons can't be made" in text.splitlines()[0]
    assert "helped" not in text


@pytest.mark.parametrize("kept", [60, 0])
def test_other_rows_are_not_compared(capsys, kept):
    write("toy-a", exact_match=FEW)
    commit("old")
    ids = [*IDS[:kept], *(f"other-{place}" for place in range(ROWS - kept))]
    write("toy-a", ids=ids, exact_match=MANY)
    text = said(capsys, "old")
    changed = ROWS - kept
    assert (
        f"not comparable: other rows: {kept} of 80 shared, {changed} added, {changed} gone" in text
    )
    assert "|" not in text and text.startswith("**No comparable score changed: 1 arm can't")


def test_same_ids_with_other_texts_are_not_compared(capsys):
    """Ids are hashes of normalized texts, which leave the case out; chrF does not."""
    for version, tag, vectors in (("v1", "old", FEW), ("v2", "new", MANY)):
        write("toy-a", exact_match=vectors)
        dev = {"version": version}
        records.write_json(paths.plan("report", "toy"), {"splits": {"dev": dev}})
        manifest = {"version": version, "sha256": version}
        records.write_json(paths.manifest("toy", "dev", version), manifest)
        commit(tag)
    text = said(capsys, "old", "new")
    assert "not comparable: other rows: dev v1 and v2 differ in their texts" in text


def test_rows_that_do_not_add_up_to_the_score_are_not_compared(capsys):
    write("toy-a", exact_match=FEW)
    commit("old")
    write("toy-a", exact_match=MANY)
    quality = records.read_json(paths.quality("toy", "toy-a"))
    quality["exact_match"]["value"] = 0.9
    records.write_json(paths.quality("toy", "toy-a"), quality)
    cells = row(said(capsys, "old"), "exact match")
    assert cells[6] == "not comparable: the rows do not add up to the recorded score"


@pytest.mark.parametrize(
    ("statistics", "reason"),
    [
        ([[1.0, 1, 0]] * ROWS, "the rows hold other statistics"),
        ([None] * ROWS, "no row is scored for both"),
    ],
)
def test_statistics_of_another_shape_are_not_compared(capsys, statistics, reason):
    write("toy-a", exact_match=FEW)
    commit("old")
    rows = [{"id": i, "group": i, "exact_match": v} for i, v in zip(IDS, statistics, strict=True)]
    records.write(paths.row_statistics("toy", "toy-a"), rows)
    assert row(said(capsys, "old"), "exact match")[6] == f"not comparable: {reason}"


def test_metric_that_this_code_lacks_is_not_compared(capsys):
    for tag, vectors in (("old", FEW), ("new", MANY)):
        write("toy-a", exact_match=vectors)
        for path in (paths.row_statistics("toy", "toy-a"), paths.quality("toy", "toy-a")):
            records.write_text(path, path.read_text().replace("exact_match", "retired"))
        commit(tag)
    text = said(capsys, "old", "new")
    assert row(text, "exact match")[6] == "not comparable: this code has no such metric"


def test_new_and_removed_metrics_are_listed_with_their_score(capsys):
    write("toy-a", exact_match=FEW, length_ratio=MANY)
    commit("old")
    write("toy-a", exact_match=FEW, hit_limit_rate=MANY)
    text = said(capsys, "old")
    assert row(text, "hit length limit")[1:] == ["80", "–", "0.500", "–", "–", "new metric"]
    assert row(text, "length ratio")[1:] == ["80", "0.500", "–", "–", "–", "removed metric"]
    assert "The same in every row: exact match." in text


def test_new_arm_is_shown_with_its_verdicts_and_a_removed_one_is_named(capsys):
    plan(["exact_match"], toy_s0="Base", toy_gone="Gone")
    write("toy-s0", exact_match=FEW)
    write("toy-gone", exact_match=FEW)
    commit("old")
    plan(["exact_match"], toy_s0="Base", toy_more="More")
    write("toy-more", exact_match=MANY)
    found = {"value": 0.5, "against_value": 0.1, "delta": 0.4, "low": 0.3, "high": 0.5, "n": 80}
    found |= {"verdict": "helped", "reason": None, "detectable": 0.1}
    arms = {"toy-more": {"against": "toy-s0", "metrics": {"exact_match": found}}}
    beside_floors("toy-more", arms=arms)
    assert row(said(capsys, "old"), "exact match")[6] == "**helped**, worse than nearest (0.750)"
    records.write_json(paths.comparisons("toy"), {"arms": arms})
    text = said(capsys, "old")
    assert "**More**, new, against Base" in text and "| metric | n | Base | new |" in text
    assert row(text, "exact match")[2:] == [
        "0.100",
        "0.500",
        "+0.400",
        "[+0.300, +0.500]",
        "**helped**",
    ]
    # What a removed arm left behind counts for nothing: the plan doesn't know it.
    assert paths.quality("toy", "toy-gone").exists()
    assert "- Removed: Gone\n" in text
    assert text.startswith("**No score changed; 1 arm new; 1 arm removed.**")


def test_new_arm_without_a_base_shows_its_scores(capsys):
    write("toy-s0", exact_match=FEW)
    commit("old")
    write("toy-a", exact_match=MANY)
    cells = row(said(capsys, "old"), "exact match")
    assert cells[1:] == ["80", "–", "0.500", "–", "–", "nothing to compare with"]


def test_revision_without_results(capsys):
    commit("empty")
    write("toy-a", exact_match=FEW)
    assert said(capsys, "empty").startswith("**No arm has scores on both sides; 1 arm new.**")
    assert said(capsys, "empty", "empty").startswith("**There are no scores on either side.**")


def test_revision_with_scores_but_without_rows(capsys):
    write("toy-a", exact_match=FEW)
    rows = paths.row_statistics("toy", "toy-a")
    kept = rows.read_text()
    rows.unlink()
    commit("old")
    rows.write_text(kept)
    assert re.search(
        r"\*\*toy-a\*\*: not comparable: old \(\w{7}\) has no row", said(capsys, "old")
    )


def test_two_revisions_are_compared_whatever_lies_in_the_workspace(capsys):
    write("toy-a", exact_match=FEW)
    commit("old")
    write("toy-a", exact_match=MANY)
    commit("new")
    write("toy-a", exact_match=FEW)
    assert "toy-a helped on exact match" in said(capsys, "old", "new")
    assert "toy-a hurt on exact match" in said(capsys, "new", "old")
    assert said(capsys, "old").startswith("**No score changed.**")


def test_studies_have_a_section_each_and_are_told_apart(capsys):
    for study in ("one", "two"):
        write(f"{study}-a", study=study, exact_match=FEW)
        plan(["exact_match"], study, **{f"{study}_a": "Run A"})
    commit("old")
    for study in ("one", "two"):
        write(f"{study}-a", study=study, exact_match=MANY)
    text = said(capsys, "old")
    assert text.count("### ") == 2 and "### one\n" in text and "### two\n" in text
    assert "one: Run A helped on exact match" in text and "two: Run A helped" in text


def test_cost_and_training_stand_apart_without_a_verdict(capsys):
    write("toy-a", exact_match=FEW)
    cost = {"latency_p50_s": 1.0, "adapter_mb": 2.0, "peak_memory_mb": 900}
    training = {"steps": 12, "status": "finished", "versions": {"torch": "1"}}
    records.write_json(paths.cost("toy", "toy-a"), cost)
    records.write_json(paths.training("toy", "toy-a"), training)
    commit("old")
    records.write_json(paths.cost("toy", "toy-a"), cost | {"latency_p50_s": 1.5})
    records.write_json(paths.training("toy", "toy-a"), training | {"versions": {"torch": "2"}})
    text = said(capsys, "old")
    assert text.startswith("**No score changed.**")
    folded = text[text.index("<details>") : text.index("</details>")]
    assert "2 figures changed" in folded and "Measured on whatever machine" in folded
    assert "| toy-a | cost: latency p50, s (batch 1) | 1.00 | 1.50 | +50.0 % |" in folded
    assert "| toy-a | training: versions.torch | 1 | 2 |" in folded
    assert "peak memory" not in text and "helped" not in text


def test_rules_that_tripped_are_told_in_words(capsys):
    write("toy-a", exact_match=FEW)
    rule = {"rule": "plateau", "step": 40, "figure": "dev_reward", "action": "stop", "value": 0.31}
    records.write_json(paths.training("toy", "toy-a"), {"tripped": []})
    commit("old")
    records.write_json(paths.training("toy", "toy-a"), {"tripped": [rule, rule | {"rule": "b"}]})
    told = "none | plateau at step 40 (stop); b at step 40 (stop) |"
    assert f"| toy-a | training: tripped | {told}" in said(capsys, "old")


def test_run_that_diverges_now_is_told_beside_the_scores(capsys):
    write("toy-a", exact_match=FEW)
    records.write_json(paths.training("toy", "toy-a"), {"status": "finished", "steps": 8})
    commit("old")
    found = {"status": "diverged", "diverged_at": 7, "kept_step": 4, "steps": 6}
    records.write_json(paths.training("toy", "toy-a"), found)
    text = said(capsys, "old")
    assert "- Training of toy-a: finished → diverged at step 7, scored at step 4\n" in text
    commit("new")
    assert "Training of toy-a" not in said(capsys, "new")


def test_texts_are_whole_and_hashes_cut(capsys):
    write("toy-a", exact_match=FEW)
    cost = {"processor": "AMD EPYC (model 2)", "again_shift": {"chrf": 0.5}}
    records.write_json(paths.cost("toy", "toy-a"), cost)
    records.write_json(paths.training("toy", "toy-a"), {"plan_sha256": "a" * 64})
    commit("old")
    cost = {"processor": "Xeon Gold (model 85)", "again_shift": {"chrf": 0.25}}
    records.write_json(paths.cost("toy", "toy-a"), cost)
    records.write_json(paths.training("toy", "toy-a"), {"plan_sha256": "b" * 64})
    text = said(capsys, "old")
    assert "| cost: processor | AMD EPYC (model 2) | Xeon Gold (model 85) |" in text
    assert "| cost: answered again: chrF moves by | 0.500 | 0.250 | −50.0 % |" in text
    assert f"| {'a' * 16}… | {'b' * 16}… |" in text


def test_decided_things_that_changed_are_listed(capsys):
    plan(["exact_match"], toy_a="Arm A")
    write("toy-a", exact_match=FEW)

    def decide(verdict, arm, looks):
        claims = {
            "x": {"claim": "It helps.", "verdict": verdict},
            "y": {"claim": "The same.", "verdict": "undecided"},
        }
        decision = {"scenario": "Go." if arm else None}
        records.write_json(paths.hypotheses("toy"), {"hypotheses": claims, "decision": decision})
        records.write_json(paths.promotion("toy"), {"arm": arm, "adapter_sha256": arm and "f" * 64})
        status = {"status": "opened", "arm": arm} if arm else {"status": "closed"}
        records.write_json(paths.test_quality("toy"), status | {"looks": looks, "adapters": looks})

    decide("undecided", None, 0)
    commit("old")
    decide("confirmed", "toy-a", 1)
    text = said(capsys, "old")
    assert "- “It helps.”: undecided → confirmed\n" in text
    assert "- Decision: none of the declared ones → Go.\n" in text
    assert "- Promoted: nobody → Arm A (weights fffffff)\n" in text
    assert "- Test split: closed, 0 looks by 0 adapters → opened for Arm A, 1 look by 1" in text
    assert "The same." not in text
    git("rm", "--quiet", "--cached", *(str(p) for p in (paths.promotion("toy"),)))
    git("commit", "--quiet", "--message", "without")
    assert "- Promoted: new, Arm A (weights fffffff)\n" in said(capsys, "HEAD")


HOSTILE = "a | b\n# c <img src=x onerror=alert(1)> [d](javascript:e) **f** `g` @all #1 ~~h~~"


def test_text_from_data_stays_text(capsys):
    plan(["exact_match"], toy_a=HOSTILE, toy_b=HOSTILE)
    for arm in ("toy-a", "toy-b"):
        write(arm, exact_match=FEW)
    commit("old")
    write("toy-a", exact_match=MANY)
    path = paths.quality("toy", "toy-a")
    quality = records.read_json(path)
    quality["exact_match"]["label"] = HOSTILE
    records.write_json(path, quality)
    records.write_json(paths.cost("toy", "toy-a"), {"adapter_mb": HOSTILE, HOSTILE: 1})
    claim = {"x": {"claim": HOSTILE, "verdict": HOSTILE}}
    records.write_json(paths.hypotheses("toy"), {"hypotheses": claim})
    text = said(capsys, "old")
    assert "<img" not in text and "[d](" not in text and "**f**" not in text
    assert "\n# c" not in text and "@all" not in text and "#1" not in text and "~~h" not in text
    cells = re.split(r"(?<!\\)\|", next(line for line in text.splitlines() if "**helped**" in line))
    assert len(cells) == 9
    assert set(re.findall(r"<[^>]+>", text)) == {
        "<!-- -->",
        "<!-- assay-diff -->",
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
    }


def test_limit_leaves_out_sections_from_the_end_and_says_so(capsys):
    for arm in [f"toy-{letter}" for letter in "abcdefgh"]:
        write(arm, exact_match=FEW)
    commit("old")
    for arm in [f"toy-{letter}" for letter in "abcdefgh"]:
        write(arm, exact_match=MANY)
        records.write_json(paths.cost("toy", arm), {"adapter_mb": 1.0})
    whole = said(capsys, "old")
    short = said(capsys, "old", limit="1500")
    assert len(short) <= 1500 < len(whole)
    assert short.splitlines()[0] == whole.splitlines()[0] and short.endswith(f"{markdown.MARK}\n")
    assert "<details>" not in short and re.search(r"\(\d more sections: too long", short)
    assert said(capsys, "old", limit="65000") == whole


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere",), "nowhere: no such revision in this clone; see `git log`"),
        (("origin/main",), "origin/main: no such revision in this clone; `git fetch origin main`"),
        (("HEAD", "nowhere"), "nowhere: no such revision"),
        (("-p",), "-p: no such revision"),
        (("HEAD:metrics",), "HEAD:metrics: no such revision"),
    ],
)
def test_unknown_revision_says_what_to_do(words, message):
    write("toy-a", exact_match=FEW)
    commit("old")
    with pytest.raises(UserError, match=f"^{re.escape(message)}"):
        diff.main(*words)


def test_shallow_clone_without_the_revision_says_so(repository, monkeypatch):
    for tag in ("old", "new"):
        commit(tag)
    git("clone", "--quiet", "--depth", "1", "--no-tags", f"file://{repository}", "shallow")
    monkeypatch.chdir("shallow")
    with pytest.raises(
        UserError, match="^old: .* shallow: `git fetch --unshallow`.*fetch-depth: 0"
    ):
        diff.main("old")


def test_outside_git_and_without_git_one_line_says_so(tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("plain"))
    with pytest.raises(UserError, match="^not a git repository"):
        diff.main("main")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError, match="^git is not installed"):
        diff.main("main")


def test_link_in_a_revision_is_not_followed(capsys):
    write("toy-a", exact_match=FEW)
    paths.quality("toy", "toy-b").symlink_to("toy-a.json")
    commit("old")
    assert said(capsys, "old", "old").count("toy-") == 1


def test_broken_file_of_a_revision_is_named_by_its_place_in_the_revision():
    write("toy-a", exact_match=FEW)
    paths.quality("toy", "toy-a").write_text("{")
    commit("old")
    write("toy-a", exact_match=FEW)
    with pytest.raises(UserError, match="^old:metrics/quality/toy/toy-a.json:1: not JSON"):
        diff.main("old")
    with pytest.raises(UserError, match="^--limit few: expected a number"):
        diff.main("old", limit="few")


def test_command_starts_without_torch_and_helps():
    root = diff.__file__.rsplit("/stages/", 1)[0]
    code = "import stages.diff, sys; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True)
    command = [sys.executable, "-m", "stages.diff", "--help"]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == diff.__doc__.strip()
