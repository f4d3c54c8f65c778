"""Validate: what must stop the pipeline before step 1, with the rows that are to blame."""

import pytest
from tokenizers import Regex, Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from stages import paths, records, render, validate
from stages.command import UserError

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
ARM = {
    "render": "toy-chat",
    "loss_on": "completion",
    "max_length": 100,
    "max_truncated_share": 0.0,
    "max_steps": 10,
    "batch_size": 2,
    "gradient_accumulation": 1,
    "schedule": "constant",
    "warmup_steps": 0,
}
SPLITS = {
    "train": [("t1", "hello"), ("t2", "hello there"), ("t3", "hello hello there there")],
    "dev": [("d1", "there"), ("d2", "there there")],
}
SHOTS = {"count": 1, "choose": "nearest"}
PROMPT = 15  # tokens of t1's prompt; each further word and the space before it are two more


def save_tokenizer(folder, **special):
    """A tokenizer of words, spaces and line feeds, with a ChatML template."""
    words = ["<unk>", "<|im_start|>", "<|im_end|>", "<pad>", " ", "\n", "hello", "there", "ハロー"]
    tokenizer = Tokenizer(models.WordLevel({w: n for n, w in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\s|\S+"), behavior="isolated")
    special = {"eos_token": "<|im_end|>", "pad_token": "<pad>", **special}
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", **special)
    fast.add_special_tokens({"additional_special_tokens": ["<|im_start|>", "<|im_end|>"]})
    fast.chat_template = CHATML
    fast.save_pretrained(folder)


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A sound study up to rendering; gives a function that sets the arms' knobs, and what the
    chat takes of the training rows."""
    monkeypatch.chdir(tmp_path)
    save_tokenizer(paths.base("tiny"))
    for split, rows in SPLITS.items():
        examples = [
            {"id": key, "input": text, "target": "ハロー", "origin": "x", "group": key}
            | {"category": "long" if len(text) > 11 else "short"}
            for key, text in rows
        ]
        records.write(paths.split("toy", split), examples)
    for name in ("chat", "alpaca"):
        plan = {"study": "toy", "format": name, "instruction": "Translate."}
        records.write_json(paths.plan("render", f"toy-{name}"), plan)
        render.main(f"toy-{name}")

    def arms(take=None, **knobs):
        plan = {
            "study": "toy",
            "base": "tiny",
            "renders": {name: {} for name in ("toy-alpaca", "toy-chat")}
            | ({"toy-chat": {"take": take}} if take else {}),
            "arms": knobs,
        }
        records.write_json(paths.plan("validate", "toy"), plan)

    arms(**{"toy-sft": ARM})
    return arms


def refused(said):
    """Run validate; it must fail with this and write nothing."""
    with pytest.raises(UserError) as raised:
        validate.main("toy")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not paths.validated("toy", "toy-chat").exists() and not paths.audit("toy").exists()


def edit(path, change):
    records.write(path, change(records.read(path)))


def test_sound_data_passes_and_is_counted(study):
    study(**{"toy-sft": ARM, "toy-all": {**ARM, "loss_on": "all"}})
    validate.main("toy")
    arms = records.read_json(paths.audit("toy"))["arms"]
    tokens = 3 * (PROMPT + 2) + 2 + 6
    counted = arms["toy-sft"]["audit"]
    assert (counted["rows"], counted["tokens"], counted["supervised_tokens"]) == (3, tokens, 3 * 2)
    assert (counted["dropped"], counted["truncated"], counted["teaches_stop"]) == (0, 0, 3)
    # With the loss on all, every token but each row's first is supervised.
    assert arms["toy-all"]["audit"]["supervised_tokens"] == tokens - 3
    assert arms["toy-sft"]["preflight"]["epochs"] == round(20 / 3, 3)
    assert arms["toy-sft"]["longest_dev_prompt"] == PROMPT + 2
    assert arms["toy-sft"]["lengths"] == {"32": 3}


def test_knobs_of_an_arm_leave_the_file_that_training_depends_on(study):
    validate.main("toy")
    before = paths.validated("toy", "toy-chat").read_bytes()
    study(**{"toy-sft": {**ARM, "max_steps": 99}, "toy-more": {**ARM, "loss_on": "all"}})
    validate.main("toy")
    assert paths.validated("toy", "toy-chat").read_bytes() == before
    assert records.read_json(paths.audit("toy"))["arms"]["toy-sft"]["preflight"]["epochs"] == 66.0


def test_file_that_training_depends_on_follows_its_own_train_rows_alone(study):
    validate.main("toy")
    kept, changed = (paths.validated("toy", f"toy-{name}") for name in ("chat", "alpaca"))
    before = kept.read_bytes(), changed.read_bytes()
    for split in ("dev", "train"):
        edit(
            paths.rendered("toy", "toy-alpaca", split),
            lambda rows: [{**rows[0], "prompt": "other"}, *rows[1:]],
        )
        validate.main("toy")
        assert kept.read_bytes() == before[0]
        assert (changed.read_bytes() != before[1]) == (split == "train")


def test_study_of_untouched_bases_alone_passes(study):
    study()
    validate.main("toy")
    assert records.read_json(paths.audit("toy"))["arms"] == {}


# max_length, allowed share of cut rows, what is said
TOO_SHORT = [
    (
        PROMPT,
        1.0,
        "toy-sft (loss on completion): 3 of 3 rows have no supervised token (t1, t2, t3)",
    ),
    (PROMPT + 2, 1.0, "2 of 3 rows have no supervised token (t2, t3)"),
    (PROMPT + 3, 1.0, "1 of 3 rows have no supervised token (t3)"),
    (PROMPT + 7, 0.0, "1 of 3 rows are cut at max_length (t3)"),
]


@pytest.mark.parametrize(("max_length", "share", "said"), TOO_SHORT)
def test_prompts_that_fill_max_length_are_refused_by_id(study, max_length, share, said):
    study(**{"toy-sft": {**ARM, "max_length": max_length, "max_truncated_share": share}})
    refused(said)


def test_cut_rows_pass_where_they_are_allowed_and_are_counted(study):
    study(**{"toy-sft": {**ARM, "max_length": PROMPT + 7, "max_truncated_share": 0.34}})
    validate.main("toy")
    counted = records.read_json(paths.audit("toy"))["arms"]["toy-sft"]["audit"]
    assert (counted["truncated"], counted["dropped"], counted["teaches_stop"]) == (1, 0, 2)


def test_every_arm_is_checked(study):
    study(**{"toy-sft": ARM, "toy-short": {**ARM, "max_length": 5}})
    refused("toy: toy-short (loss on completion): 3 of 3 rows have no supervised token")


def test_template_that_ends_in_another_token_than_eos_is_refused(study):
    save_tokenizer(paths.base("tiny"), eos_token="<pad>")
    refused("3 of 3 rows do not end in a supervised stop token (t1, t2, t3)")


def test_pad_token_that_equals_eos_still_teaches_to_stop(study):
    save_tokenizer(paths.base("tiny"), pad_token="<|im_end|>")
    validate.main("toy")
    counted = records.read_json(paths.audit("toy"))["arms"]["toy-sft"]["audit"]
    assert (counted["teaches_stop"], counted["supervised_tokens"]) == (3, 6)


# which rows of the rendered train split are left, and what is said
OUT_OF_STEP = [
    ([0, 1], "missing ['t3'], extra [], repeated []"),
    ([0, 1, 1], "missing ['t3'], extra [], repeated ['t2']"),
    ([0, 1, 2, 2], "missing [], extra [], repeated ['t3']"),
    ([1, 0, 2], "missing [], extra [], repeated []"),
]


@pytest.mark.parametrize(("kept", "said"), OUT_OF_STEP)
@pytest.mark.parametrize("name", ["toy-alpaca", "toy-chat"])
def test_rendered_rows_out_of_step_with_the_split_are_refused(study, name, kept, said):
    path = paths.rendered("toy", name, "train")
    edit(path, lambda rows: [rows[n] for n in kept])
    refused(f"{path}: ids do not match the split: {said}")


def test_render_that_takes_some_rows_is_held_to_them(study):
    path = paths.rendered("toy", "toy-chat", "train")
    study(take={"short": 2}, **{"toy-sft": ARM})
    refused(f"{path}: ids do not match the split: missing [], extra ['t3'], repeated []")
    edit(path, lambda rows: rows[:2])
    validate.main("toy")
    assert records.read_json(paths.audit("toy"))["arms"]["toy-sft"]["audit"]["rows"] == 2
    study(take={"short": 1, "long": 1}, **{"toy-sft": ARM})
    said = "ids do not match the split: missing ['t3'], extra ['t2'], repeated []"
    with pytest.raises(UserError) as raised:
        validate.main("toy")
    assert said in str(raised.value)


def test_more_rows_to_take_than_there_are_is_refused(study):
    study(take={"short": 3}, **{"toy-sft": ARM})
    refused("renders.toy-chat: take: 3 rows of 'short', but the train split has 2; it has long 1")


def test_ways_in_which_arms_differ_are_written_and_said(study, caplog):
    study(**{"toy-sft": ARM, "toy-again": {**ARM, "max_steps": 9}})
    validate.main("toy")
    assert records.read_json(paths.audit("toy"))["differences"] == []
    assert not caplog.records
    study(**{"toy-sft": ARM, "toy-all": {**ARM, "loss_on": "all"}})
    validate.main("toy")
    loss, tokens = records.read_json(paths.audit("toy"))["differences"]
    assert loss == "the loss falls on all in toy-all; the loss falls on completion in toy-sft"
    assert tokens.startswith("supervised tokens per row go from 2.0 (toy-sft) to ")
    warned = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert warned == [f"toy: {loss}", f"toy: {tokens}"]


def test_unknown_rendered_row_is_refused(study):
    path = paths.rendered("toy", "toy-chat", "dev")
    edit(path, lambda rows: [*rows, {**rows[0], "id": "x9"}])
    refused(f"{path}: ids do not match the split: missing [], extra ['x9'], repeated []")


def test_train_and_dev_rows_of_one_group_are_refused_as_pairs(study):
    edit(paths.split("toy", "dev"), lambda rows: [{**rows[0], "group": "t2"}, rows[1]])
    refused("toy: leakage between train and dev: t2 ~ d1")


# a file, how it is damaged, what is said
DAMAGED = [
    (paths.split("toy", "train"), lambda t: t[:-20], "data/splits/toy/train.jsonl:3: not JSON"),
    (paths.split("toy", "dev"), lambda t: "", "data/splits/toy/dev.jsonl: the file has no rows"),
    (
        paths.split("toy", "train"),
        lambda t: t.replace('"group"', '"grp"'),
        "data/splits/toy/train.jsonl:1:group: missing",
    ),
    (
        paths.rendered("toy", "toy-chat", "dev"),
        lambda t: t.replace('"id": "d2"', '"id": 2'),
        "data/rendered/toy/toy-chat/dev.jsonl:2:id: expected str, found int",
    ),
]


@pytest.mark.parametrize(("path", "damage", "said"), DAMAGED)
def test_damaged_file_is_named(study, path, damage, said):
    path.write_text(damage(path.read_text()))
    refused(said)


def test_share_of_prompts_that_have_the_form_of_those_asked(study):
    study(**{"toy-sft": ARM})
    validate.main("toy")
    assert records.read_json(paths.audit("toy"))["arms"]["toy-sft"]["asked_alike"] == 1.0
    for name, share in (("chat", 1.0), ("alpaca", 0.0)):
        settings = {"instruction": "Translate.", "asked_in": "chat"}
        rows = records.read(paths.rendered("toy", f"toy-{name}", "train"))
        examples = records.read(paths.split("toy", "train"))
        assert validate.asked_alike(rows, examples, examples, settings) == share


def test_form_of_what_is_asked_counts_its_examples_and_its_share_of_a_mixture(study):
    options = {
        "formats": {"shares": {"chat": 0.34, "alpaca": 0.66}, "seed": 1},
        "shots": SHOTS,
    }
    settings = {"study": "toy", "instruction": "Translate.", "asked_in": "chat", **options}
    records.write_json(paths.plan("render", "toy-mixed"), settings)
    render.main("toy-mixed")
    rows = records.read(paths.rendered("toy", "toy-mixed", "train"))
    examples = records.read(paths.split("toy", "train"))
    assert validate.asked_alike(rows, examples, examples, settings) == round(1 / 3, 4)
    more = {**settings, "shots": {**SHOTS, "count": 2}}
    assert validate.asked_alike(rows, examples, examples, more) == 0
    plan = {"study": "toy", "base": "tiny", "renders": {"toy-mixed": settings}}
    plan["arms"] = {"toy-sft": {**ARM, "render": "toy-mixed"}}
    records.write_json(paths.plan("validate", "toy"), plan)
    validate.main("toy")
    assert records.read_json(paths.audit("toy"))["arms"]["toy-sft"]["asked_alike"] == 0.3333


@pytest.fixture
def corrected(study):
    """The first two train rows have two references; a render `toy-pairs` trains on them all."""

    def twice(rows):
        both = ["ハロー", "hello"]
        return [{**row, "references": both} if row["id"] != "t3" else row for row in rows]

    edit(paths.split("toy", "train"), twice)
    settings = {"study": "toy", "format": "chat", "instruction": "Translate.", "asked_in": "chat"}
    settings["every_reference"] = True
    records.write_json(paths.plan("render", "toy-pairs"), settings)
    render.main("toy-pairs")
    plan = {"study": "toy", "base": "tiny", "renders": {"toy-chat": {}, "toy-pairs": settings}}
    plan["arms"] = {"toy-sft": ARM, "toy-every": {**ARM, "render": "toy-pairs"}}
    records.write_json(paths.plan("validate", "toy"), plan)
    return paths.rendered("toy", "toy-pairs", "train")


def test_every_reference_is_audited_as_a_row_of_its_own(corrected):
    validate.main("toy")
    written = records.read_json(paths.audit("toy"))
    one, every = written["arms"]["toy-sft"], written["arms"]["toy-every"]
    assert (one["audit"]["rows"], every["audit"]["rows"]) == (3, 5)
    assert (one["preflight"]["epochs"], every["preflight"]["epochs"]) == (round(20 / 3, 3), 4.0)
    assert every["audit"]["teaches_stop"] == 5 and every["asked_alike"] == 1.0
    assert (
        "there are 5 training rows in toy-every; there are 3 training rows in toy-sft"
        in (written["differences"])
    )
    rows = records.read(corrected)
    assert [row["id"] for row in rows] == ["t1", "t1-2", "t2", "t2-2", "t3"]
    checked = records.read_json(paths.validated("toy", "toy-pairs"))
    assert checked == {"train": records.digest(rows)}


def test_reference_that_was_lost_or_repeated_is_refused(corrected):
    whole = records.read(corrected)
    edit(corrected, lambda rows: [row for row in rows if row["id"] != "t2-2"])
    refused(f"{corrected}: ids do not match the split: missing ['t2-2'], extra [], repeated []")
    records.write(corrected, [*whole, whole[1]])
    refused(f"{corrected}: ids do not match the split: missing [], extra [], repeated ['t1-2']")


def test_reference_that_teaches_nothing_is_named_by_its_own_id(corrected):
    plan = records.read_json(paths.plan("validate", "toy"))
    plan["arms"] = {"toy-every": {**ARM, "render": "toy-pairs", "max_length": PROMPT}}
    records.write_json(paths.plan("validate", "toy"), plan)
    refused("toy-every (loss on completion): 5 of 5 rows have no supervised token (t1, t1-2, t2, ")
