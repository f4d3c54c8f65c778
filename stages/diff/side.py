"""One side of a comparison: a revision's or the workspace's results, as far as it has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages import paths, records
from stages.command import UserError


@dataclass(frozen=True)
class Side:
    """`name` as it is shown, `folder` with metrics/, plan/report/ and data/manifests/ below it."""

    name: str
    folder: Path

    def studies(self) -> list[str]:
        """Every study with scores."""
        parent = self.folder / paths.quality("study", "arm").parent.parent
        return sorted(path.name for path in parent.glob("*") if path.is_dir())

    def arms(self, study: str) -> list[str]:
        """A study's arms with scores; what an arm that left the plan has left behind is none."""
        parent = self.folder / paths.quality(study, "arm").parent
        found = sorted(path.stem for path in parent.glob("*.json"))
        planned = self.plan(study).get("arms")
        return found if planned is None else [arm for arm in found if arm in planned]

    def plan(self, study: str) -> dict[str, Any]:
        return self.read(paths.plan("report", study))

    def title(self, study: str, arm: str) -> str:
        return self.plan(study).get("arms", {}).get(arm, {}).get("title", arm)

    def quality(self, study: str, arm: str) -> dict[str, dict[str, Any]]:
        """An arm's recorded scores by metric, in the order that its study declares."""
        path = paths.quality(study, arm)
        found = self.read(path)
        for metric, entry in found.items():
            for name in ("label", "direction", "unit"):
                records.check_field(entry, name, str, f"{self.folder / path}:{metric}")
        places = {name: place for place, name in enumerate(self.plan(study).get("metrics", []))}
        return dict(sorted(found.items(), key=lambda item: places.get(item[0], len(places))))

    def read(self, path: Path) -> dict[str, Any]:
        """A JSON file's object; empty where the side has no such file."""
        file = self.folder / path
        value = records.read_json(file) if file.exists() else {}
        if not isinstance(value, dict):
            raise UserError(f"{file}: expected an object, found {type(value).__name__}")
        return value

    def rows(self, study: str, arm: str) -> dict[str, dict[str, Any]] | None:
        """An arm's row statistics by id; None without any."""
        file = self.folder / paths.row_statistics(study, arm)
        if not file.exists():
            return None
        return {row["id"]: row for row in records.read(file, {"id": str, "group": str})}

    def dev_split(self, study: str) -> Mapping[str, Any]:
        """Version and hash of the dev split, from its manifest."""
        version = self.plan(study).get("splits", {}).get("dev", {}).get("version")
        return self.read(paths.manifest(study, "dev", version)) if version else {}
