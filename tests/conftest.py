"""A toy base, toy data and a toy project: the real pipeline at a size that trains in seconds."""

import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

# One worker of the tests a core: threads of torch would only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = Path(__file__).parent.parent
# What `make check` leaves out: the real dvc, COMET's environment, whole reports and the browser
# that opens them (see reporting/conftest.py), long simulations
SLOW_FIXTURES = {"unbuilt", "toy_base", "comet_models"}
SLOW_FILES = {"test_null_and_power.py", "test_sft.py", "test_real_base.py", "test_new.py"}
# Every root knob, for tests of what is read and resolved; copy before changing.
KNOBS = {
    "seed": 1,
    "lr": 5e-4,
    "schedule": "cosine",
    "warmup_steps": 2,
    "max_steps": 10,
    "batch_size": 4,
    "gradient_accumulation": 1,
    "gradient_checkpointing": False,
    "max_length": 64,
    "max_truncated_share": 0.0,
    "max_grad_norm": 1.0,
    "weight_decay": 0.0,
    "optimizer": "adamw_torch",
    "save_steps": 5,
    "loss_on": "completion",
    "quantize": "none",
    "precision": "auto",
    "lora": {"r": 4, "alpha": 8, "dropout": 0.0, "target_modules": "all-linear"},
    "decode": {
        "max_new_tokens": 8,
        "temperature": 0.0,
        "top_p": 1.0,
        "batch_size": 4,
        "latency_rows": 2,
    },
}
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SLOW_FIXTURES & {*item.fixturenames} or item.path.name in SLOW_FILES:
            item.add_marker("slow")


def words(count: int, alphabet: str, seed: int) -> list[str]:
    """Made-up words, all different."""
    rng = random.Random(seed)
    made: dict[str, None] = {}
    while len(made) < count:
        made["".join(rng.choices(alphabet, k=rng.randint(4, 7)))] = None
    return list(made)


def toy_rows(count: int = 200) -> list[dict]:
    """Pairs of made-up English and a word-by-word kana rendering: learnable, and no two alike."""
    rng = random.Random(5)
    english = words(400, "abdefghiklmnoprstu", 1)
    kana = words(400, "アイウエオカキクケコサシスセソタチツテトナニヌネノ", 2)
    rendering = dict(zip(english, kana, strict=True))
    rows = []
    for _ in range(count):
        chosen = rng.sample(english, rng.randint(3, 6))
        rows.append({"en": " ".join(chosen), "ja": "".join(rendering[word] for word in chosen)})
    return rows


def make_base(folder: Path, seed: int = 0) -> str:
    """Save a tiny random Llama with a byte-level tokenizer; returns its files' digest."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    from stages.fetch_base import model_digest

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<unk>", "<|im_start|>", "<|im_end|>"]
    vocabulary = {token: number for number, token in enumerate(special + alphabet)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|im_end|>",
        pad_token="<|im_end|>",
        unk_token="<unk>",
    )
    fast.add_special_tokens({"additional_special_tokens": ["<|im_start|>"]})
    fast.chat_template = CHATML
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        eos_token_id=2,
        pad_token_id=2,
        bos_token_id=1,
        tie_word_embeddings=True,
    )
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)
    fast.save_pretrained(folder)
    return model_digest(folder)


class Project:
    """A copy of the repository in a folder of its own, with toy studies, driven as a user would."""

    def __init__(self, folder: Path):
        self.folder = folder

    def run(self, *command: str, ok: bool = True, **environment: str) -> str:
        """Run a command in the project; returns stdout and stderr. Fails unless it ends as `ok`."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert (done.returncode == 0) == ok, f"{command} ended {done.returncode}\n{done.stdout}"
        return done.stdout

    def stage(self, name: str, key: str, ok: bool = True, **environment: str) -> str:
        return self.run(sys.executable, "-m", f"stages.{name}", key, ok=ok, **environment)

    def environment(self, **extra: str) -> dict[str, str]:
        scripts = str(Path(sys.executable).parent)
        return {
            **os.environ,
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(self.folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            **extra,
        }

    def path(self, name: str) -> Path:
        return self.folder / name

    def json(self, name: str):
        return json.loads(self.path(name).read_text())

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.path(name).read_text()
        assert old in text, f"{name} has no {old!r}"
        self.path(name).write_text(text.replace(old, new))

    def fill(self, source: str, target: str, values: dict[str, str]) -> None:
        """Copy a file of tests/tiny with values in the place of names."""
        text = (ROOT / "tests/tiny" / source).read_text()
        for name, value in values.items():
            assert name in text, f"{source} has no {name}"
            text = text.replace(name, value)
        self.path(target).write_text(text)

    def commit(self, message: str) -> None:
        self.run("git", "add", "--all")
        self.run("git", "commit", "--quiet", "--message", message)

    def copy(self, folder: Path) -> "Project":
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder)


def copy_repository(folder: Path) -> Project:
    """Copy what git tracks, and what it does not ignore, without results and lock."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    results = ("metrics/", "plan/", "reports/", "data/manifests/", "data/answers/")
    results += ("dvc.lock", "tests/")
    for name in filter(None, listed.stdout.split("\0")):
        if not name.startswith(results) and (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    project = Project(folder)
    project.run("git", "init", "--quiet")
    project.run("git", "config", "user.name", "Toy")
    project.run("git", "config", "user.email", "toy@example.org")
    return project


def use_studies(project: Project, *studies: str) -> None:
    """Put study files in the place of the repository's own, in dvc.yaml too."""
    for file in project.path("studies").glob("*.yaml"):
        if str(file.relative_to(project.folder)) not in studies:
            file.unlink()
    text = project.path("dvc.yaml").read_text()
    for before, after in (("  - ", ""), ("      - ", ":")):
        lines = re.compile(rf"(?m)^(?:{before}studies/[a-z_]+\.yaml{after}\n)+")
        named = "".join(f"{before}{study}{after}\n" for study in studies)
        text, count = lines.subn(named, text)
        assert count == 1, "dvc.yaml names its study files in one block each"
    project.path("dvc.yaml").write_text(text)


@pytest.fixture(scope="session")
def once(tmp_path_factory, worker_id) -> Callable[[str, Callable[[Path], None]], Path]:
    """Make a folder that all workers of a run share: the first that needs it, the others wait.

    Nobody may change it: what a worker drives it copies.
    """
    root = tmp_path_factory.getbasetemp()
    root = root if worker_id == "master" else root.parent

    def share(name: str, make: Callable[[Path], None]) -> Path:
        folder, made = root / f"shared-{name}", root / f"shared-{name}.made"
        with FileLock(f"{folder}.lock"):
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                made.touch()
        return folder

    return share


@pytest.fixture(scope="session")
def toy_base(once) -> Path:
    return once("toy-base", make_base)


@pytest.fixture(scope="session")
def comet_models(once) -> Path:
    """Tiny COMET models in the folders sound, poisoned and hostile (tiny/comet_checkpoint.py)."""

    def make(folder: Path) -> None:
        made = subprocess.run(["make", "comet"], cwd=ROOT, capture_output=True, text=True)
        if made.returncode:
            last = made.stderr.strip().splitlines()[-1:]
            pytest.skip(f"COMET can't be installed: `make comet` says {''.join(last)}")
        words = [ROOT / ".venv-comet/bin/python", "-I", ROOT / "tests/tiny/comet_checkpoint.py"]
        subprocess.run([*words, folder], check=True, capture_output=True)

    return once("comet", make)


@pytest.fixture(scope="session")
def unbuilt(once, tmp_path_factory, toy_base) -> Project:
    """The toy project with frozen splits and a first commit, before any `dvc repro`."""
    shared = once("unbuilt", lambda folder: make_toy(folder, toy_base))
    return Project(shared).copy(tmp_path_factory.mktemp("unbuilt") / "project")


@pytest.fixture(scope="session")
def built(once, unbuilt, tmp_path_factory) -> Project:
    """The toy project after one `dvc repro`, results committed. Tests that change it copy it."""

    def build(folder: Path) -> None:
        project = unbuilt.copy(folder / "project")
        project.run("dvc", "repro")
        project.commit("results")

    shared = Project(once("built", build) / "project")
    return shared.copy(tmp_path_factory.mktemp("built") / "project")


@pytest.fixture
def project(built, tmp_path) -> Project:
    """A copy of the built toy project for one test to change."""
    return built.copy(tmp_path / "project")


def make_toy(folder: Path, toy_base: Path) -> None:
    """The toy project in an empty folder."""
    from stages.fetch_base import model_digest

    project = copy_repository(folder)
    shutil.copytree(toy_base, project.path("toy/base"))
    data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in toy_rows())
    project.path("toy/pairs.jsonl").write_text(data)
    fill = {"BASE_SHA256": model_digest(toy_base), "DATA_SHA256": digest(data)}
    project.fill("params.yaml", "params.yaml", {})
    project.fill("toy.yaml", "studies/toy.yaml", fill)
    use_studies(project, "studies/toy.yaml")
    project.run(sys.executable, "-m", "stages.plan")
    project.run(sys.executable, "-m", "stages.freeze_splits", "toy", "--new", "all")
    project.commit("toy project")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
