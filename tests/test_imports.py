"""What the stages import: nothing slow that they have no use for, nothing that DVC can't see."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
STAGES = YAML(typ="safe", pure=True).load((ROOT / "dvc.yaml").read_text())["stages"]

# Plumbing: it moves values but decides none, and as a dependency it would re-run everything.
PLUMBING = {
    "stages/__init__.py",
    "stages/looks.py",
    "stages/command.py",
    "stages/faults.py",
    "stages/machine.py",
    "stages/paths.py",
    "stages/plans.py",
    "stages/records.py",
    "stages/scratch.py",
}
# Code that comes as a hash in what the stage reads, so that only the part that is used counts.
HASHED = {("test", "stages/formats")}
# What plumbing decides after all: which libraries' versions are in an arm's plan.
DECIDED = {("plan", "stages/plans.py")}
# Stages that use no more of a module than its constants.
CONSTANTS = {
    "render": {"stages/sources/example.py": {"FIELDS"}},
    "validate": {"stages/sources/example.py": {"FIELDS"}},
    "test": {"stages/sources/example.py": {"FIELDS"}},
}


@pytest.mark.parametrize(
    "name",
    [
        "new",
        "plan",
        "freeze_splits",
        "render",
        "prompts",
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


@pytest.mark.parametrize("stage", STAGES)
def test_every_module_that_a_stage_imports_is_among_its_deps(stage):
    body = STAGES[stage].get("do", STAGES[stage])
    script = script_of(body["cmd"])
    deps = [dep for dep in body["deps"] if dep.startswith("stages")]
    unseen = {
        module: names
        for module, names in imports(script).items()
        if (module not in PLUMBING or (stage, module) in DECIDED)
        and not any(module == dep or module.startswith(dep + "/") for dep in deps)
        and (stage, str(Path(module).parent)) not in HASHED
        and not names <= CONSTANTS.get(stage, {}).get(module, set())
    }
    assert not unseen, f"dvc.yaml: {stage} has no dep for {sorted(unseen)}"


@pytest.mark.parametrize("stage", STAGES)
def test_every_code_dep_of_a_stage_exists_and_is_used(stage):
    body = STAGES[stage].get("do", STAGES[stage])
    used = imports(script_of(body["cmd"]))
    for dep in body["deps"]:
        if dep.startswith("stages"):
            assert (ROOT / dep).exists(), f"{dep} does not exist"
            assert any(module == dep or module.startswith(dep + "/") for module in used), dep


@pytest.mark.parametrize("allowed", sorted(PLUMBING))
def test_plumbing_that_is_let_through_exists(allowed):
    assert (ROOT / allowed).is_file()


def script_of(command: str) -> str:
    words = command.split()
    assert words[:2] == ["python", "-m"], command
    return words[2].replace(".", "/") + ".py"


def imports(script: str) -> dict[str, set[str]]:
    """First-party files that a script imports, also through others, with the names taken."""
    found: dict[str, set[str]] = {script: {"main"}}
    waiting = [script]
    while waiting:
        for module, name in imported(ROOT / waiting.pop()):
            # A package's own file counts where a name is taken from it, not for passing through.
            if module not in found:
                waiting.append(module)
            found.setdefault(module, set()).add(name)
    return found


def imported(path: Path) -> list[tuple[str, str]]:
    """(file, name) of each first-party import of a file, those inside functions too."""
    pairs = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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
