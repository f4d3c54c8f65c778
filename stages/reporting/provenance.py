"""What a report's figures were made of: commit, plans, data, weights, versions."""

from typing import Any

from stages import looks, paths, records

MANIFEST = {"split": str, "version": str, "rows": int, "sha256": str, "source": dict}


def provenance(plan: dict[str, Any], training: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Everything that is needed to get the same figures again."""
    return {
        "commit": looks.commit(),
        "licence": plan["licence"],
        "runs": {name: run for name, run in training.items() if "adapter_sha256" in run},
        "bases": plan["bases"],
        "splits": splits(plan["study"], plan["splits"]),
    }


def splits(study: str, declared: dict[str, Any]) -> list[dict[str, Any]]:
    """Version, size and hash of each split, and what its rows came from."""
    described = []
    for name, split in declared.items():
        manifest = records.read_object(paths.manifest(study, name, split["version"]), MANIFEST)
        described.append({key: manifest.get(key) for key in (*MANIFEST, "origins")})
    return described
