"""Read a YAML file into a checked model, and say in one line what is wrong with it."""

import difflib
import reprlib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from stages import records
from stages.command import UserError, brief, first_line
from stages.planning import bounds
from stages.strict import Strict

# Maps that take arms over as they are: `*arms`.
COPIES = (("score_comet",), ("measure_drift",), ("next_tokens",))
# Where, in an error's place, pydantic puts the kind of a model that has several.
KIND_AT = {"bases": 2, "source": 3, "hypotheses": 4}
# How many mistakes of a file are told at once, and how much of a value is shown.
TOLD = 10
FOUND = reprlib.Repr()
FOUND.maxstring = FOUND.maxother = FOUND.maxlong = 100


def load(path: Path, model: type[Strict]) -> Strict:
    """Read one YAML file into `model`; UserError lists its mistakes as `file: key: what`."""
    content = _parsed(path)
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    if content is None and needed:
        raise UserError(
            f"{path}: no knobs: the file is empty, and must set {', '.join(needed)}; "
            f"`git restore {path}` brings back what it had"
        )
    try:
        return model.model_validate({} if content is None else content)
    except ValidationError as error:
        # What scores apart repeats the arms, and their mistakes: those are told once.
        own = [item for item in error.errors() if item["loc"][:1] not in COPIES] or error.errors()
        mistakes = [f"{path}: {_explain(item, model)}" for item in own[:TOLD]]
        more = [f"{path}: and {len(own) - TOLD} mistakes more"] if len(own) > TOLD else []
        raise UserError("\n".join([*mistakes, *more])) from None


def _parsed(path: Path) -> Any:
    """What a YAML file holds; UserError where it is none, or more than a study can be."""
    text = "\n".join(records.lines(path))
    bounds.check_text(path, text)
    try:
        bounds.check(path, YAML(typ="safe", pure=True).parse(text))
        # YAML 1.2, as DVC itself reads: `3e-06` is a float and `no` is a string.
        return YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UserError(f"{path}:{line}: not YAML ({brief(error.problem)})") from None
    # A character that YAML does not allow, a number of 6,000 digits, the 31st of February
    except (YAMLError, ValueError) as error:
        raise UserError(f"{path}: not YAML ({brief(first_line(error))})") from None


def known(name: str, choices: Any, place: str) -> None:
    """Raise UserError with the nearest and all known names unless `name` is among `choices`."""
    if name in choices:
        return
    near = difflib.get_close_matches(name, choices, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    raise UserError(f"{place}: unknown '{brief(name)}'.{hint} Known: {', '.join(sorted(choices))}")


def _explain(item: dict[str, Any], model: type[Strict]) -> str:
    parts = [part for n, part in enumerate(item["loc"]) if not _is_tag(item["loc"], n)]
    place = [brief(str(part)) for part in parts]
    if item["type"] == "extra_forbidden":
        fields = _fields_at(model, item["loc"][:-1])
        near = difflib.get_close_matches(place[-1], fields, n=1)
        hint = f" (did you mean '{near[0]}'?)" if near else ""
        where = ".".join(place[:-1])
        return (
            f"{where + ': ' if where else ''}unknown key '{place[-1]}'{hint}; "
            f"known: {', '.join(sorted(fields))}"
        )
    # A key that was put where its variable's name belongs must not be shown.
    hidden = item["type"] == "missing" or place[-1:] == ["key_env"]
    found = "" if hidden else f", found {brief(FOUND.repr(item['input']))}"
    # Its first letter alone: a pattern has letters that count.
    said = item["msg"][:1].lower() + item["msg"][1:]
    return f"{'.'.join(place) or 'file'}: {said}{found}"


def _is_tag(location: tuple, index: int) -> bool:
    """Whether this part is the kind of a model, which pydantic adds and no file has."""
    section = location[0] if location[0] == "bases" else location[2] if len(location) > 2 else None
    return index == KIND_AT.get(section) and location[index] != "[key]"


def _fields_at(model: type[BaseModel], location: tuple) -> list[str]:
    """Names of the fields that the model at `location` has; dict keys are passed over."""
    current: Any = model
    for part in location:
        current = _descend(current, part)
    return list(getattr(_bare(current), "model_fields", {}))


def _bare(kind: Any) -> Any:
    """Of `Model | None`, the model."""
    arguments = [a for a in getattr(kind, "__args__", ()) if a is not type(None)]
    optional = type(None) in getattr(kind, "__args__", ()) and len(arguments) == 1
    return arguments[0] if optional else kind


def _descend(kind: Any, part: Any) -> Any:
    kind = _bare(kind)
    if hasattr(kind, "model_fields"):
        return kind.model_fields[part].annotation if part in kind.model_fields else kind
    arguments = getattr(kind, "__args__", ())
    for argument in arguments:
        fields = getattr(argument, "model_fields", {})
        if "kind" in fields and part in getattr(fields["kind"].annotation, "__args__", ()):
            return argument
    return _descend(arguments[0], part) if hasattr(kind, "__metadata__") else arguments[-1]
