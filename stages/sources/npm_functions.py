"""Documented functions and methods in the TypeScript sources of published npm packages.

An example's `input` asks, in the words of the doc comment, for a function or method by its name and
that of its class; `target` is its code as it stands in the package, with the indent taken off. The
signature is not in the input: a copy of it would declare the name and score by resemblance. What
the comment says of parameters is. Beside the usual fields an example has

- category: function, method, getter, setter or constructor;
- name, container (its class or namespace, may be empty), signature (the target up to its body);
- path, within the package.

Left out are declarations without a body, with a comment of few words, too short or too long, and
those that TypeScript's grammar does not take by themselves.
"""

import re
import textwrap
from collections.abc import Iterator
from typing import Any

from tqdm import tqdm

from stages.sources.doc_comments import Comment, read_comment
from stages.sources.example import identify
from stages.typescript import npm, syntax

SOURCE = re.compile(r"\.[cm]?ts$")
# Types alone, tests and what a tool wrote
OTHER = re.compile(
    r"\.d\.[cm]?ts$|\.(test|spec|bench)\.|(^|/)(__tests__|__mocks__|tests?|spec|benchmarks?)/"
)
FUNCTIONS = {"function_declaration", "generator_function_declaration"}
VALUES = {"arrow_function", "function_expression", "generator_function"}


def read(source: dict[str, Any]) -> list[dict[str, Any]]:
    """One example per documented function, in the order of packages; UserError as npm.fetch does.

    `origin` names the packages that have it word for word, joined by `+`.
    """
    examples: dict[str, dict[str, Any]] = {}
    progress = tqdm(source["packages"].items(), desc="reading packages", unit="package")
    for package, pin in progress:
        tarball = npm.fetch(package, pin["version"], pin["sha256"])
        found = 0
        for path, content in npm.members(tarball, package, _is_source):
            for function in documented(content.decode(errors="replace"), source):
                found += 1
                first = examples.setdefault(function["id"], {"origin": package, "path": path})
                examples[function["id"]] = _in_packages(function, first, package)
        progress.set_postfix_str(f"{package}: {found} functions")
    return list(examples.values())


def _is_source(path: str) -> bool:
    return bool(SOURCE.search(path)) and not OTHER.search(path)


def _in_packages(function: dict[str, Any], first: dict[str, Any], package: str) -> dict[str, Any]:
    """The function as an earlier package has it, if one has, with this one among its origins."""
    origins = sorted({*first["origin"].split("+"), package})
    return {**function, **first, "origin": "+".join(origins)}


def documented(text: str, limits: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The documented functions of one file that keep to the limits, in its order."""
    root = syntax.parse(text.replace("\r\n", "\n"))
    for node in syntax.within(root):
        if node.type == "comment" and (comment := read_comment(syntax.text(node))):
            example = _example(node, comment, limits)
            if example:
                yield example


def _example(node: Any, comment: Comment, limits: dict[str, Any]) -> dict[str, Any] | None:
    found = _function(node.next_named_sibling)
    if found is None or len(comment.description.split()) < limits["min_words"]:
        return None
    whole, function, category = found
    target = _dedented(whole)
    name, container = _name(function), _container(whole)
    asked = _input(category, name, container, comment)
    if not limits["min_lines"] <= target.count("\n") + 1 <= limits["max_lines"]:
        return None
    if max(len(asked), len(target)) > limits["max_characters"] or syntax.piece(target) is None:
        return None
    return {
        "id": identify(asked, target),
        "category": category,
        "input": asked,
        "target": target,
        "name": name,
        "container": container,
        "signature": _signature(whole, function),
    }


def _function(node: Any) -> tuple[Any, Any, str] | None:
    """What stands behind a comment, the function in it and of which kind it is."""
    if node is None:
        return None
    inner = node.child_by_field_name("declaration") if node.type == "export_statement" else node
    if inner is not None and inner.type == "lexical_declaration":
        declarators = [c for c in inner.named_children if c.type == "variable_declarator"]
        value = declarators[0].child_by_field_name("value") if len(declarators) == 1 else None
        inner = declarators[0] if value is not None and value.type in VALUES else None
        return None if inner is None else (node, inner, "function")
    if inner is None or syntax.body_of(inner) is None:
        return None
    if inner.type in FUNCTIONS:
        return node, inner, "function"
    return (node, inner, _kind(inner)) if inner.type == "method_definition" else None


def _kind(method: Any) -> str:
    if _name(method) == "constructor":
        return "constructor"
    words = {child.type for child in method.children if not child.is_named}
    return "getter" if "get" in words else "setter" if "set" in words else "method"


def _name(function: Any) -> str:
    return syntax.text(function.child_by_field_name("name"))


def _container(node: Any) -> str:
    """The names of the classes and namespaces around a declaration, `Outer.Inner`."""
    names = []
    while node := node.parent:
        if node.type in syntax.HOLDERS:
            names.append(_name(node))
    return ".".join(reversed(names))


def _signature(whole: Any, function: Any) -> str:
    body = syntax.body_of(function)
    source = whole.text[: body.start_byte - whole.start_byte].decode(errors="replace")
    return re.sub(r"\s+", " ", source).strip()


def _dedented(node: Any) -> str:
    """The text of a node without the indent that its first line has in the file."""
    return textwrap.dedent(" " * node.start_point.column + syntax.text(node))


def _input(category: str, name: str, container: str, comment: Comment) -> str:
    named = "" if category == "constructor" else f" `{name}`"
    where = f" of `{container}`" if container else ""
    asked = f"Write the TypeScript {category}{named}{where}. {comment.description}"
    return "\n".join([asked, *comment.details])
