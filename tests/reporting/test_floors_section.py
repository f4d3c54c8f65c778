"""What a report says of answers without a model: beside arms, in their section, as a warning."""

import copy
import random
import string
import subprocess

import pytest

from stages import paths, plan, records
from stages.reporting import data, floor_section, floors, machines
from stages.reporting.render import cell
from tests.reporting import study as toy
from tests.reporting.pages import MARKDOWN, OURS, Page, plain, section, shown, table
from tests.reporting.study import DECLARED, HACK, HOSTILE, Study

WORDS = ["".join(random.Random(n).choices(string.ascii_lowercase, k=24)) for n in range(16)]
TEXTS = [f"{word[:8]} {word[8:16]} {word[16:]}" for word in WORDS]
# A translation memory that knows the rows: half of each reference
MEMORY = [
    {"id": f"m{n:02}", "input": f"in {text}", "target": f"訳 {text[:16]}", "group": f"m{n:02}"}
    for n, text in enumerate(TEXTS)
]
GAINED = {
    "toy-s0": ["?"] * 16,
    "toy-a": [text[: 7 + n % 4] for n, text in enumerate(TEXTS)],
    "toy-b": ["!"] * 16,
}
SCORES = {"empty": 0.0, "copy": 10.416, "nearest": 39.3}
CLOSED = "Nothing was promoted, so the test split stays closed."
NEAREST = "looking up the nearest training row"
WON = "By chrF, giving one training answer every time is better than “S0, untouched”: "
WON += "a gain over it is worth nothing by itself"


@pytest.fixture
def below(tmp_path, monkeypatch):
    """A study whose arm A gained on its base, and less than a look-up has for nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(toy, "TRAIN", MEMORY)
    return Study(TEXTS, answers=GAINED)


def standing(unbeaten=(), ahead=(), skill=(-0.444, -0.47, -0.41), best="nearest", scores=SCORES):
    return {
        "beside": {floor: {"against_value": score} for floor, score in scores.items()},
        "best": best,
        "unbeaten": unbeaten,
        "ahead": ahead,
        "skill": dict(zip(("value", "low", "high"), skill, strict=True)),
    }


def at(study, arm="toy-a", metric="chrf"):
    """An arm's skill, and a floor's score with it, as they are shown."""
    found = study.compared["floors"]["arms"][arm][metric]
    value, low, high = (f"{found['skill'][side]:.2f}" for side in ("value", "low", "high"))
    skill = f"{value} [{low}, {high}]".replace("-", "−")
    return skill, f"({found['beside'][found['best']]['against_value']:.2f}"


LIMIT = {"empty": 0.0, "nearest": 0.25}


@pytest.mark.parametrize(
    ("metric", "found", "beside", "sentence"),
    [
        ("chrf", None, "", ""),
        ("chrf", standing(best=None), "", ""),
        ("chrf", standing(skill=(0.44, 0.41, 0.47)), "",
         f"and is better than every floor, the best being {NEAREST} "
         "(39.30; skill 0.44 [0.41, 0.47])"),
        ("chrf", standing(["nearest"], ["nearest"]), "worse than nearest (39.30)",
         f"but is worse than {NEAREST} (39.30; skill −0.44 [−0.47, −0.41]): don't ship it"),
        ("chrf", standing(["empty", "copy"]), "not above copy (10.42)",
         "but is not shown to be better than copying the input "
         "(10.42; skill −0.44 [−0.47, −0.41])"),
        # Of a floor that is shown better and a higher one that is not, the former
        ("chrf", standing(["copy", "nearest"], ["copy"]), "worse than copy (10.42)",
         "but is worse than copying the input (10.42; skill −0.44 [−0.47, −0.41]): don't ship it"),
        ("chrf", standing(["nearest"], skill=(None, None, None)), "not above nearest (39.30)",
         f"but is not shown to be better than {NEAREST} (39.30)"),
        ("chrf", standing(["nearest"], skill=(0.5, None, None)), "not above nearest (39.30)",
         f"but is not shown to be better than {NEAREST} (39.30; skill 0.50)"),
        ("chrf", standing(["dot"], ["dot"], scores={"dot": 1.0}), "worse than dot (1.00)",
         "but is worse than always giving the constant “dot” "
         "(1.00; skill −0.44 [−0.47, −0.41]): don't ship it"),
        ("hit_limit_rate", standing(["empty", "nearest"], ["empty", "nearest"], scores=LIMIT),
         "worse than empty (0.000)",
         "but is worse than saying nothing (0.000; skill −0.44 [−0.47, −0.41]): don't ship it"),
        ("hit_limit_rate", standing(skill=(1.0, 1.0, 1.0), best="empty", scores=LIMIT), "",
         "and is better than every floor, the best being saying nothing "
         "(0.000; skill 1.00 [1.00, 1.00])"),
    ],
)  # fmt: skip
def test_arm_beside_the_floors_in_a_cell_and_in_the_sentence(metric, found, beside, sentence):
    assert floors.beside(found, metric) == beside
    assert floors.sentence(found, metric, "helped") == sentence


@pytest.mark.parametrize(
    ("verdict", "above", "below"), [("helped", "and", "but"), ("hurt", "yet", "and")]
)
def test_sentence_fits_the_verdict_before_it(verdict, above, below):
    assert floors.sentence(standing(), "chrf", verdict).startswith(f"{above} is better than every")
    worse = standing(["nearest"], ["nearest"])
    assert floors.sentence(worse, "chrf", verdict).startswith(f"{below} is worse than")
    unclear = standing(["nearest"])
    assert floors.sentence(unclear, "chrf", verdict).startswith(f"{below} is not shown to be")


def test_nobody_is_told_what_not_to_ship_where_floors_are_waived():
    worse = standing(["nearest"], ["nearest"])
    assert floors.sentence(worse, "chrf", "helped").endswith("]): don't ship it")
    assert floors.sentence(worse, "chrf", "helped", "The reason.").endswith("−0.41])")


@pytest.mark.parametrize(
    ("metric", "unbeaten", "ahead", "scores", "expected"),
    [
        ("chrf", ["empty", "copy", "nearest"], [], SCORES, "nearest"),
        ("chrf", ["empty", "copy", "nearest"], ["empty", "copy"], SCORES, "copy"),
        ("hit_limit_rate", ["empty", "nearest"], [], LIMIT, "empty"),
    ],
)
def test_strongest_floor_is_on_the_better_side(metric, unbeaten, ahead, scores, expected):
    assert floors.strongest(standing(unbeaten, ahead, scores=scores), metric) == expected


@pytest.mark.parametrize(
    ("skill", "expected"),
    [
        ((None, None, None), "–"),
        ((0.964, None, None), "0.96"),
        ((-0.444, -1.2, 0.051), "−0.44 [−1.20, 0.05]"),
    ],
)
def test_skill_has_its_interval_where_there_is_one(skill, expected):
    assert floors.skill(standing(skill=skill)["skill"]) == expected


def test_arm_that_gained_and_is_below_a_floor_is_said_to_be_so_and_not_promoted(below):
    found = below.compared["arms"]["toy-a"]["metrics"]["chrf"]
    skill, nearest = at(below)
    assert found["verdict"] == "helped" and skill.startswith("−")
    written, html = below.report()
    said = written.splitlines()[2]
    assert said.startswith("**“A” helped: chrF ")
    assert said.endswith(
        cell(f", but is worse than {NEAREST} {nearest}; skill {skill}): don't ship it. {CLOSED}")
        + "**"
    )
    first = Page(html.split("</strong>")[0].split('<p class="verdict">')[1]).text
    assert f"**{cell(first)}**" == said
    line = next(row for row in table(written, "Verdicts on dev") if row[0] == "chrF ↑")
    assert line[3].endswith(f") **helped**, worse than nearest {nearest})")
    assert "worse than" not in line[2] + line[4]  # the base itself, and an arm that did not gain
    marked = f'helped</span> <span class="floor">worse than nearest {nearest})</span>'
    assert html.split('<section id="verdicts-on-dev">')[0].count(marked) == 1
    cells = [plain(text) for text in Page(below.index()).cells]
    assert first in cells and skill in cells
    assert "Ship none of these arms: looking up the nearest training row does better." in cells


def test_arm_below_a_floor_is_promoted_only_where_floors_are_waived(below):
    reason = "toy-a: chrf: not shown to be better than the floors nearest"
    assert records.read_json(paths.promotion("toy"))["arm"] is None
    assert not (paths.promoted("toy") / "toy-a").exists() and not paths.looks("toy").read_text()
    for text in below.report():
        assert reason in text
    below.study["promote"]["waive_floors"] = f"There is no memory in use. {HACK}"
    below.run()
    assert records.read_json(paths.promotion("toy"))["arm"] == "toy-a"
    assert (paths.promoted("toy") / "toy-a").exists()
    written, html = below.report()
    for text in (shown(written), Page(html)):
        said = plain(text.text)
        assert said.count(f"but is worse than {NEAREST}") == 2 and "don't ship it" not in said
        assert f"an arm may be promoted below the floors: There is no memory in use. {HACK}" in said
    (line,) = [row for row in table(written, "Test split") if row[0] == "chrF ↑"]
    assert f"**helped**, worse than nearest {at(below)[1]})" in line[3]
    assert table(written, "Floors on test")[0] == table(written, "Floors")[0]


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A study with constants of its own, one of them hostile."""
    monkeypatch.chdir(tmp_path)
    declared = copy.deepcopy(DECLARED)
    declared["study"]["toy"]["floors"] |= {"dot": {"constant": "."}, "hack": {"constant": HACK}}
    return Study(TEXTS, declared)


def test_floors_have_a_section_with_their_scores_and_notes(own):
    written, html = own.report()
    head, *rows = table(written, "Floors")[:5]
    names = ["empty", "constant", "nearest", "dot", "hack", "reference"]
    assert head == ["metric", "n", *names]
    quality = records.read_json(paths.floor_quality("toy"))
    assert [row[0] for row in rows] == ["chrF ↑", "exact match ↑", "length ratio",
                                        "hit length limit ↓"]  # fmt: skip
    for name, found in zip(names, rows[0][2:], strict=True):
        value = f"{quality[name]['chrf']['value']:.2f}"
        if name != "reference":
            compared = own.compared["floors"]["metrics"][name]["chrf"]
            bounds = f"[{compared['low']:+.2f}, {compared['high']:+.2f}]"
            verdict = compared["verdict"]
            verdict = f"**{verdict}**" if verdict in ("helped", "hurt") else verdict
            value = f"{value} ({compared['delta']:+.2f} {bounds}) {verdict}"
        assert found == value.replace("-", "−")
    heads = "".join(f'<th scope="col">{name}</th>' for name in head)
    assert f"<thead><tr>{heads}</tr></thead>" in html
    _, *skills = table(written, "Floors")[5:]
    assert skills[1][:2] == ["chrF ↑", f"hack {at(own)[1]})"]  # by chance the best of them
    assert skills[1][3] == cell(at(own)[0])
    notes = [line[2:] for line in section(written, "Floors").splitlines() if line[:2] == "- "]
    said = [note for note in data.gather(own.plan)["floors"]["notes"] if "beat" not in note]
    assert said == [
        "constant: always “0 out of train”, the most frequent train target (of equals the most "
        "typical)",
        "dot: always “.”",
        f"hack: always “{HACK[:39]}…”",
        "nearest: the target of the most similar of 3 train inputs, by the cosine of character "
        "3-gram counts, without regard to case and width",
        "no copy: The input holds what the reference says.",
    ]
    assert notes[:5] == [cell(note) for note in said]
    flags = floor_section.flagged(own.compared["floors"], data.gather(own.plan)["arms"], names)
    assert notes[5:] == [cell(note) for note in flags]


def test_what_floors_say_is_text(own):
    """The study file's words, and a constant that is a training row's."""
    card = paths.kept("toy", paths.floors("toy"), "floors.json")
    constants = {f"h{n:02}": text for n, text in enumerate(HOSTILE)}
    records.write_json(card, {**records.read_json(card), "constants": constants})
    plan = own.plan
    plan["floors"] |= {"left_out": {"copy": HACK}, "waived": "\n".join(HOSTILE)}
    plan["floors"] |= {"shown": [*plan["floors"]["shown"], *constants], "own": [*constants]}
    records.write_json(paths.plan("report", "toy"), plan)
    written, html = own.report()
    assert set(Page(html).tags) <= OURS and set(shown(written).tags) <= MARKDOWN
    for page in (Page(html), shown(written)):
        assert not [name for _, name, _ in page.attributes if name.startswith("on")]
        assert not [v for _, name, v in page.attributes if name == "href" and "(" in v]
        text = plain(page.text)
        for name, constant in constants.items():
            assert f"{name}: always “{floor_section.shortened(constant)}”" in text
        assert f"no copy: {HACK}" in text
        assert f"an arm may be promoted below the floors: {plain(' '.join(HOSTILE))}" in text
    notes = [line for line in section(written, "Floors").splitlines() if line[:2] == "- "]
    assert len(notes) == len(constants) + 3 + len(own.compared["floors"]["won"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\n b", "a b"), ("x" * 40, "x" * 40), ("x" * 41, "x" * 39 + "…"), ("", "")],
)
def test_constant_is_shown_on_one_line_and_not_whole(text, expected):
    assert floor_section.shortened(text) == expected


ARMS = {"toy-s0": {"title": "S0"}}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"won": {}, "short_of_best": {}}, []),
        ({"won": {"chrf": {"constant": 7.453, "copy": 12.0}}, "short_of_best": {}},
         ["chrF: copy 12.00, constant 7.45 beat “S0”, so that a gain over it is worth nothing by "
          "itself"]),
        ({"won": {"chrf": {"copy": 12.0}}, "short_of_best": {}},
         ["chrF: copy 12.00 beats “S0”, so that a gain over it is worth nothing by itself"]),
        ({"won": {}, "short_of_best": {"chrf": {"value": 99.123456, "best": 100.0}}},
         ["chrF: the reference itself scores 99.12 of 100, so the metric or the data is wrong"]),
    ],
)  # fmt: skip
def test_metrics_that_say_little_are_flagged(found, expected):
    against = {**found, "against": "toy-s0"}
    assert floor_section.flagged(against, ARMS, ["copy", "constant"]) == expected


@pytest.mark.parametrize(
    ("won", "expected"),
    [
        ({}, []),
        ({"exact_match": {"copy": 1.0}}, []),
        ({"chrf": {"dot": 1.0}},
         ["By chrF, always giving the constant “dot” is better than “S0”: a gain over it is worth "
          "nothing by itself"]),
        ({"chrf": {"dot": 1.0, "copy": 2.0}},
         ["By chrF, copying the input and always giving the constant “dot” are better than “S0”: "
          "a gain over it is worth nothing by itself"]),
    ],
)  # fmt: skip
def test_headline_that_is_won_by_nothing_is_warned_of(won, expected):
    found = {"won": won, "against": "toy-s0"}
    assert floor_section.headline_is_trivial(found, "chrf", ARMS, ["copy", "dot"]) == expected


def test_warning_stands_above_the_figures_while_the_base_is_worse_than_a_constant(below):
    written, html = below.report()
    assert f"> **{cell(WON)}**" in written.split("\n## ")[0]
    assert f'<p class="warning"><strong>{WON}</strong></p>' in html.split("<section")[0]
    below.answer("toy-s0", [text[:12] for text in TEXTS])
    below.run()
    assert not [text for text in below.report() if "is better than “S0, untouched”" in text]


@pytest.mark.parametrize("publish", ["all", "sample", "none"])
def test_rows_are_published_as_the_study_says(tmp_path, monkeypatch, publish):
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "--quiet"], check=True)
    mark = paths.kept_rows("toy").with_name(".gitignore")
    records.write_text(mark, plan.PRIVATE if publish == "all" else "")  # as another setting left it
    declared = copy.deepcopy(DECLARED)
    declared["study"]["toy"]["publish"] = publish
    study = Study(TEXTS, declared)
    written, html = study.report()
    index, sheet = study.index(), paths.report("toy-review", "csv").read_text(encoding="utf-8")
    rows, answers = study.examples["dev"], study.given["dev", "toy-b"]
    texts = [row[field] for row in rows for field in ("input", "target")]
    texts += [answer["text"] for answer in answers] + TEXTS
    assert len([row for row in rows if f"**{row['id']}**" in written]) == 16 * (publish != "none")
    for page in (written, html):
        assert ([text for text in texts if text in page] == []) == (publish == "none")
        assert ("\n## Samples\n" in written) == ("<h2>Rows</h2>" in html) == (publish != "none")
        found = "\n## Review sheet\n" in written, "<h2>Review sheet</h2>" in html
        assert found == (publish == "all",) * 2
        assert ("Rows of this study are" in page) == (publish != "all")
        assert ("toy-review.csv" in page) == (publish == "all")
    assert (sheet.count("\n") == 1) == (publish != "all")
    assert not [text for text in texts if text in index or (publish != "all" and text in sheet)]
    how = {"sample": "shown as a sample", "none": "not shown"}.get(publish)
    if how:
        said = f"Rows of this study are {how}: its file says"
        assert f"{said} `publish: {publish}`." in written
        assert f"{said} <code>publish: {publish}</code>." in html
    # What git would take along
    assert mark.exists() == (publish != "all")
    taken = ["git", "status", "--porcelain", "--untracked-files=all", "data/answers"]
    listed = subprocess.run(taken, check=True, capture_output=True, text=True).stdout
    assert ("data/answers/toy/dev.jsonl" in listed) == bool(listed) == (publish == "all")


def test_shield_goes_and_comes_with_the_setting(below):
    mark = paths.kept_rows("toy").with_name(".gitignore")
    for publish in ("none", "all", "sample", "all"):
        plan.shield({("report", "toy"): {"publish": publish}})
        assert mark.exists() == (publish != "all")
        assert publish == "all" or mark.read_text() == plan.PRIVATE


@pytest.mark.parametrize("publish", ["sample", "none"])
def test_study_that_does_not_publish_its_rows_shows_no_training_row(below, publish):
    below.study["publish"] = publish
    # Not the beginning of a reference, which a sample may show
    memory = [{**row, "target": f"{n} of memory"} for n, row in enumerate(MEMORY)]
    below.examples["train"] = memory
    records.write(paths.split("toy", "train"), memory)
    below.run()
    assert not [page for page in (*below.report(), below.index()) if "of memory" in page]


CPU = {"processor": "Xeon (model 85)", "instruction_set": "AVX512", "threads": 2}
GPU = {"processor": f"H100 {HACK}", "instruction_set": "CUDA 9.0", "threads": 1}
OTHER = {**CPU, "instruction_set": "AVX2"}
OLDER = {"processor": "Xeon (model 85), 2 threads"}
X, Y = "Xeon (model 85), AVX512, 2 threads", f"H100 {HACK}, CUDA 9.0, 1 thread"
Z = "Xeon (model 85), AVX2, 2 threads"
X3 = "Xeon (model 85), AVX512, 3 threads"


@pytest.mark.parametrize(
    ("machined", "expected"),
    [
        ({}, ""),
        ({"toy-s0": CPU, "toy-a": CPU, "toy-b": CPU}, ""),
        ({"toy-s0": {}, "toy-a": CPU, "toy-b": {"measured": False}}, ""),
        ({"toy-s0": OLDER, "toy-a": OLDER}, ""),
        ({"toy-s0": CPU, "toy-a": GPU, "toy-b": CPU}, f"{Y}; {X}"),
        ({"toy-s0": CPU, "toy-a": OTHER}, f"{Z}; {X}"),
        (
            {"toy-s0": CPU, "toy-a": {**CPU, "threads": 3}},
            f"{X}; {X3}",
        ),
    ],
)
def test_answers_from_different_machines_are_warned_of(machined, expected):
    said = f"The arms' answers come from different machines ({expected}), which round differently: "
    warned = [said + "enough to move a score"] if expected else []
    assert machines.elsewhere(machined) == warned


def test_machines_are_shown_and_warned_of_above_the_figures(study):
    for arm, machine in {"toy-s0": CPU, "toy-a": GPU, "toy-b": CPU}.items():
        cost = {"latency_p50_s": 1.25, "computed_in": "bfloat16", **machine}
        records.write_json(paths.prediction_cost("toy", arm), cost)
        training = paths.training_log("toy", arm) / "training.json"
        if arm != "toy-s0":
            records.write_json(training, records.read_json(training) | machine)
    study.run()
    written, html = study.report()
    assert table(written, "Training")[-1] == ["trained on", "–", cell(Y), X]
    assert table(written, "Cost")[-2:] == [
        ["computed in", *["bfloat16"] * 3],
        ["on", X, cell(Y), X],
    ]
    assert set(Page(html).tags) <= OURS and [plain(c) for c in Page(html).cells].count(Y) == 2
    (warned,) = machines.elsewhere({"toy-a": CPU, "toy-b": GPU})
    assert f"> **{cell(warned)}**" in written.split("\n## ")[0]
    assert warned in map(plain, Page(html.split("<section")[0]).cells)
