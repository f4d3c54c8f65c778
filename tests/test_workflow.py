"""The workflow on pull requests, step by step: in a clone as it finds one, with a `gh` of ours."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.conftest import ROOT, Project

WORKFLOWS = ROOT / ".github/workflows"
NAMES = sorted(path.name for path in WORKFLOWS.glob("*.yml"))
# What GitHub puts for the expressions in a step's `env` and `if`.
CONTEXT = {
    "github.base_ref": "main",
    "github.event.pull_request.number": "7",
    "github.token": "a token",
    "github.repository": "toy/toy",
    "github.event.pull_request.head.repo.full_name": "toy/toy",
}
# Instead of GitHub's own: it keeps what it was called with and the text to post.
GH = """#!/usr/bin/env bash
printf '%s\\n' "$GH_TOKEN" "$@" > "$RECORD/called"
while [ "$1" != --body-file ]; do shift; done
cp "$2" "$RECORD/body"
"""
FRESH, COMPARE, COMMENT = "Are the results those of the code?", "Compare with the base", "Comment"


def workflow(name: str) -> dict:
    return YAML(typ="safe", pure=True).load((WORKFLOWS / name).read_text())


def steps(name: str = "pull_request.yml") -> list[dict]:
    return [step for job in workflow(name)["jobs"].values() for step in job["steps"]]


@pytest.fixture(scope="module")
def origin(built, tmp_path_factory) -> Path:
    """A bare repository with the toy project's main, and a variant with its results on a branch."""
    folder = tmp_path_factory.mktemp("hosted")
    bare = folder / "origin.git"
    project = built.copy(folder / "project")
    project.run("git", "branch", "--move", "--force", "main")
    project.run("git", "init", "--quiet", "--bare", "--initial-branch", "main", str(bare))
    project.run("git", "remote", "add", "origin", str(bare))
    project.run("git", "push", "--quiet", "origin", "main")
    project.run("git", "switch", "--quiet", "--create", "variant")
    project.edit("params.yaml", "lr: 5.0e-3", "lr: 3.0e-6")
    project.run("dvc", "repro")
    project.commit("lr 3e-6")
    project.run("git", "push", "--quiet", "origin", "variant")
    return bare


@pytest.fixture
def checkout(origin, tmp_path) -> Project:
    """A clone without data or models, as on a runner; `make setup` finds its work done.

    Its .venv is this one by links, with a fresh mark: that is all that stands in for an install.
    """
    folder = tmp_path / "checkout"
    command = ["git", "clone", "--quiet", "--branch", "variant", str(origin), str(folder)]
    subprocess.run(command, check=True)
    environment = folder / ".venv"
    environment.mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.name != "ready":
            (environment / part.name).symlink_to(part)
    (environment / "ready").touch()
    gh = tmp_path / "stub/gh"
    gh.parent.mkdir()
    gh.write_text(GH)
    gh.chmod(0o755)
    return Project(folder)


def run(checkout: Project, context: dict[str, str] = CONTEXT) -> tuple[list[str], str]:
    """Run the workflow's commands in order up to one that fails: names of those done, output."""
    folder = checkout.folder.parent
    done, said = [], ""
    for step in steps():
        if "run" not in step or not holds(step.get("if"), context):
            continue
        environment = checkout.environment(
            GITHUB_STEP_SUMMARY=str(folder / "summary.md"),
            RECORD=str(folder),
            **{name: filled(value, context) for name, value in step.get("env", {}).items()},
        )
        environment["PATH"] = f"{folder / 'stub'}:{environment['PATH']}"
        script = folder / "step.sh"
        script.write_text(step["run"])
        ended = subprocess.run(
            ["bash", "-e", str(script)],
            cwd=checkout.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said += ended.stdout
        if ended.returncode:
            break
        done.append(step["name"])
    return done, said


def filled(value: str, context: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: context[found.group(1)], value)


def holds(condition: str | None, context: dict[str, str]) -> bool:
    if condition is None:
        return True
    left, right = condition.split(" == ")
    return context[left] == context[right]


def test_pull_request_gets_its_verdict_as_one_comment(checkout):
    done, said = run(checkout)
    assert done == ["Set up", FRESH, COMPARE, COMMENT], said
    folder = checkout.folder.parent
    assert (folder / "called").read_text().split("\n")[:4] == ["a token", "pr", "comment", "7"]
    called = (folder / "called").read_text().splitlines()[4:]
    assert called == ["--body-file", "verdict.md", "--edit-last", "--create-if-none"]
    body = (folder / "body").read_text()
    assert (folder / "summary.md").read_text() == body
    assert re.match(r"\*\*1 of 3 arms changed: .*\.\*\*\n", body), body
    assert re.search(r"\| chrF ↑ \| 16 \| [\d.]+ \| [\d.]+ \| [+−][\d.]+ \| \[.*\] \| ", body)
    verdicts = re.findall(r"\| (\*\*helped|\*\*hurt|no difference shown)\b.* \|$", body, re.M)
    assert verdicts and "- Unchanged: toy-pinned; toy-s0" in body
    quality, folded = body.split("<details>")
    assert "tokens/s" not in quality and "training: tokens/s (median)" in folded
    assert body.endswith("<!-- assay-diff -->\n")
    # Comparing leaves nothing behind that a later step could take for a change.
    assert checkout.run("git", "status", "--porcelain").split() == ["??", "verdict.md"]


@pytest.mark.parametrize(
    ("file", "old", "new", "stage"),
    [
        ("params.yaml", "lr: 3.0e-6", "lr: 3.0e-5", "plan"),
        ("metrics/quality/toy/toy-follows.json", '"n": 16', '"n": 17', "evaluate@toy-follows"),
        ("stages/model/generation.py", '"""', '"""Other code. ', "predict@toy-s0"),
    ],
)
def test_results_of_other_code_end_the_workflow_and_name_the_stage(checkout, file, old, new, stage):
    checkout.edit(file, old, new)
    done, said = run(checkout)
    assert done == ["Set up"]
    # Where a result was edited by hand, dvc misses the data to make it again, and says so.
    assert re.search(rf"^(Running stage|ERROR: failed to reproduce) '{stage}'", said, re.M), said
    assert "error: these results are not those of this code; run `dvc repro`" in said
    assert not (checkout.folder.parent / "body").exists()


def test_fork_has_its_verdict_in_the_summary_alone(checkout):
    fork = {"github.event.pull_request.head.repo.full_name": "fork/toy"}
    done, said = run(checkout, CONTEXT | fork)
    assert done == ["Set up", FRESH, COMPARE], said
    assert "chrF" in (checkout.folder.parent / "summary.md").read_text()
    assert not (checkout.folder.parent / "body").exists()


def test_hostile_branch_name_is_no_command(checkout):
    name = "x$(touch${IFS}pwned)`touch${IFS}pwned`"
    done, said = run(checkout, CONTEXT | {"github.base_ref": name})
    assert done == ["Set up", FRESH]
    assert f"error: origin/{name}: no such revision in this clone" in said
    assert not checkout.path("pwned").exists()


def test_make_fresh_shows_why_dvc_failed(checkout):
    checkout.path("dvc.yaml").write_text("stages: [")
    done, said = run(checkout)
    assert done == ["Set up"] and "dvc.yaml" in said


@pytest.mark.parametrize("name", NAMES)
def test_workflow_holds_no_expression_in_a_command(name):
    found = workflow(name)
    for step in steps(name):
        assert "${{" not in step.get("run", ""), f"{name}: {step}"
    assert found["permissions"]["contents"] == "read"
    assert all("timeout-minutes" in job for job in found["jobs"].values())
    assert "concurrency" in found


def test_base_is_there_to_compare_with():
    checkout = next(step for step in steps() if step.get("uses", "").startswith("actions/checkout"))
    assert checkout["with"]["fetch-depth"] == 0


def test_other_workflow_runs_what_a_developer_runs():
    commands = [step["run"] for step in steps("test.yml") if "run" in step]
    assert commands == [".ci/run"] and (ROOT / ".ci/run").stat().st_mode & 0o100
