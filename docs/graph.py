"""Draw the graph of dvc.yaml, a box per stage, as one SVG that follows the reader's light or dark.

Usage: python -m docs.graph > docs/graph.svg

Passed over are copies into git (`keep_*`), stages that only repeat another one for arms under
`continued`, and an arrow where a longer way says the same.
Stages that a study must switch on are dashed, those that take a model are blue.
"""

import itertools
import re
from pathlib import Path
from typing import Any

import networkx as nx
from ruamel.yaml import YAML

PIPELINE = Path(__file__).parent.parent / "dvc.yaml"
WIDTH, HEIGHT, ACROSS, DOWN, MARGIN = 128, 30, 18, 24, 8
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328; text-anchor: middle; }
rect { fill: #f6f8fa; stroke: #59636e; }
.optional { stroke-dasharray: 4 3; }
.expensive { fill: #ddeeff; stroke: #0a55b0; }
path { fill: none; stroke: #818b98; }
marker path { fill: #818b98; stroke: none; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  rect { fill: #151b23; stroke: #9198a1; }
  .expensive { fill: #10294a; stroke: #6cb0ff; }
  path { stroke: #656c76; }
  marker path { fill: #656c76; }
}
"""
# What takes a model: minutes and hours where the others take seconds
EXPENSIVE = (
    *("train", "continue", "predict", "measure_drift", "next_tokens"),
    *("test", "score_comet", "judge"),
)


def main() -> None:
    pipeline = YAML(typ="safe", pure=True).load(PIPELINE.read_text(encoding="utf-8"))
    print(svg(graph(pipeline["stages"]), optional(pipeline)), end="")


def graph(stages: dict[str, Any]) -> nx.DiGraph:
    """Stages with what they are for, and an edge where one reads what another wrote."""
    # The same stage for other arms
    once = {name: stage for name, stage in stages.items() if not name.endswith("_continued")}
    bodies = {name: stage.get("do", stage) for name, stage in once.items()}
    found = nx.DiGraph()
    for name, body in bodies.items():
        found.add_node(name, desc=body["desc"])
    for (one, writes), (other, reads) in itertools.permutations(bodies.items(), 2):
        if any(meet(out, dep) for out in outs(writes) for dep in reads["deps"]):
            found.add_edge(one, other)
    for name in [name for name in found if name.startswith("keep_")]:
        found.add_edges_from(itertools.product(found.pred[name], found.succ[name]))
        found.remove_node(name)
    reduced = nx.transitive_reduction(found)
    reduced.add_nodes_from(found.nodes(data=True))
    return reduced


def outs(body: dict[str, Any]) -> list[str]:
    every = [entry for kind in ("outs", "metrics", "plots") for entry in body.get(kind, [])]
    return [entry if isinstance(entry, str) else next(iter(entry)) for entry in every]


def meet(out: str, dep: str) -> bool:
    """Whether a path holds the other or is it; any key stands for any other."""
    ours, theirs = (re.sub(r"\$\{[^}]+\}", "*", path).split("/") for path in (out, dep))
    return all(a == b for a, b in zip(ours, theirs, strict=False))


def optional(pipeline: dict[str, Any]) -> set[str]:
    """The stages over maps that are empty until a study file fills them."""
    maps = {name for item in pipeline["vars"] if isinstance(item, dict) for name in item}
    foreach = {
        name: str(s.get("foreach", "")).strip("${}") for name, s in pipeline["stages"].items()
    }
    return {name for name, over in foreach.items() if over in maps}


def rows_of(drawn: nx.DiGraph) -> tuple[list[list[str]], dict[tuple[str, str], list[str]]]:
    """Stages by the longest way to them; per arrow its points, one in each row that it passes."""
    rows = [list(row) for row in nx.topological_generations(drawn)]
    level = {name: number for number, row in enumerate(rows) for name in row}
    ways = {}
    for one, other in sorted(drawn.edges):
        between = [f"{one}>{other}@{number}" for number in range(level[one] + 1, level[other])]
        for slot in between:
            rows[int(slot.rpartition("@")[2])].append(slot)
        ways[one, other] = [one, *between, other]
    return rows, ways


def places(rows: list[list[str]], ways: list[list[str]]) -> dict[str, tuple[float, float]]:
    """The centre of each stage and slot: within a row they stand under what they come from."""
    before: dict[str, list[str]] = {}
    for way in ways:
        for one, other in itertools.pairwise(way):
            before.setdefault(other, []).append(one)
    widest = max(len(row) for row in rows)
    at: dict[str, tuple[float, float]] = {}
    for number, row in enumerate(rows):
        above = {name: [at[one][0] for one in before.get(name, [])] or [0.0] for name in row}
        ordered = sorted(row, key=lambda name: (sum(above[name]) / len(above[name]), name))
        for place, name in enumerate(ordered):
            at[name] = (place + (widest - len(row)) / 2 + 0.5, number)
    return {
        name: (MARGIN + x * (WIDTH + ACROSS), MARGIN + HEIGHT / 2 + y * (HEIGHT + DOWN))
        for name, (x, y) in at.items()
    }


def arrow(points: list[tuple[float, float]]) -> str:
    """A curve from under the first box to the top of the last, upright at each point between."""
    (x, y), *between, (u, v) = points
    stops = [(x, y + HEIGHT / 2), *between, (u, v - HEIGHT / 2)]
    path = f"M{stops[0][0]:g} {stops[0][1]:g}"
    for (x, y), (u, v) in itertools.pairwise(stops):
        half = (y + v) / 2
        path += f"C{x:g} {half:g} {u:g} {half:g} {u:g} {v:g}"
    return f'<path marker-end="url(#tip)" d="{path}"/>'


def box(name: str, desc: str, kinds: list[str], x: float, y: float) -> str:
    shape = f'x="{x - WIDTH / 2:g}" y="{y - HEIGHT / 2:g}" width="{WIDTH}" height="{HEIGHT}" rx="5"'
    return (
        f'<g><title>{desc}</title><rect class="{" ".join(kinds)}" {shape}/>'
        f'<text x="{x:g}" y="{y + 4.5:g}">{name}</text></g>'
    )


def svg(drawn: nx.DiGraph, dashed: set[str]) -> str:
    rows, ways = rows_of(drawn)
    at = places(rows, list(ways.values()))
    right = max(x for x, _ in at.values()) + WIDTH / 2 + MARGIN
    bottom = max(y for _, y in at.values()) + HEIGHT / 2 + MARGIN
    classes = {"optional": dashed, "expensive": EXPENSIVE}
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right:g} {bottom:g}" '
        f'width="{right:g}" role="img">',
        "<title>The graph: each stage, and what it waits for</title>",
        f"<style>{STYLE}</style>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
        *(arrow([at[point] for point in way]) for way in ways.values()),
    ]
    for name, desc in sorted(drawn.nodes(data="desc")):
        kinds = [kind for kind, members in classes.items() if name in members]
        lines.append(box(name, desc, kinds, *at[name]))
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    main()
