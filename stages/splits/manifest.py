"""A frozen split's manifest: what it holds, from where, and the hash that proves it."""

from collections import Counter
from pathlib import Path
from typing import Any

from stages import paths, records
from stages.command import UserError, brief

FIELDS = {"study": str, "split": str, "version": str, "rows": int, "sha256": str, "ids": str}
BACK = "A manifest is frozen, and not edited: `git restore` it, or freeze a new version"


def make(
    study: str, name: str, declared: dict[str, Any], rows: list[dict[str, Any]], source: Any
) -> dict[str, Any]:
    """Describe the rows of one split, sorted by id."""
    return {
        "study": study,
        "split": name,
        "version": declared["version"],
        "rows": len(rows),
        "origins": declared["origins"],
        "sha256": content_digest(rows),
        "source": source,
        "ids": " ".join(row["id"] for row in rows),
    }


def content_digest(rows: list[dict[str, Any]]) -> str:
    """SHA-256 of the rows without their group, which may grow when other rows are added."""
    return records.digest([{k: v for k, v in row.items() if k != "group"} for row in rows])


def require(study: str, splits: dict[str, dict[str, Any]], new: list[str]) -> None:
    """Raise UserError unless all declared splits but the new ones have a manifest.

    It names them all at once: what is frozen alone waits for the others, and they for it.
    """
    places = {name: paths.manifest(study, name, of["version"]) for name, of in splits.items()}
    lacking = [name for name, path in places.items() if name not in new and not path.exists()]
    if lacking:
        named = ", ".join(f"{name} {splits[name]['version']}" for name in lacking)
        option = ",".join(name for name in splits if name in lacking or name in new)
        raise UserError(
            f"{places[lacking[0]]}: no manifest for {named}. Freeze it with "
            f"`python -m stages.freeze_splits {study} --new {option}` and commit what it writes."
        )


def read(study: str, name: str, declared: dict[str, Any]) -> dict[str, Any]:
    """Read and check the manifest of a declared split version; UserError where it does not fit."""
    path = paths.manifest(study, name, declared["version"])
    manifest = records.read_object(path, FIELDS)
    for field, own in (("study", study), ("split", name), ("version", declared["version"])):
        if manifest[field] != own:
            raise UserError(f"{path}:{field}: expected {own}, found {brief(manifest[field])}")
    for field in ("rows", "origins"):
        if manifest.get(field) != declared[field]:
            raise UserError(
                f"{path}: frozen with {field} {brief(str(manifest.get(field)))}, the study now "
                f"says {declared[field]}. Declare a new version of {name} instead."
            )
    _whole(manifest, path)
    return manifest


def _whole(manifest: dict[str, Any], path: Path) -> None:
    """Raise UserError unless a manifest names as many different rows as it says."""
    counts = Counter(manifest["ids"].split())
    again = [brief(key) for key, count in counts.items() if count > 1]
    if again:
        raise UserError(f"{path}:ids: {len(again)} stand there again, first {again[:3]}. {BACK}")
    if len(counts) != manifest["rows"]:
        raise UserError(f"{path}:ids: expected {manifest['rows']}, found {len(counts)}. {BACK}")


def pick(
    manifest: dict[str, Any], by_id: dict[str, dict[str, Any]], path: Path
) -> list[dict[str, Any]]:
    """The manifest's rows out of the source; UserError when the source has drifted."""
    ids = manifest["ids"].split()
    gone = [identity for identity in ids if identity not in by_id]
    rows = [by_id[identity] for identity in ids if identity in by_id]
    if gone or content_digest(rows) != manifest["sha256"]:
        what = (
            f"{len(gone)} of {len(ids)} rows are gone, first {gone[:3]}"
            if gone
            else ("a row's content changed")
        )
        raise UserError(
            f"{path}: the source no longer gives this split: {what}. Nothing was written. "
            f"Restore the source, or declare a new version of {manifest['split']}."
        )
    return rows
