"""Type errors in pieces of TypeScript, and its JavaScript: one run of a pinned compiler over many.

Each piece is a module of its own, one of a class's members within a class; none sees another, nor
any package. So nothing is known of a name from elsewhere, and what the compiler says for that alone
is FORGIVEN. What has such a type it lets pass. Nothing of a piece is run here.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from stages import paths
from stages.command import UserError
from stages.typescript import npm
from stages.typescript.syntax import HEAD, TAIL, Piece

PACKAGE, VERSION = "typescript", "5.9.3"
SHA256 = "10e108c9cf7d5f2879053dff18515fb405abf2ccef63eaaf017d9c571687a1d3"
NEEDED = re.compile(r"lib/(_?tsc\.js|lib(\.[\w.]+)?\.d\.ts)")
NODE = "node"
WALL = 300  # seconds for one run
MEMORY = 2048  # MiB of the compiler's heap

# Any name may be a member of what a piece's class extends.
AROUND = "declare const Base: any;\n"
OPTIONS = {
    "noEmit": True,
    "strict": True,
    "strictPropertyInitialization": False,  # fields are set by what isn't shown
    "useUnknownInCatchVariables": False,
    "experimentalDecorators": True,
    "target": "ES2022",
    "lib": ["ES2022", "DOM", "DOM.Iterable"],
    "module": "ESNext",
    "moduleResolution": "Bundler",
    "moduleDetection": "force",
    "noResolve": True,  # an import reads no other file
    "types": [],
    "typeRoots": [],
    "skipLibCheck": True,
}
# JavaScript is made of what the grammar allows, whatever its types and whatever stands beside it
EMITTED = OPTIONS | {"noEmit": False, "noCheck": True, "isolatedModules": True, "outDir": "out"}
EMITTED |= {"lib": ["ES5"]}  # of which nothing is asked, but without any it stops
# By what they say; the last of each line are variants with a guess at what was meant
UNKNOWN_NAMES = {2304, 2503, 2307, 2552, 2663, 2792, 2833, 18004}
UNKNOWN_LIBRARIES = {2580, 2581, 2582, 2583, 2584, 2585, 2591, 2592, 2593, 2867, 2868, 7016}
UNKNOWN_BASE = {2377, 4112, 4113, 4114, 17009, 17011}  # what a class extends isn't shown
UNTYPED = {2347, 2683}  # what follows from an unknown name's type, or from an unknown `this`
IMPLICIT_ANY = range(7005, 7058)  # a type that would follow from an unknown one
FORGIVEN = {*UNKNOWN_NAMES, *UNKNOWN_LIBRARIES, *UNKNOWN_BASE, *UNTYPED, *IMPLICIT_ANY}

FOUND = re.compile(r"^\w+-(\d+)\.m?ts\(\d+,\d+\): error TS(\d+):", re.M)
WIDE = re.compile(r"\bdeclare\b.*\b(?:global|module)\b", re.S)  # may say something of other modules


class Stopped(Exception):
    """The compiler gave no account of these pieces: it broke, or ran out of time or memory."""


@cache
def lacking() -> str | None:
    """Why nothing can be checked here, on one line; None where it can."""
    if shutil.which(NODE) is None:
        return "node is not installed; install Node.js 20 or later"
    try:
        compiler()
    except UserError as error:
        return str(error)
    return None


def compiler() -> Path:
    """The compiler's script, taken out of its package once. Raises UserError as npm.fetch does."""
    folder = paths.scratch() / "npm" / f"{PACKAGE}-{VERSION}-{SHA256[:12]}"
    if not folder.exists():
        tarball = npm.fetch(PACKAGE, VERSION, SHA256)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as new:
            for path, content in npm.members(tarball, PACKAGE, NEEDED.fullmatch):
                # Names of ours: the pattern has no way out of the folder.
                (Path(new) / Path(path).name).write_bytes(content)
            shutil.copytree(new, folder)
    return (folder / "tsc.js").resolve()


def errors(pieces: Sequence[Piece]) -> list[set[int] | None]:
    """Per piece the codes of its type errors, forgiven ones left out; None where it stops tsc.

    A piece that says something of all modules is checked apart, so that no other one hears it.
    """
    apart = [bool(WIDE.search(piece.code)) for piece in pieces]
    sources = [_source(piece) for piece in pieces]
    found = iter(_halved([s for s, alone in zip(sources, apart, strict=True) if not alone], _run))
    return [
        _halved([source], _run)[0] if alone else next(found)
        for source, alone in zip(sources, apart, strict=True)
    ]


def javascript(sources: Sequence[str]) -> list[str | None]:
    """Each module in JavaScript, as node runs it; None for what is no TypeScript by its grammar."""
    return _halved(sources, _emitted)


def _source(piece: Piece) -> str:
    """A piece as a file. Comments that speak to the compiler are none here."""
    code = piece.code.replace("@ts-", "@ts_").replace("///", "// ")
    return f"{HEAD}{code}{TAIL}\n" if piece.member else f"{code}\n"


def _halved(sources: Sequence[str], run: Callable[[Sequence[str]], list]) -> list:
    """What a run makes of each file; where it stops, halves of them are tried, then of these."""
    if not sources:
        return []
    try:
        return run(sources)
    except Stopped:
        half = len(sources) // 2
        return [None] if half == 0 else _halved(sources[:half], run) + _halved(sources[half:], run)


def _run(sources: Sequence[str]) -> list[set[int]]:
    word = os.urandom(8).hex()  # what a piece cannot know, to import another one by its name
    files = {f"{word}-{number}.ts": source for number, source in enumerate(sources)}
    files[f"{word}.d.ts"] = AROUND
    with tempfile.TemporaryDirectory() as name:
        said = _project(Path(name), files, OPTIONS)
    found: list[set[int]] = [set() for _ in sources]
    for file, code in FOUND.findall(said):
        if int(code) not in FORGIVEN:
            found[int(file)].add(int(code))
    return found


def _emitted(sources: Sequence[str]) -> list[str | None]:
    # As .mts each is a module, also without an import or an export
    files = {f"code-{number}.mts": source for number, source in enumerate(sources)}
    with tempfile.TemporaryDirectory() as name:
        faulty = {int(file) for file, _ in FOUND.findall(_project(Path(name), files, EMITTED))}
        made = [Path(name, "out", f"code-{number}.mjs") for number in range(len(sources))]
        return [
            None if number in faulty else path.read_text(encoding="utf-8")
            for number, path in enumerate(made)
        ]


def _project(folder: Path, files: Mapping[str, str], options: Mapping[str, Any]) -> str:
    """What the compiler says of these files, written into a folder."""
    for file, source in files.items():
        (folder / file).write_text(source, encoding="utf-8", errors="replace", newline="\n")
    settings = {"compilerOptions": options, "files": list(files)}
    (folder / "tsconfig.json").write_text(json.dumps(settings))
    return _said(folder)


def _said(folder: Path) -> str:
    """What the compiler says of the project in a folder. Raises Stopped where that isn't all."""
    command = [shutil.which(NODE), f"--max-old-space-size={MEMORY}", str(compiler())]
    command += ["--project", "tsconfig.json", "--pretty", "false"]
    try:
        done = subprocess.run(
            command, cwd=folder, env={}, capture_output=True, stdin=subprocess.DEVNULL, timeout=WALL
        )
    except subprocess.TimeoutExpired:
        raise Stopped from None
    said = done.stdout.decode(errors="replace")
    if said.startswith("error TS"):  # of the settings and not of a file
        raise RuntimeError(f"tsc: {said.splitlines()[0]}")
    if done.stderr or done.returncode not in (0, 1, 2):
        raise Stopped
    return said
