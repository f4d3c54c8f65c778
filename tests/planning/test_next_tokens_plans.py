"""Plans of next tokens: what is in them, whom they touch, what is refused."""

from pathlib import Path

import pytest

from stages import plan, records
from stages.command import UserError
from stages.plans import load_plan
from tests.planning.files import ARM, STUDIES, changed, planned

FILE = "studies/toy.yaml"
PROMPTS = '{"id": "p", "instruction": "Say it.", "answer": "Hello.", "seen": false}\n'


@pytest.fixture
def switch(project):
    """Gives a function that reads next tokens of some arms, by settings of the study."""
    Path("prompts.jsonl").write_text(PROMPTS)

    def switched(arms=("toy-pinned",), **settings):
        settings = {"prompts": "prompts.jsonl", **settings}
        project(FILE, "study", "toy", "next_tokens", settings)
        project(FILE, "next_tokens", {name: STUDIES["arms"].get(name, ARM) for name in arms})

    return switched


def test_plan_has_what_decides_them_and_the_report_knows_of_them(switch):
    before = planned()
    switch(rows=7)
    assert changed(before, planned()) == {"next_tokens/toy-pinned", "report/toy"}
    found = load_plan("next_tokens", "toy-pinned")
    assert set(found.pop("pins")) == {"torch", "transformers", "peft", "bitsandbytes"}
    sha256 = records.file_digest(Path("prompts.jsonl"))
    assert found == {
        "arm": "toy-pinned",
        "study": "toy",
        "base": "tiny",
        "render": "toy-chat",
        "next_tokens": {"prompts": "prompts.jsonl", "rows": 7, "seed": 42, "sha256": sha256},
        "asked": {"study": "toy", "format": "chat", "instruction": "Translate."},
        "quantize": "none",
        "precision": "auto",
        "decode": load_plan("predict", "toy-pinned")["decode"],
    }
    reported = load_plan("report", "toy")["next_tokens"]
    assert reported == {"arms": ["toy-pinned"], "metrics": {"chrf": {}}}


def test_settings_alone_change_no_plan_and_other_prompts_change_one(switch):
    before = planned()
    switch(arms=())
    assert changed(before, planned()) == set()
    switch()
    before = planned()
    Path("prompts.jsonl").write_text(PROMPTS * 2)
    assert changed(before, planned()) == {"next_tokens/toy-pinned"}


# what the study file says, how the error goes on
REFUSED = [
    (("next_tokens", {"toy-s9": ARM}), ": unknown 'toy-s9'. Did you mean 'toy-s0'? Known: "),
    (("next_tokens", {"toy-pinned": ARM}), ".toy-pinned: differs from arms.toy-pinned; write `toy"),
    (
        ("next_tokens", {"toy-s0": STUDIES["arms"]["toy-s0"]}),
        ".toy-s0: method none leaves no adapter to switch off; leave the arm out",
    ),
    (
        ("study", "toy", "next_tokens", None),
        ".toy-pinned: study.toy has no settings `next_tokens:`",
    ),
    (
        ("study", "toy", "next_tokens", {"prompts": "gone.jsonl"}),
        ".toy-pinned: study.toy.next_tokens.prompts: no such file 'gone.jsonl'",
    ),
    (
        ("study", "toy", "instruction", None),
        ".toy-pinned: study.toy has no instruction for all its rows, so a listed prompt can't",
    ),
]


@pytest.mark.parametrize(("change", "said"), REFUSED)
def test_mistake_is_told_in_one_line(switch, project, change, said):
    switch()
    project(FILE, *change)
    with pytest.raises(UserError) as raised:
        plan.main()
    assert str(raised.value).startswith(f"{FILE}: next_tokens{said}")
