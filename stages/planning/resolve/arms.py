"""Plans of what an arm goes through: its knobs, and those of them that each stage uses."""

from collections.abc import Iterable, Mapping
from typing import Any

from stages.methods import METHODS
from stages.planning.schema import Arm, Knobs, Override, Prediction
from stages.training.knobs import EITHER

# What decides how many of a render's rows are trained on, and for how long
AUDIT_KNOBS = (
    "loss_on",
    "max_length",
    "max_truncated_share",
    "max_steps",
    "epochs",
    "batch_size",
    "gradient_accumulation",
    "schedule",
    "warmup_steps",
    "warmup_ratio",
)
# What decides how many answers are given and rewarded, and at what rate of learning
EXPLORATION_KNOBS = (
    "lr",
    "schedule",
    "warmup_steps",
    "warmup_ratio",
    "max_steps",
    "epochs",
    "batch_size",
    "gradient_accumulation",
    "rollout",
    "rewards",
)
TRAIN_LIBRARIES = ("torch", "transformers", "trl", "peft", "bitsandbytes")
PREDICT_LIBRARIES = ("torch", "transformers", "peft", "bitsandbytes")
EVALUATE_LIBRARIES = ("sacrebleu", "mecab-python3", "ipadic", "jsonschema", "json-repair")

Pins = Mapping[str, str]


def resolve(root: Knobs, study: Override, arm: Override) -> dict[str, Any]:
    """Every knob's value for one arm: root < study < arm, key by key in nested groups.

    Of two knobs that say the same, the one that the upper layer sets. What is null is left out.
    """
    knobs = root.model_dump()
    for layer in (study, arm):
        own = layer.model_dump(include=set(Knobs.model_fields), exclude_unset=True)
        knobs = _merge(knobs, own)
        for one, other in (*EITHER, *(pair[::-1] for pair in EITHER)):
            if own.get(one) is not None and own.get(other) is None:
                knobs[other] = None
    return {name: value for name, value in knobs.items() if value is not None}


def _merge(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        nested = isinstance(value, dict) and isinstance(below.get(key), dict)
        merged[key] = _merge(below[key], value) if nested else value
    return merged


def identity(name: str, arm: Arm) -> dict[str, str]:
    return {"arm": name, "study": arm.study, "base": arm.base, "render": arm.render}


def train(arm: Arm, knobs: Mapping[str, Any], pins: Pins) -> dict[str, Any]:
    """The method's own knobs and nothing else: a new lr must leave an untouched base as it is."""
    method = METHODS[arm.method]
    plan = {"method": arm.method, **chosen(knobs, method.knobs.model_fields)}
    if arm.start_from:
        plan["start_from"] = arm.start_from
    if method.given:
        plan[arm.method] = getattr(arm, arm.method).model_dump(exclude_none=True)
    if method.trains:
        plan["pins"] = {name: pins[name] for name in TRAIN_LIBRARIES}
    return plan


def predict(arm: Arm, knobs: Mapping[str, Any], pins: Pins) -> dict[str, Any]:
    if not METHODS[arm.method].generates:
        return {}
    used = chosen(knobs, Prediction.model_fields)
    # Greedy decoding draws nothing, so a new seed leaves the base's answers as they are.
    drawn = {"seed": knobs["seed"]} if knobs["decode"]["temperature"] else {}
    return {**used, **drawn, "pins": {name: pins[name] for name in PREDICT_LIBRARIES}}


def audit(knobs: Mapping[str, Any]) -> dict[str, Any]:
    return chosen(knobs, AUDIT_KNOBS)


def exploration(knobs: Mapping[str, Any]) -> dict[str, Any]:
    return chosen(knobs, EXPLORATION_KNOBS)


def chosen(knobs: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Those of the knobs that are set."""
    return {name: knobs[name] for name in names if name in knobs}


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
