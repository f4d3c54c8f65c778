"""Load a fetched base, with or without an adapter, the same way wherever a model is used."""

import resource
import warnings
from importlib import metadata
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from transformers import AutoModelForCausalLM, BitsAndBytesConfig

from stages import lock, made, records
from stages.command import UserError, first_line

# PEFT looks for the base's config under the name on the adapter's card: no path, on purpose.
warnings.filterwarnings("ignore", message="Could not find a config file")
# Names of settings that peft still uses, and transformers renames in its next version.
warnings.filterwarnings("ignore", message=".*is deprecated and will be removed in v6")

PROMPT = "The capital of Japan is"


def device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def compute_type(precision: str) -> torch.dtype:
    """The type to compute in; `auto` is bf16 where the hardware multiplies in it, else float32."""
    if precision == "auto":
        if torch.cuda.is_available():
            native = torch.cuda.is_bf16_supported(including_emulation=False)
        else:
            native = torch.ops.mkldnn._is_mkldnn_bf16_supported()
        precision = "bf16" if native else "fp32"
    return {"bf16": torch.bfloat16, "fp32": torch.float32}[precision]


def setting(plan: dict[str, Any]) -> dict[str, Any]:
    """What a plan leaves open and a result depends on: compute type and library versions."""
    return {
        "computed_in": str(compute_type(plan["precision"])).removeprefix("torch."),
        "versions": {name: metadata.version(name) for name in plan["pins"]},
    }


def peak_memory() -> int:
    """Peak memory in MB: the GPU's where there is one, else this process's."""
    if torch.cuda.is_available():
        return round(torch.cuda.max_memory_allocated() / 1e6)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)


def load_base(folder: Path, quantize: str, precision: str) -> Any:
    """Load a base's weights on the device; `quantize` is none or nf4."""
    lock.verify(folder)
    dtype = compute_type(precision)
    four_bit = None
    if quantize == "nf4":
        four_bit = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=dtype,
        )
    return AutoModelForCausalLM.from_pretrained(
        folder,
        dtype=dtype,
        quantization_config=four_bit,
        device_map={"": device()},
        use_safetensors=True,
        trust_remote_code=False,
        local_files_only=True,
    )


def base_identity(folder: Path) -> dict[str, Any]:
    """What a fetched base is: its name, where it came from and the hash of its weights."""
    return records.read_json(folder / "base.json")


def apply_adapter(model: Any, folder: Path, base: Path, tokenizer: Any) -> Any:
    """Put a trained adapter on its base, or raise UserError where it is not in effect.

    PEFT only warns about an adapter whose keys do not fit and then runs the bare base; so keys,
    base hash and a change of the logits are checked here. The adapter is never merged: rounding
    into bf16 or 4-bit weights would score another model.
    """
    from peft import PeftModel

    card = made.read_card(folder)
    wanted, found = card["base"]["sha256"], base_identity(base)["sha256"]
    if wanted != found:
        raise UserError(
            f"{folder}: trained on {card['base']['name']} with weights {wanted[:12]}, "
            f"but {base} has {found[:12]}; train again"
        )
    prompt = tokenizer(PROMPT, return_tensors="pt").to(model.device)
    with torch.inference_mode():
        before = model(**prompt).logits
    try:
        adapted = PeftModel.from_pretrained(model, folder, autocast_adapter_dtype=False).eval()
    except (RuntimeError, ValueError) as error:
        if isinstance(error, RuntimeError) and "size mismatch" not in str(error):
            raise  # no memory, and other things that are not the adapter's
        raise UserError(f"{folder}: does not fit {base}: {first_line(error)}") from None
    _same_keys(adapted, folder)
    with torch.inference_mode():
        after = adapted(**prompt).logits
    if not torch.isfinite(after).all():
        raise UserError(f"{folder}: the adapter gives non-finite logits; train again")
    if torch.equal(before, after):
        raise UserError(f"{folder}: the adapter changes nothing, so it is not applied; train again")
    return adapted


def _same_keys(adapted: Any, folder: Path) -> None:
    """Every tensor in the file has its place in the model and the other way round."""
    from peft import get_peft_model_state_dict

    wanted = set(get_peft_model_state_dict(adapted))
    with safe_open(folder / made.WEIGHTS, "pt") as file:
        held = set(file.keys())
    if wanted != held:
        raise UserError(
            f"{folder}: the adapter's keys do not fit the base: {len(held - wanted)} unknown "
            f"(first {sorted(held - wanted)[:1]}), {len(wanted - held)} missing "
            f"(first {sorted(wanted - held)[:1]})"
        )
