"""What a report says of the test split and its looks, and of what its figures were made of."""

import subprocess

import pytest

from stages import looks, paths, records
from stages.command import UserError
from tests.reporting.pages import Page, section


def test_opened_test_split_names_the_arm_the_rule_and_the_looks(study):
    written, html = study.report()
    said = section(written, "Test split")
    assert "Opened for A, which won on dev by the declared rule (chrf: helped; " in said
    assert "hit_limit_rate: not hurt)." in said
    assert "Looks at this test split so far: 1, by 1 adapter." in said
    assert "Looks at this test split so far: 1, by 1 adapter." in html
    assert "Opened for A" in Page(html).text


def test_looks_count_on_with_each_adapter(study):
    study.train("toy-a", 7)
    study.run()
    written, html = study.report()
    for text in (written, html):
        assert "Looks at this test split so far: 2, by 2 different adapters." in text
    study.run()  # the same weights again are no new look
    assert "so far: 2, by 2 different" in study.report()[0]


def test_prompts_that_left_are_named_with_their_reason(study):
    study.run()
    file = paths.test_quality("toy")
    sent = {"render": "toy-chat", "why": "for <a closed model>", "at": "2026-11-28 10:00"}
    records.write_json(file, records.read_json(file) | {"sent_out": [sent]})
    written, html = study.report()
    said = "Its prompts left for a system outside"
    assert f"{said} (`toy-chat`): for " in section(written, "Test split")
    assert f"{said} (<code>toy-chat</code>): for &lt;a closed model&gt;." in html


def test_closed_test_split_says_why_and_keeps_its_looks(study):
    study.study["promote"] = {"metric": "exact_match"}
    study.run()
    written, html = study.report()
    said = section(written, "Test split")
    assert "Closed: nothing was promoted, so no arm has met these rows in this run." in said
    for arm in ("toy-a", "toy-b"):
        reason = f"{arm}: exact_match: no difference shown, the rule asks for helped"
        assert "- " + reason.replace("_", "\\_") in said and f"<li>{reason}</li>" in html
    assert "Looks at this test split so far: 1, by 1 adapter." in said
    assert "| metric" not in said and "Not promoted" not in written + html


def test_test_split_shows_no_row_of_it(study):
    written, html = study.report()
    rows = records.read(paths.split("toy", "test"))
    sheet = paths.report("toy-review", "csv").read_text(encoding="utf-8")
    assert not [row["id"] for row in rows if row["id"] in written + html + sheet]


def test_provenance_has_all_that_the_figures_were_made_of(study):
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "one"]):
        named = ["-c", "user.name=Toy", "-c", "user.email=toy@example.org"]
        subprocess.run(["git", *named, *command], check=True)
    commit = looks.commit()
    assert len(commit) == 40
    manifest = records.read_json(paths.manifest("toy", "dev", "v1"))
    manifest |= {"sha256": "d" * 64, "origins": ["here", "there"]}
    manifest["source"] = {"packages": {"django": {"version": "6.1"}, "nova": {"version": "34"}}}
    for split in ("train", "dev", "test"):
        records.write_json(paths.manifest("toy", split, "v1"), {**manifest, "split": split})
    training = records.read_json(paths.training("toy", "toy-a"))
    written, html = study.report()
    for found in (section(written, "Provenance"), html):
        for expected in (
            commit,
            training["adapter_sha256"],
            training["plan_sha256"],
            "torch 1.2.3",
            "peft 4.5.6",
            "0" * 64,  # the base
            "d" * 64,
            "dev v1: 4 rows",
            "from here, there only",
            "django 6.1, nova 34",
            "A (toy-a)",
        ):
            assert expected in found, expected


def test_arm_that_was_not_trained_has_no_adapter_to_name(study):
    written, _ = study.report()
    runs = [line for line in written.splitlines() if "adapter sha256" in line]
    assert [line.split(":")[0] for line in runs] == ["- A (toy-a)", "- B (toy-b)"]


def test_source_files_are_named_with_their_hashes(study):
    manifest = records.read_json(paths.manifest("toy", "dev", "v1"))
    files = {"own": {"path": "data/own_rows.jsonl", "sha256": "e" * 64}}
    manifest["source"] = {"kind": "tasks", "files": files}
    records.write_json(paths.manifest("toy", "dev", "v1"), manifest)
    written, html = study.report()
    said = section(written, "Provenance")
    assert f"- source own: data/own\\_rows.jsonl, sha256 `{'e' * 64}`" in said
    assert f"<li>source own: data/own_rows.jsonl, sha256 <code>{'e' * 64}</code></li>" in html


def test_manifest_without_its_rows_is_named(study):
    place = paths.manifest("toy", "dev", "v1")
    manifest = records.read_json(place)
    del manifest["rows"]
    records.write_json(place, manifest)
    with pytest.raises(UserError, match=f"{place}:rows: missing"):
        study.report()
