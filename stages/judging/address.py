"""The address of a judge's server, checked before it gets into any file."""

import re
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from stages.command import UserError

# What services put in front of their keys.
PREFIX = re.compile(r"((sk|pk|rk)[-_]|gsk_|hf_|xai-|nvapi-|pplx-|ghp_|glpat-|AIza|AKIA|eyJ).{8}")
# Sixteen letters and digits on end, of both kinds: `gpt-4o-mini-2024-07-18` has none that long.
MIXED = re.compile(r"(?=[0-9]*[a-z])(?=[a-z]*[0-9])[a-z0-9]{16}", re.I)
GROUPS = re.compile(r"[0-9a-f]{4,}(-[0-9a-f]{4,}){3,}", re.I)  # a UUID
LETTERS = re.compile(r"[A-Za-z]{16,}")
CALLED = re.compile(r"(.*[\W_])?(key|apikey|token|secret|password)", re.I)
VERSION = re.compile(r"v\d\w*")


def check_address(base_url: str) -> None:
    """Raise UserError for an address that cannot be used, or that should not get into git."""
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, half a bracket
        usable = False
    if not usable:
        raise UserError("judge: base_url: no address such as https://api.example.org/v1")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UserError(
            "judge: base_url: has a user, a password, a `?` or a `#`, and a secret there would get "
            "into git; leave them out and name the key's environment variable in key_env"
        )
    segments = unquote(parts.path).split("/")
    for number, (before, segment) in enumerate(pairwise(segments), start=1):
        if looks_like_a_key(segment, before):
            raise UserError(
                f"judge: base_url: part {number} of its path looks like a key, and would get into "
                "git; leave it out and name the key's environment variable in key_env"
            )


def looks_like_a_key(segment: str, before: str = "") -> bool:
    """Whether a part of a path is likely a secret: by its form, or by what it is called.

    It is called a key by the part before it (`/token/x`), or by itself (`key=x`).
    """
    called, _, value = segment.replace(":", "=").rpartition("=")
    named = value and not VERSION.fullmatch(value) and CALLED.fullmatch(called or before)
    random = any(len(re.findall("[a-z][A-Z]", run)) > 3 for run in LETTERS.findall(segment))
    return bool(named or random or any(p.search(segment) for p in (PREFIX, MIXED, GROUPS)))
