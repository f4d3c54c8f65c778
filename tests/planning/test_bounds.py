"""A YAML file that is a bomb ends `plan` at once with one line of ordinary length."""

import time

import pytest

from stages.command import UserError
from stages.planning.schema import StudyFile
from stages.planning.yaml_files import load


def multiplied(levels: int, width: int, leaf: str) -> str:
    """Aliases of aliases: `width` to the power of `levels` leaves."""
    lines = [f"a0: &a0 [{leaf}]"]
    for level in range(1, levels):
        lines.append(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * width)}]")
    return "\n".join(lines)


MUCH, DEEP = "too much from here on: with aliases written", "more than 30 levels deep"
# what, the file, the line that is named, how the error goes on
BOMBS = [
    ("aliases, for ever", multiplied(30, 10, "x"), ":5", MUCH),
    ("aliases, 100,000 values", multiplied(6, 10, "x"), ":5", MUCH),
    ("aliases of a long text", multiplied(3, 9, "x" * 50_000), ":2", MUCH),
    ("aliases in merges", "a: &a {x: 1}\nb: &b [{<<: *a}, " + "*a, " * 9999 + "*a]", ":2", MUCH),
    ("aliases, each in the next", multiplied(100, 1, "x"), ":29", DEEP),
    ("an alias of itself", "arms: &a [*a]", ":1", "the alias *a stands inside of what it names"),
    ("5,000 brackets", "arms: " + "[" * 5000, ":1", DEEP),
    ("5,000 pairs of brackets", "[" * 5000 + "]" * 5000, ":1", DEEP),
    ("dashes", "- " * 100_000, ":1", DEEP),
    ("indents", "".join(" " * n + "a:\n" for n in range(900)), ":30", DEEP),
    ("values without end", "a: [" + "1, " * 30_000, ":1", MUCH),
    ("a long file", "#" + "x" * 600_000, "", "600,001 characters; 500,000 are allowed"),
    ("half a character", 'arms:\n  x: "\\ud800"', ":2", "\\ud800 is half a character; write the"),
    ("half a character as a key", '{"\\udfff": 1}', ":1", "\\udfff is half a character"),
    ("a long name", "arms: *" + "a" * 400_000, ":1", "not YAML (found undefined alias 'aaaaaa"),
    ("a long text", "arms: " + "a" * 400_000, "", "arms: input should be a valid dictionary, fo"),
    ("a long key", "{? " + "a" * 400_000 + " : 1}", "", "unknown key 'aaaaaaaa"),
    ("lines in a key", '{"a\\nb\\u2028c": 1}', "", "unknown key 'a\\nb\\u2028c'; known: "),
]


@pytest.mark.parametrize(("what", "text", "line", "said"), BOMBS, ids=[row[0] for row in BOMBS])
def test_bomb_is_refused_at_once_in_one_line(tmp_path, what, text, line, said):
    path = tmp_path / "toy.yaml"
    path.write_text(text)
    started = time.process_time()
    with pytest.raises(UserError) as raised:
        load(path, StudyFile)
    assert time.process_time() - started < 1.0
    message = str(raised.value)
    assert message.startswith(f"{path}{line}: {said}")
    assert len(message) < 600 and "\n" not in message and message.encode()


def test_what_is_within_the_bounds_is_read(tmp_path):
    path = tmp_path / "toy.yaml"
    floors = ", ".join(f"f{n}: *f" for n in range(1000))
    path.write_text(f"x: &f {{constant: .}}\nfloors: {{{floors}}}")
    with pytest.raises(UserError, match="unknown key 'x'"):
        load(path, StudyFile)
