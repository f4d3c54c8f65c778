"""Examples from JSONL files of tasks: an instruction, what an answer must fulfil, and a good one.

A row of such a file has
- id, instruction, input (what the instruction is about, may be empty), history (messages before);
- category, or domain, which is the same;
- answer, or reference, which is the same: the target;
- constraints (see stages/constraints) that the target fulfils;
- explanation and follow_up {user, assistant} for training, rubric for a judge: all optional.
"""

from typing import Any

from stages import constraints, records
from stages.command import UserError
from stages.pinned import pinned

FIELDS = {"id": str, "instruction": str, "input": str, "history": list, "constraints": list}


def read(source: dict[str, Any]) -> list[dict[str, Any]]:
    """Read every file of `source["files"]`; an example's origin is the name of its file there.

    Raises UserError for another hash than the pinned one, and as file:line:field for a bad row.
    """
    examples = []
    for origin, file in source["files"].items():
        path = pinned(file["path"], file["sha256"], origin)
        examples += [example(row, origin, place) for place, row in records.located(path)]
    return examples


def example(row: dict[str, Any], origin: str, place: str) -> dict[str, Any]:
    """One canonical example.

    `input` is the whole conversation as text, `turns` the same as messages; `conversation` is the
    part before the instruction as text, and `material` what the instruction is about.
    """
    for field, kind in FIELDS.items():
        records.check_field(row, field, kind, place)
    messages(row["history"], f"{place}:history")
    if row.get("follow_up") is not None:
        follow_up(row["follow_up"], f"{place}:follow_up")
    category, target = _either(row, "category", "domain"), _either(row, "reference", "answer")
    for name, value in (("category or domain", category), ("reference or answer", target)):
        if not isinstance(value, str) or not value.strip():
            raise UserError(f"{place}: no {name}")
    for number, constraint in enumerate(row["constraints"], start=1):
        try:
            constraints.validate(constraint)
        except ValueError as error:
            raise UserError(f"{place}:constraints: {number}: {error}") from None
    question = "\n\n".join(filter(None, [row["instruction"], row["input"]]))
    turns = [*row["history"], {"role": "user", "content": question}]
    conversation = transcript(row["history"])
    return {
        "id": row["id"],
        "origin": origin,
        "category": category,
        "input": transcript(turns) if row["history"] else question,
        "target": target,
        "instruction": row["instruction"],
        "material": row["input"],
        "conversation": conversation,
        "turns": turns,
        "explanation": row.get("explanation") or "",
        "follow_up": row.get("follow_up"),
        "constraints": row["constraints"],
        "rubric": row.get("rubric", ""),
    }


def messages(history: list[Any], place: str) -> None:
    """Raise UserError unless these are whole exchanges: user and assistant in turn, with texts."""
    for number, message in enumerate(history, start=1):
        where = f"{place}: message {number}"
        if not isinstance(message, dict):
            raise UserError(f"{where}: expected role and content, found {message!r}")
        for field in ("role", "content"):
            records.check_field(message, field, str, where)
        wanted = "user" if number % 2 else "assistant"
        if message["role"] != wanted:
            raise UserError(f"{where}: role is '{message['role']}', expected '{wanted}'")
    if len(history) % 2:
        raise UserError(f"{place}: ends with the user; the instruction is what comes next")


def follow_up(exchange: Any, place: str) -> None:
    """Raise UserError unless this is one exchange: {"user", "assistant"}, both texts."""
    if not isinstance(exchange, dict):
        raise UserError(f"{place}: expected user and assistant, found {exchange!r}")
    for field in ("user", "assistant"):
        records.check_field(exchange, field, str, place)


def transcript(turns: list[dict[str, str]]) -> str:
    """Messages as text: `User: …` and `Assistant: …`, a line each."""
    return "\n".join(f"{turn['role'].capitalize()}: {turn['content']}" for turn in turns)


def _either(row: dict[str, Any], one: str, other: str) -> Any:
    return row.get(one, row.get(other))
