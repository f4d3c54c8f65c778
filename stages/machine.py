"""What a result was computed on: other processors round differently, enough to move a score."""

import platform
import subprocess
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
# What tells two x86 processors apart that a virtual machine gives the same name.
IDENTITY = ("cpu family", "model", "stepping")
# What is recorded: all three decide how a figure is rounded.
FIELDS = ("processor", "instruction_set", "threads")


def machine() -> dict[str, str | int | None]:
    """Processor, its instruction set as torch uses it, and threads; a GPU's by its capability."""
    import torch

    if torch.cuda.is_available():
        major, minor = torch.cuda.get_device_capability()
        name, level = torch.cuda.get_device_name(), f"CUDA {major}.{minor}"
    else:
        name, level = cpu(), torch.backends.cpu.get_cpu_capability()
        if torch.ops.mkldnn._is_mkldnn_bf16_supported():
            level += " with bf16"
    return dict(zip(FIELDS, (name, level, torch.get_num_threads()), strict=True))


def cpu() -> str:
    """The CPU's model as the system names it."""
    if CPUINFO.exists():
        fields = first_core(CPUINFO.read_text(encoding="utf-8", errors="replace"))
        if "model name" in fields:
            numbers = [f"{name} {fields[name]}" for name in IDENTITY if name in fields]
            return " ".join([fields["model name"], f"({', '.join(numbers)})" if numbers else ""])
    if platform.system() == "Darwin":
        asked = ["sysctl", "-n", "machdep.cpu.brand_string"]
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        return done.stdout.strip() or platform.machine()
    return platform.processor() or platform.machine()


def first_core(text: str) -> dict[str, str]:
    """The fields of the first processor that /proc/cpuinfo lists."""
    lines = text.split("\n\n")[0].splitlines()
    pairs = (line.partition(":") for line in lines)
    return {name.strip(): value.strip() for name, _, value in pairs}
