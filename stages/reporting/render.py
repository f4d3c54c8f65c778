"""Show a report's data as Markdown and as one self-contained HTML page."""

import base64
import hashlib
import html
import re
from collections.abc import Iterable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from stages.reporting.charts import legend, scatter, training_curves
from stages.reporting.reward_charts import figure_chart
from stages.reporting.rows import embedded
from stages.reporting.tables import number, p_value, signed
from stages.reporting.turned import turned, worded
from stages.reporting.verdict import bounds

ARROWS = {"higher": "↑", "lower": "↓", "none": ""}
# What every page has, and the browser of rows beside it: styles and scripts, in this order.
PARTS = ("page.css", "tables.css", "figures.css", "page.js", "csv.js")
ROWS = (
    "rows.css",
    "rows_words.js",
    "rows_matching.js",
    "rows_view.js",
    "rows_controls.js",
    "rows.js",
)
# Characters and lines of a text that a table shows.
SHOWN = 200
SHOWN_LINES = 8
# What is cut off must be worth a click.
WORTH = 40
CODE = re.compile("`([^`]+)`")
SECTION = re.compile(r'<section id="([^"]+)">\s*<h2>(.*?)</h2>', re.S)


def markdown(data: dict[str, Any]) -> str:
    """The report as Markdown; text from data and models is escaped by the `cell` filter."""
    return _environment(autoescape=False).get_template("report.md.j2").render(data)


def page(data: dict[str, Any]) -> str:
    """The report as HTML. Everything is escaped but the charts, which hold names of ours alone."""
    # Those that train first, so that an arm's colour does not depend on how many bases there are.
    ordered = sorted(data["arms"].values(), key=lambda arm: arm["untouched"])
    order = [arm["title"] for arm in ordered]
    pairs = data["correlations"]["found"] if data["correlations"] else []
    rewards = data["rewards"] or {"figures": [], "titles": []}
    charts = {
        "curves_chart": training_curves(data["curves"], order),
        "curves_on_dev": any("dev_loss" in row for rows in data["curves"].values() for row in rows),
        "curves_legend": legend(data["curves"], order),
        "reward_charts": {one["name"]: figure_chart(one, order) for one in rewards["figures"]},
        "reward_legend": legend(dict.fromkeys(rewards["titles"], [{}]), order),
        "scatters": {pair["name"]: scatter(pair["points"], order) for pair in pairs},
    }
    return show_page("report.html.j2", data | charts, ROWS if data["rows"] else ())


def show_page(template: str, data: dict[str, Any], parts: Iterable[str] = ()) -> str:
    """Render a template that extends page.html.j2; `parts` are styles and scripts of its own."""
    return page_environment(parts).get_template(template).render(data)


def page_environment(parts: Iterable[str] = ()) -> Environment:
    """What renders pages: it escapes, and knows the style and script that a page may use."""
    environment = _environment(autoescape=True)
    files = [*PARTS, *parts]
    environment.globals |= {
        "style": inline(environment, [file for file in files if file.endswith(".css")]),
        "script": inline(environment, [file for file in files if file.endswith(".js")]),
    }
    return environment


def inline(environment: Environment, files: Iterable[str]) -> dict[str, str]:
    """Files as one text, as they are, and the hash by which the page's policy lets it through."""
    assert environment.loader is not None
    text = "\n".join(environment.loader.get_source(environment, file)[0] for file in files)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return {"text": Markup(text), "hash": f"sha256-{digest}"}


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
    environment.filters |= {"bounds": bounds, "p_value": p_value, "short": short, "slug": slug}
    environment.filters |= {"headings": headings, "labelled": labelled, "titles": titles}
    environment.filters |= {"parted": parted, "lined": lined, "turned": turned, "worded": worded}
    environment.filters |= {"embedded": embedded, "coded": coded}
    return environment


def cell(text: Any) -> str:
    """Any text as one Markdown table cell: no line breaks, no pipes, no HTML, no formatting."""
    escaped = html.escape(" ".join(str(text).split()), quote=False)
    for character in "\\`*_[]|":
        escaped = escaped.replace(character, f"\\{character}")
    return escaped


def coded(text: str) -> Markup:
    """A text of a study's file on a page: what it has between backticks is code."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))


def short(text: str) -> str:
    """The beginning of a text; cut anywhere, since not all languages have spaces."""
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def parted(text: str) -> tuple[str, str]:
    """The beginning of a text and the rest, which is empty where the text is short."""
    lines = text.splitlines(keepends=True)
    end = min(SHOWN, sum(map(len, lines[:SHOWN_LINES])))
    if len(text) - end < WORTH:
        return text, ""
    # Between two words, if there are any: not all languages have spaces
    space = max(text.rfind(mark, end - WORTH, end) for mark in " \n") + 1
    return text[: space or end], text[space or end :]


def lined(text: str) -> str:
    """The beginning of a text for Markdown, with its line breaks and indentation."""
    lines = short(text.strip("\n")).splitlines()
    return "<br> ".join(
        "&nbsp;" * (len(line) - len(line.lstrip(" "))) + cell(line) for line in lines
    )


def titles(names: Iterable[str], arms: dict[str, Any]) -> list[str]:
    """What to call some arms, in the order of their names; floors go by their own."""
    return [arms[name]["title"] if name in arms else name for name in names]


def slug(heading: str) -> str:
    """A heading as an id, the same that the Markdown page's heading gets on code hosts."""
    return re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-"))


def headings(sections: str) -> list[tuple[str, Markup]]:
    """Id and heading of each section of a page. Both are markup of ours: a text has no `<`."""
    return [(id_, Markup(heading)) for id_, heading in SECTION.findall(sections)]


def labelled(svg: str, label: str) -> Markup:
    """A chart as one picture with a name, whose parts no screen reader spells out."""
    return Markup(svg.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1))
