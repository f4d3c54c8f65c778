"""Plans of what an arm goes through: its knobs, and those of them that each stage uses."""

from collections.abc import Mapping
from typing import Any

from stages.planning.schema import Arm, Knobs, Override
from stages.plans import TRAIN_LIBRARIES

AUDIT_KNOBS = (
    "loss_on",
    "max_length",
    "max_truncated_share",
    "max_steps",
    "batch_size",
    "gradient_accumulation",
    "schedule",
    "warmup_steps",
)
PREDICT_KNOBS = ("quantize", "precision", "decode")
PREDICT_LIBRARIES = ("torch", "transformers", "peft", "bitsandbytes")
EVALUATE_LIBRARIES = ("sacrebleu", "mecab-python3", "ipadic", "jsonschema", "json-repair")
# Everything but what only prediction or the audit uses.
TRAIN_KNOBS = tuple(k for k in Knobs.model_fields if k not in ("decode", "max_truncated_share"))

Pins = Mapping[str, str]


def resolve(root: Knobs, study: Override, arm: Override) -> dict[str, Any]:
    """Every knob's value for one arm: root < study < arm, key by key in nested groups."""
    knobs = root.model_dump()
    for layer in (study, arm):
        own = layer.model_dump(include=set(Knobs.model_fields), exclude_none=True)
        knobs = _merge(knobs, own)
    return knobs


def _merge(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        nested = isinstance(value, dict) and isinstance(below.get(key), dict)
        merged[key] = _merge(below[key], value) if nested else value
    return merged


def identity(name: str, arm: Arm) -> dict[str, str]:
    return {"arm": name, "study": arm.study, "base": arm.base, "render": arm.render}


def train(arm: Arm, knobs: Mapping[str, Any], pins: Pins) -> dict[str, Any]:
    # An untouched base has no training knobs: a new lr must leave it as it is.
    if arm.method == "none":
        return {"method": arm.method}
    used = {name: knobs[name] for name in TRAIN_KNOBS}
    return {"method": arm.method, **used, "pins": {name: pins[name] for name in TRAIN_LIBRARIES}}


def predict(arm: Arm, knobs: Mapping[str, Any], pins: Pins) -> dict[str, Any]:
    used = {name: knobs[name] for name in PREDICT_KNOBS}
    # Greedy decoding draws nothing, so a new seed leaves the base's answers as they are.
    drawn = {"seed": knobs["seed"]} if knobs["decode"]["temperature"] else {}
    libraries = {name: pins[name] for name in PREDICT_LIBRARIES}
    return {"method": arm.method, **used, **drawn, "pins": libraries}


def evaluate(
    metrics: Mapping[str, Mapping[str, Any]],
    hashes: Mapping[str, str],
    pins: Pins,
    slice_by: str | None = None,
) -> dict[str, Any]:
    """Metrics with the files that their options name, and the field of the slices if there is one.

    `hashes` has the SHA-256 of each file that a metric names.
    """
    options = [value for metric in metrics.values() for value in metric.values()]
    files = {path: digest for path, digest in hashes.items() if path in options}
    libraries = {name: pins[name] for name in EVALUATE_LIBRARIES}
    sliced = {"slice_by": slice_by} if slice_by else {}
    return {"metrics": metrics, "files": files, "pins": libraries, **sliced}
