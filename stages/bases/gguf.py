"""The model in a GGUF file, stored as safetensors."""

import struct
from pathlib import Path
from typing import Any

from stages.command import UserError, brief, first_line


def convert(file: Path, target: Path, place: str) -> None:
    """Store the model of a GGUF file as bf16 safetensors, its tokenizer beside it.

    Raises UserError that names `place` where the file is no sound GGUF.
    """
    model, tokenizer = _read(file, place)
    # The weights are no longer GGUF, and transformers refuses to save a model that says they are.
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.hf_quantizer = None
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)


def _read(file: Path, place: str) -> tuple[Any, Any]:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    with open(file, "rb") as opened:
        begins = opened.read(4)
    if begins != b"GGUF":
        raise UserError(f"{place} is no GGUF file, it begins with {begins!r}; name one that is")
    try:
        # Dequantized in float32, then rounded once: bf16 is what is trained and predicted with.
        model = AutoModelForCausalLM.from_pretrained(
            file.parent, gguf_file=file.name, dtype=torch.float32
        ).to(torch.bfloat16)
        return model, AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
    except (IndexError, KeyError, OSError, ValueError, struct.error) as error:
        if isinstance(error, OSError) and error.errno:  # of this machine, not of the file
            raise
        said = brief(first_line(error)).replace(str(file), "it")
        raise UserError(f"{place} can't be read as GGUF ({said}); name a sound file") from None
