"""What to tell of an exception that no stage foresaw: what a user can mend, or that it is a bug.

Libraries' faults are known by the names of their types and by what they say: importing torch here
would cost every stage a second.
"""

import errno
import traceback
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parent.parent
NO_SPACE = ("No space left on device", "Disk quota exceeded")
# torch's writer of checkpoints and what it is built on, which say nothing of the disk that is full
TORCH_WRITER = ("inline_container.cc", "basic_ios::clear: iostream error")
# What torch, safetensors, transformers and peft call the file or folder that they write
WRITTEN = ("f", "filename", "filepath", "json_path", "output_dir", "save_directory")
NO_MEMORY = (
    "out of memory",
    "can't allocate memory",
    "Cannot allocate memory",
    "not enough memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
)
# What a stage's memory depends on
ANSWERING = "lower decode.batch_size or decode.max_new_tokens"
KNOBS = {
    "train": "lower batch_size (and raise gradient_accumulation by as much), lower max_length, or "
    "set gradient_checkpointing: true",
    "predict": ANSWERING,
    "open_test": ANSWERING,
    "measure_drift": "lower drift.batch_size",
}
CHAT_TEMPLATES = "transformers.utils.chat_template_utils"


def explain(error: Exception, stage: str) -> str | None:
    """A fault that a user can mend, and how; None for any other."""
    said = f"{type(error).__name__}: {' '.join(str(error).split()) or 'no message'}"
    if _no_space(error):
        return f"no space left on the disk of {_target(error)}; free some and run it again ({said})"
    if _no_memory(error):
        advice = KNOBS.get(stage, "end other programs, or use a machine with more")
        return f"out of memory: {advice} ({said})"
    if type(error).__name__ == "SafetensorError":
        file = _weights(error) or "a safetensors file that this stage reads"
        return f"{file} is damaged or cut off; remove it and run `dvc repro` ({said})"
    if any(frame.f_globals.get("__name__") == CHAT_TEMPLATES for frame in _frames(error)):
        return (
            "the chat template of the base's tokenizer can't be rendered; mend it, or use a "
            f"plain-text format ({said})"
        )
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else said
    return None


def bug(error: Exception) -> str:
    """Where in our own code it happened, and that it is ours to mend."""
    places = traceback.extract_tb(error.__traceback__)
    ours = [place for place in places if _is_ours(Path(place.filename))]
    at = (
        f"{Path(ours[-1].filename).relative_to(ROOT)}:{ours[-1].lineno}" if ours else "no code here"
    )
    kind = type(error).__name__
    return f"a bug in {at} ({kind}), not a mistake of yours; please report it with what follows"


def _is_ours(file: Path) -> bool:
    return file.is_relative_to(ROOT) and "site-packages" not in file.parts


def _no_space(error: Exception) -> bool:
    number = error.errno if isinstance(error, OSError) else None
    said = str(error)
    torch_writes = isinstance(error, RuntimeError) and any(s in said for s in TORCH_WRITER)
    full = number in (errno.ENOSPC, errno.EDQUOT) or any(sign in said for sign in NO_SPACE)
    return full or torch_writes


def _target(error: Exception) -> str:
    """What could not be written where that is known, else the folder of the run."""
    if isinstance(error, OSError) and (error.filename2 or error.filename):
        return str(error.filename2 or error.filename)
    for frame in reversed(_frames(error)):
        for name in WRITTEN:
            if isinstance(value := frame.f_locals.get(name), str | Path):
                return str(value)
    return str(Path.cwd())


def _no_memory(error: Exception) -> bool:
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError | OSError) and any(s in str(error) for s in NO_MEMORY)


def _weights(error: Exception) -> str | None:
    """The file that safetensors was reading, which its error does not name."""
    for frame in reversed(_frames(error)):
        for value in frame.f_locals.values():
            if isinstance(value, str | Path) and str(value).endswith(".safetensors"):
                return str(value)
    return None


def _frames(error: Exception) -> list[FrameType]:
    return [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
