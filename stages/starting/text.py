"""The text of a new study's file."""

import json
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(values: dict[str, Any]) -> str:
    """Fill templates/study.yaml.j2; a name that it needs and `values` lacks is an error.

    What a user typed goes through the filter `quoted`.
    """
    environment = Environment(
        loader=PackageLoader("stages.starting"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["quoted"] = quoted
    return environment.get_template("study.yaml.j2").render(values)


def quoted(text: str) -> str:
    """A text as a double-quoted scalar: JSON is YAML."""
    return json.dumps(text, ensure_ascii=False)
