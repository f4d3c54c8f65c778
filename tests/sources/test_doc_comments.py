"""Doc comments as a table: what of them becomes the words of a task."""

import pytest

from stages.sources.doc_comments import read_comment

# what, the comment, its description and details; None where it is no doc comment
CASES = [
    ("one line", "/** Add two. */", "Add two.", []),
    ("stars", "/**\n * Add\n * two.\n */", "Add two.", []),
    ("no stars", "/**\n  Add\n  two.\n*/", "Add two.", []),
    ("a plain comment", "/* Add two. */", None, []),
    ("a line comment", "// Add two.", None, []),
    ("a banner", "/*** Add two. ***/", None, []),
    ("a licence header", "/**\n * Copyright (c) Nobody\n * Add two.\n */", None, []),
    ("empty", "/** */", None, []),
    ("the shortest", "/**/", None, []),
    ("tags alone", "/** @internal */", None, []),
    ("a tag of no use", "/** Add two.\n * @internal\n * @deprecated use three */", "Add two.", []),
    ("a link", "/** See {@link Sum} and {@link Sum.two|the two}. */", "See Sum and Sum.two.", []),
    ("a Markdown link", "/** See [the page](a/b.html). */", "See the page.", []),
    (
        "code in a sentence",
        "/** Returns `{a: 1}` at <b>once</b>. */",
        "Returns `{a: 1}` at once.",
        [],
    ),
    ("less than", "/** Whether a < b and c > d. */", "Whether a < b and c > d.", []),
    ("an address with an at", "/** Mail a@b.c or @c. */", "Mail a@b.c or @c.", []),
    (
        "an example in a fence",
        "/**\n * Add two.\n *\n * ```ts\n * @deco\n * add(2);\n * ```\n * Fast.\n */",
        "Add two. Fast.",
        [],
    ),
    ("a tagged example", "/**\n * Add two.\n * @example\n * add(2);\n * @see x */", "Add two.", []),
    (
        "headings",
        "/**\n * Add two.\n *\n * #### Notes\n * It is fast.\n *\n * #### Example\n * add(2)\n */",
        "Add two. It is fast.",
        [],
    ),
    (
        "notes below a tag",
        "/**\n * Add two.\n * @returns The sum.\n *\n * #### Notes\n * It is fast.\n */",
        "Add two. It is fast.",
        ["Returns: The sum."],
    ),
    ("remarks", "/** Add two.\n * @remarks It is fast. */", "Add two. It is fast.", []),
    (
        "parameters",
        "/** Add.\n * @param a - The first,\n * a number.\n * @param {B} [b=2] the second\n */",
        "Add.",
        ["Parameter `a`: The first, a number.", "Parameter `b`: the second"],
    ),
    ("a parameter without words", "/** Add.\n * @param a */", "Add.", []),
    (
        "what comes back",
        "/** Add.\n * @return {number} the sum\n * @throws - If it is late. */",
        "Add.",
        ["Returns: the sum", "Throws: If it is late."],
    ),
    ("a type parameter", "/** Add.\n * @typeparam T - a type\n * @template U b */", "Add.", []),
]


@pytest.mark.parametrize(
    ("what", "text", "description", "details"), CASES, ids=[case[0] for case in CASES]
)
def test_doc_comment(what, text, description, details):
    found = read_comment(text)
    assert (found and found.description) == description
    assert not found or list(found.details) == details
