"""Earlier versions of geozones, taken from git and run in processes of their own."""

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from geozones.common.files import DATA_FOLDER

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class OldCode:
    """The code of a commit, in a folder; it runs with the libraries of this environment."""

    commit: str
    folder: Path

    def run(
        self, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run Python with this code as ``geozones``; ``tests`` is that of this checkout.

        It reads the data of its own commit.
        """
        paths = os.pathsep.join((str(self.folder / "src"), str(ROOT)))
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        known = {
            "PYTHONPATH": paths,
            "GEOZONES_HOME": str(home),
            DATA_FOLDER: str(self.folder / "data"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(
            [sys.executable, *arguments],
            env=os.environ | known | dict(environment or {}),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )


def is_in_history(commit: str) -> bool:
    """Tell whether git has a commit here: a shallow clone or an archive has not."""
    asked = ["git", "-C", str(ROOT), "cat-file", "-e", f"{commit}^{{commit}}"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def check_out(commit: str, folder: Path) -> OldCode:
    """Write the code and data of a commit to a folder, and return it."""
    asked = ["git", "-C", str(ROOT), "archive", commit, "src", "data"]
    packed = subprocess.run(asked, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return OldCode(commit, folder)
