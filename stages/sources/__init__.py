"""Sources: raw data -> canonical examples, one file per kind of source.

A source is a function `(settings) -> list of examples`; an example has at least `id`,
`input`, `target` and `origin` (what it was taken from), all text.
"""

from stages.sources import (
    catalogs,
    corrections,
    hub,
    npm_functions,
    parallel,
    shop,
    tabular,
    tasks,
    together,
)

SOURCES = {
    "catalogs": catalogs.read,
    "corrections": corrections.read,
    "file": tabular.read,
    "hub": hub.read,
    "npm_functions": npm_functions.read,
    "parallel": parallel.read,
    "shop": shop.read,
    "tasks": tasks.read,
    "together": together.read,
}
