"""Load one arm's model and answer prompts with it, going on after a kill with what is missing."""

from pathlib import Path
from typing import Any

from tqdm import tqdm

from stages import records
from stages.model.generation import Prompt, answer, batches
from stages.model.loading import apply_adapter, load_base, setting
from stages.model.tokens import encode_prompt, load_tokenizer
from stages.scratch import fingerprint


def load(plan: dict[str, Any], base: Path, adapter: Path | None) -> tuple[Any, Any]:
    """The arm's model, ready to generate, and its tokenizer; without an adapter, the base's."""
    tokenizer = load_tokenizer(base)
    model = load_base(base, plan["quantize"], plan["precision"]).eval()
    if adapter:
        model = apply_adapter(model, adapter, base, tokenizer)
    return model, tokenizer


def prompts_of(tokenizer: Any, rendered: list[dict[str, Any]]) -> list[Prompt]:
    """The token ids of rendered rows' prompts, under their ids."""
    return [Prompt(row["id"], encode_prompt(tokenizer, row["prompt"])) for row in rendered]


def mark(plan: dict[str, Any], inputs: list[Path]) -> str:
    """Fingerprint of everything that decides the answers: the name of their scratch folder."""
    return fingerprint({**plan, **setting(plan)}, inputs)


def answer_all(
    plan: dict[str, Any],
    model: Any,
    tokenizer: Any,
    prompts: list[Prompt],
    scratch: Path,
    what: str = "",
) -> list[dict[str, Any]]:
    """Answer every batch that is not yet in `scratch`; each is written whole when it is done.

    Returns the batches, each {"rows", "seconds"}.
    """
    done = []
    name = f"{plan['arm']}: {what}" if what else plan["arm"]
    with tqdm(total=len(prompts), desc=name, unit="row") as bar:
        for number, batch in enumerate(batches(prompts, plan["decode"]["batch_size"])):
            file = scratch / f"batch-{number:05d}.json"
            if not file.exists():
                rows, seconds = answer(
                    model, tokenizer, batch, plan["decode"], plan.get("seed", 0) + number
                )
                records.write_json(file, {"rows": rows, "seconds": seconds})
            done.append(records.read_json(file))
            bar.update(len(batch))
    return done


def rows_of(done: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers of all batches, by id."""
    return sorted((row for batch in done for row in batch["rows"]), key=lambda row: row["id"])
