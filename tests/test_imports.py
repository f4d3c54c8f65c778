"""What the stages import: nothing slow that they have no use for, nothing that DVC can't see."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from stages.methods import METHODS

ROOT = Path(__file__).parent.parent
STAGES = YAML(typ="safe", pure=True).load((ROOT / "dvc.yaml").read_text())["stages"]

# Plumbing: it moves values but decides none, and as a dependency it would re-run everything.
PLUMBING = {
    "stages/__init__.py",
    "stages/looks.py",
    "stages/command.py",
    # Whatever it fetches is held to a hash
    "stages/downloads.py",
    "stages/faults.py",
    "stages/lock.py",
    "stages/machine.py",
    "stages/paths.py",
    "stages/plans.py",
    "stages/records.py",
    # Who is looked up; which method it is, is in an arm's plan
    "stages/methods/__init__.py",
    "stages/methods/method.py",
    # Bounds of knobs: they refuse a plan, and change none
    "stages/strict.py",
    "stages/scratch.py",
}
# Code that comes as a hash in what the stage reads, so that only the part that is used counts.
HASHED = {("test", "stages/formats")}
# What plumbing decides after all: which methods there are.
DECIDED = {
    ("plan", "stages/methods/__init__.py"),
    ("plan", "stages/methods/method.py"),
    ("plan", "stages/strict.py"),
}
METHOD_OF_ARM = "stages/methods/${item.method}"
REGISTRY = "stages/methods/__init__.py"
# Stages that use no more of a module than its constants.
CONSTANTS = {
    "render": {"stages/sources/example.py": {"FIELDS"}},
    "validate": {"stages/sources/example.py": {"FIELDS"}},
    "test": {"stages/sources/example.py": {"FIELDS"}},
    "next_tokens": {"stages/sources/example.py": {"FIELDS"}},
}


@pytest.mark.parametrize(
    "name",
    [
        "new",
        "plan",
        "freeze_splits",
        "render",
        "prompts",
        "rescore",
        "evaluate",
        "report",
        "validate",
        "fetch_base",
        "score_comet",
        "keep",
        "keep_test",
        "answer_floors",
        "evaluate_floors",
        "compare",
        "choose",
        "promote",
        "score_test",
    ],
)
def test_stage_starts_without_torch(name):
    code = f"import stages.{name}, sys; sys.exit('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr or "torch was imported"


def per_method(stage: str) -> list[str]:
    """A stage that looks an arm's method up depends on that one's folder: one case a method.

    Of the methods those that the stage is for: plan refuses the others in its map.
    """
    body = STAGES[stage].get("do", STAGES[stage])
    if METHOD_OF_ARM not in body["deps"]:
        return [""]
    explores = {"${arms}": False, "${continued}": True}[STAGES[stage]["foreach"]]
    return sorted(name for name in METHODS if METHODS[name].explores == explores)


CASES = [(stage, method) for stage in STAGES for method in per_method(stage)]


def test_each_method_is_made_by_one_stage():
    made = {stage: [one for s, one in CASES if s == stage] for stage in ("train", "continue")}
    assert made["continue"] == ["grpo"]
    assert sorted(made["train"] + made["continue"]) == sorted(METHODS)
    assert {stage for stage, method in CASES if method} == {*made}


@pytest.mark.parametrize(("stage", "method"), CASES)
def test_every_module_that_a_stage_imports_is_among_its_deps(stage, method):
    body = STAGES[stage].get("do", STAGES[stage])
    deps = [dep.replace("${item.method}", method) for dep in code_of(body)]
    unseen = {
        module: names
        for module, names in imports(script_of(body["cmd"]), method).items()
        if (module not in PLUMBING or (stage, module) in DECIDED)
        and not any(module == dep or module.startswith(dep + "/") for dep in deps)
        and (stage, str(Path(module).parent)) not in HASHED
        and not names <= CONSTANTS.get(stage, {}).get(module, set())
    }
    assert not unseen, f"dvc.yaml: {stage} has no dep for {sorted(unseen)}"


@pytest.mark.parametrize("stage", STAGES)
def test_every_code_dep_of_a_stage_exists_and_is_used(stage):
    body = STAGES[stage].get("do", STAGES[stage])
    cases = per_method(stage)
    used = {module for method in cases for module in imports(script_of(body["cmd"]), method)}
    for dep in code_of(body):
        for method in cases:
            found = dep.replace("${item.method}", method)
            assert (ROOT / found).exists(), f"{found} does not exist"
            assert any(module == found or module.startswith(found + "/") for module in used), found


def code_of(body: dict) -> list[str]:
    return [dep for dep in body["deps"] if dep.startswith("stages")]


@pytest.mark.parametrize("allowed", sorted(PLUMBING))
def test_plumbing_that_is_let_through_exists(allowed):
    assert (ROOT / allowed).is_file()


def script_of(command: str) -> str:
    words = command.split()
    assert words[:2] == ["python", "-m"], command
    return words[2].replace(".", "/") + ".py"


def imports(script: str, method: str = "") -> dict[str, set[str]]:
    """First-party files that a script imports, also through others, with the names taken.

    Of the methods, `method` alone is looked up where there is one; what it takes from the folder of
    another counts. Where there is none they are only looked at, so that what they import to make
    something does not count.
    """
    found: dict[str, set[str]] = {script: {"main"}}
    waiting = [script]
    while waiting:
        path = waiting.pop()
        planned = not method and path.startswith("stages/methods/")
        for module, name in imported(ROOT / path, whole=not planned):
            if method and path == REGISTRY and other_method(module, method):
                continue
            # A package's own file counts where a name is taken from it, not for passing through.
            if module not in found:
                waiting.append(module)
            found.setdefault(module, set()).add(name)
    return found


def other_method(module: str, method: str) -> bool:
    folder = Path(module).parent
    return str(folder.parent) == "stages/methods" and folder.name != method


def imported(path: Path, whole: bool = True) -> list[tuple[str, str]]:
    """(file, name) of each first-party import of a file; of its `whole`, inside functions too."""
    pairs = []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree) if whole else tree.body:
        if isinstance(node, ast.Import):
            pairs += [(alias.name, "*") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            below = [(f"{node.module}.{alias.name}", "*") for alias in node.names]
            whole = [(node.module, alias.name) for alias in node.names]
            pairs += [b if file_of(b[0]) else w for b, w in zip(below, whole, strict=True)]
    return [(file_of(module), name) for module, name in pairs if file_of(module)]


def file_of(module: str) -> str | None:
    """The file of a first-party module, relative to the root; None for any other name."""
    path = module.replace(".", "/")
    choices = [f"{path}.py", f"{path}/__init__.py"] if module.split(".")[0] == "stages" else []
    return next((choice for choice in choices if (ROOT / choice).is_file()), None)
