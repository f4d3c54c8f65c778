"""A LoRA adapter that was made elsewhere, put on the arm's base and asked like any other."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from stages.methods.method import Method
from stages.strict import Digest, Revision, Strict


class Folder(Strict):
    """A folder as PEFT saves it, pinned by the hash of its weights and config."""

    kind: Literal["folder"]
    path: str
    sha256: Digest
    # The base's name in the adapter's config, where this study's base is that one by another name
    trained_on: str | None = None


class Hub(Strict):
    """An adapter on the Hugging Face hub, at a commit, and the hash of its weights and config."""

    kind: Literal["hub"]
    id: str
    revision: Revision
    sha256: Digest
    trained_on: str | None = None


Given = Annotated[Folder | Hub, Field(discriminator="kind")]


def make(plan: dict[str, Any], folder: Path, log: Path) -> None:
    from stages.methods.adapter.taking import take_in

    take_in(plan, folder, log)


METHOD = Method(make, "adapter from elsewhere", given=Given, adapts=True)
