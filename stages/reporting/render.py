"""Show a report's data as Markdown and as one self-contained HTML page."""

import html
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from stages.reporting.charts import training_curves
from stages.reporting.tables import number, signed

ARROWS = {"higher": "↑", "lower": "↓", "none": ""}


def markdown(data: dict[str, Any]) -> str:
    """The report as Markdown; text from data and models is escaped by the `cell` filter."""
    return _environment(autoescape=False).get_template("report.md.j2").render(data)


def page(data: dict[str, Any]) -> str:
    """The report as HTML. Everything is escaped but the chart, which holds names of ours alone."""
    template = _environment(autoescape=True).get_template("report.html.j2")
    return template.render(data, chart=training_curves(data["curves"]))


def _environment(autoescape: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("stages.reporting"),
        autoescape=autoescape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"cell": cell, "number": number, "signed": signed, "arrow": ARROWS.get}
    return environment


def cell(text: Any) -> str:
    """Any text as one Markdown table cell: no line breaks, no pipes, no HTML, no formatting."""
    escaped = html.escape(" ".join(str(text).split()), quote=False)
    for character in "\\`*_[]|":
        escaped = escaped.replace(character, f"\\{character}")
    return escaped
