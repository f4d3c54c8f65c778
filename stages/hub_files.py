"""Files of a repository on the Hugging Face hub, at a pinned commit."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from stages.command import UserError, first_line


def download(id: str, revision: str, patterns: Sequence[str], target: Path) -> None:
    """Put those files that match `patterns` into `target`; UserError says why it can't be done."""
    from huggingface_hub import snapshot_download

    try:
        snapshot_download(id, revision=revision, allow_patterns=list(patterns), local_dir=target)
    except Exception as error:  # the hub client raises many unrelated types
        raise UserError(
            f"cannot download {id}@{revision} from the hub: {first_line(error)}. "
            "Check the id, the revision and the network; a gated model needs HF_TOKEN; "
            "without a hub, download it elsewhere and use kind: folder."
        ) from None
    shutil.rmtree(target / ".cache", ignore_errors=True)
