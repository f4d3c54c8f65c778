"""Four tasks about a seeded shop's data in Brazilian Portuguese; see stages/shop.

Beside the usual fields an example has those of stages/sources/tasks.py that a format needs (but
its `input` is the material alone), the name of its wording as `template`, and `facts`: what a
program needs to judge an answer, by category

- extraction: {"record"}, the five fields that the review gives;
- sql_qa: {"database": {"seed", "customers"}, "sql", "ordered"};
- insights: {"required": [[variant, …], …], "figures": the material's numbers as they stand there};
- push: as insights, and {"limit"}, in characters.
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from stages.command import UserError
from stages.shop.tasks import INSTRUCTIONS, TASKS
from stages.sources.example import identify


def read(source: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As many examples of each origin and category as `source["prompts"]` says.

    Raises UserError where the shop has no material for so many.
    """
    examples = []
    for origin, counts in source["prompts"].items():
        for category, wanted in counts.items():
            found = list(itertools.islice(_different(source, origin, category), wanted))
            if len(found) < wanted:
                raise UserError(
                    f"source.prompts.{origin}.{category}: {wanted}, but a shop of "
                    f"{source['customers']} customers gives {len(found)}; ask for fewer or raise "
                    "`customers`"
                )
            examples += found
    return examples


def _different(source: Mapping[str, Any], origin: str, category: str) -> Iterator[dict[str, Any]]:
    seen = set()
    for material, target, template, facts in TASKS[category](source, origin):
        found = _example(origin, category, material, target, template, facts)
        if found["id"] not in seen:
            seen.add(found["id"])
            yield found


def _example(
    origin: str, category: str, material: str, target: str, template: str, facts: dict[str, Any]
) -> dict[str, Any]:
    instruction = INSTRUCTIONS[category]
    return {
        "id": identify(category, material, target),
        "origin": origin,
        "category": category,
        "input": material,
        "target": target,
        "instruction": instruction,
        "material": material,
        "conversation": "",
        "turns": [{"role": "user", "content": f"{instruction}\n\n{material}"}],
        "constraints": [],
        "template": template,
        "facts": facts,
    }
