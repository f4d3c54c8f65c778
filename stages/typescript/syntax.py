"""What a piece of TypeScript declares, by tree-sitter, and whether it is TypeScript at all.

tree-sitter takes nearly any text for a program: of Japanese prose it makes one long name. A piece
is code here if it has neither an ERROR nor a MISSING node and holds at least one of

- a function, method, class, interface, enum, type alias or namespace,
- a variable with a value, an import,
- one of the statements if, for, while, do, switch, try.

Names, literals, labels and calls alone are none, whatever stands between them, nor is `export {}`.
"""

import textwrap
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

# A member of a class is code too, but not by itself: it is read as the only one of this class.
HEAD, TAIL = "class Holder extends Base {\n", "\n}"
DECLARED = {
    "abstract_class_declaration",
    "class_declaration",
    "enum_declaration",
    "function_declaration",
    "generator_function_declaration",
    "interface_declaration",
    "internal_module",
    "method_definition",
    "type_alias_declaration",
    "variable_declarator",
}
WORDED = {
    "do_statement",
    "for_in_statement",
    "for_statement",
    "if_statement",
    "import_statement",
    "switch_statement",
    "try_statement",
    "while_statement",
}
# Where a declaration stands as one of the piece's own, and not within a function's body
OUTER = {
    "ambient_declaration",
    "class_body",
    "export_statement",
    "expression_statement",
    "lexical_declaration",
    "variable_declaration",
}
HOLDERS = {"abstract_class_declaration", "class_declaration", "internal_module"}
BLOCKS = {"class_body", "enum_body", "interface_body", "object_type", "statement_block"}


class Declaration(NamedTuple):
    """A name that a piece of code gives to something, and whether a body that does something."""

    name: str
    has_body: bool


class Piece(NamedTuple):
    """Code that is sound by itself, or as a member of a class."""

    code: str
    member: bool
    declarations: tuple[Declaration, ...]


def parse(source: str) -> Any:
    """The root node of a source text's tree."""
    return _parser().parse(source.encode(errors="replace")).root_node


@cache
def _parser() -> Any:
    import tree_sitter_typescript
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_typescript.language_typescript()))


@lru_cache(maxsize=10_000)  # three metrics ask for each answer's
def piece(code: str) -> Piece | None:
    """Read code as a module, or else as a member of a class; None if it is sound as neither."""
    for member, whole in ((False, code), (True, f"{HEAD}{code}{TAIL}")):
        root = parse(whole)
        if root.has_error:  # of ERROR and of MISSING nodes
            continue
        body = _holder(root) if member else root
        if body is not None and any(_is_code(node) for node in within(body)):
            return Piece(textwrap.dedent(code).strip(), member, tuple(_declared(body)))
    return None


def _holder(root: Any) -> Any:
    """The body of the class around a member; None where the member's own braces closed it."""
    return root.named_children[0].child_by_field_name("body") if len(root.children) == 1 else None


def _is_code(node: Any) -> bool:
    if node.type == "variable_declarator":
        return node.child_by_field_name("value") is not None
    return node.type in DECLARED or node.type in WORDED


def within(node: Any) -> Iterator[Any]:
    """All named nodes below one, in the text's order."""
    waiting = node.named_children[::-1]
    while waiting:
        found = waiting.pop()
        yield found
        waiting += found.named_children[::-1]


def _declared(body: Any) -> Iterator[Declaration]:
    """The declarations of a piece, those in its classes and namespaces too."""
    waiting = body.named_children[::-1]
    while waiting:
        node = waiting.pop()
        if node.type in DECLARED and (name := node.child_by_field_name("name")):
            yield Declaration(text(name), _does_something(node))
        inner = body_of(node) if node.type in HOLDERS else node if node.type in OUTER else None
        waiting += inner.named_children[::-1] if inner else []


def _does_something(declaration: Any) -> bool:
    """Whether its body is not empty. A value is a body, and that of a function value is its own."""
    body = body_of(declaration)
    if body is None or body.type not in BLOCKS:
        return body is not None or declaration.child_by_field_name("value") is not None
    return any(child.type != "comment" for child in body.named_children)


def body_of(declaration: Any) -> Any:
    """The body of a function, class or namespace, or of the function that is a name's value."""
    value = declaration.child_by_field_name("value")
    return (declaration if value is None else value).child_by_field_name("body")


def text(node: Any) -> str:
    return node.text.decode(errors="replace")
