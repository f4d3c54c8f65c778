"""Take the first screen of a report as a picture, in light and in dark, with Chromium.

Usage: python -m docs.report [STUDY]
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from stages import paths
from stages.command import UserError, run

NAMES = ("chromium", "chromium-browser", "google-chrome")
FOLDER = Path("docs")
SIZE = (1280, 860)
# What a page is told of its reader's preference: 0 is dark, 1 light
SCHEMES = {"light": 1, "dark": 0}


def browser() -> str | None:
    """The first of NAMES that is installed."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def main(study: str = "proofread") -> None:
    program = browser()
    if program is None:
        raise UserError(f"none of {', '.join(NAMES)} is installed; the pictures stay as they are")
    page = paths.report(study, "html").resolve().as_uri()
    for scheme, number in SCHEMES.items():
        with tempfile.TemporaryDirectory() as profile:
            flags = [
                *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
                f"--user-data-dir={profile}",
                f"--window-size={SIZE[0]},{SIZE[1]}",
                f"--blink-settings=preferredColorScheme={number}",
                f"--screenshot={FOLDER.resolve() / f'report-{scheme}.png'}",
            ]
            subprocess.run([program, *flags, page], check=True, capture_output=True)


if __name__ == "__main__":
    run(main)
