"""Pages as a browser would see them."""

import json
import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

# What our templates and charts are made of; any other tag is a model's.
OURS = {"html", "head", "meta", "title", "link", "style", "script", "body", "header", "nav", "main",
        "section", "footer", "a", "bdi", "h1", "h2", "h3", "h4", "p", "details", "summary", "div",
        "figure", "figcaption", "table", "thead", "tbody", "tr", "th", "td", "span", "strong", "br",
        "ul", "ol", "li", "b", "em", "code", "article", "dl", "dt", "dd", "svg", "g", "path",
        "ins", "del", "text", "line", "rect", "circle", "defs", "clippath", "desc"}  # fmt: skip
MARKDOWN = {"h1", "h2", "h3", "p", "br", "table", "thead", "tbody", "tr", "th", "td", "ul", "ol",
            "li", "code", "strong", "em", "blockquote", "a", "ins", "del"}  # fmt: skip


class Page(HTMLParser):
    """The tags, attributes and texts of a page, styles and scripts apart."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.cells, self.text = [], [], [], ""
        self.read = True
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.read = tag not in ("style", "script")
        self.attributes += [(tag, *attribute) for attribute in attributes]
        if tag in ("td", "th", "li", "p", "strong", "dd", "dt", "h2", "figcaption"):
            self.cells.append("")

    def handle_endtag(self, tag):
        self.read = True

    def handle_data(self, data):
        if not self.read:
            return
        self.text += data
        if self.cells:
            self.cells[-1] += data


def carried(html):
    """What a report carries along for its browser of rows."""
    (text,) = re.findall('<script type="application/json" id="rows-data">(.*?)</script>', html)
    return json.loads(text)


def plain(text):
    return " ".join(text.split())


def shown(markdown_text):
    """A Markdown report as a page, by a renderer that lets HTML through."""
    return Page(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown_text))


def section(markdown_text, heading):
    """The text below one heading of a Markdown report."""
    return markdown_text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def table(markdown_text, heading):
    """The first table below a heading: its rows as lists of cells, the head first."""
    lines = [line for line in section(markdown_text, heading).splitlines() if line[:1] == "|"]
    rows = [[cell.strip() for cell in line.split(" | ")] for line in lines]
    return [[cell.strip("| ") for cell in row] for row in (rows[0], *rows[2:])]
