"""On what figures were computed, in words; older results name the processor alone."""

from collections.abc import Mapping
from typing import Any

from stages.machine import FIELDS


def named(record: Mapping[str, Any]) -> str | None:
    """`AMD EPYC (model 2), AVX512 with bf16, 2 threads`; None where nothing is known."""
    known = {name: record[name] for name in FIELDS if record.get(name) is not None}
    if "threads" in known:
        known["threads"] = f"{known['threads']} thread{'s' if known['threads'] != 1 else ''}"
    return ", ".join(known.values()) or None


def is_gpu(record: Mapping[str, Any]) -> bool:
    """A GPU's instruction set is the capability of its cores."""
    return (record.get("instruction_set") or "").startswith("CUDA")


def elsewhere(records: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Arms that were answered on different machines differ by that as well."""
    known = sorted({name for record in records.values() if (name := named(record))})
    if len(known) < 2:
        return []
    return [
        f"The arms' answers come from different machines ({'; '.join(known)}), which round "
        "differently: enough to move a score"
    ]
