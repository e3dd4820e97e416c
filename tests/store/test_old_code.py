"""What today's code wrote, in the hands of earlier versions: refused in a sentence, or read whole.

Each runs as it was, from git. A backup or a store that it took and read in part would be lost in
silence once it is written again.
"""

import io
import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from geozones.common.files import DATA_FOLDER
from geozones.store import Store
from tests.fixtures.old_stores.reading import COMMIT, HERE, read_all

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


pytestmark = pytest.mark.slow


_EXPECTED = json.loads((HERE / "expected.json").read_bytes())
#: What leads to copies and links of the store of `lived_in` that nothing lists.
KNOWN: dict[str, list[str]] = {name: _EXPECTED[name] for name in ("copies", "gone")}


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> OldCode:
    """The code of an earlier version."""
    if not is_in_history(COMMIT):
        pytest.skip(f"the history is cut: there is no commit {COMMIT}")
    return check_out(COMMIT, tmp_path_factory.mktemp(COMMIT))


@pytest.fixture
def lived_in(store: Store) -> Store:
    """A store that today's code wrote, on each kind of database: something of each kind is in it.

    It comes from a backup that holds something of each kind.
    """
    store.restore(HERE / "store.backup.json")
    return store


def geozones(old: OldCode, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the earlier version on a database."""
    return old.run("-m", "geozones.cli", *arguments, environment={"GEOZONES_DATABASE_URL": url})


def is_refused(done: subprocess.CompletedProcess[str]) -> bool:
    """Tell whether a command said, in a sentence and no more, that a newer version is needed."""
    if "mettez geozones à jour" not in done.stderr:
        return False
    assert done.returncode in {1, 2}
    assert done.stdout == ""
    assert re.fullmatch(r"geozones : .*\.\n", done.stderr), done.stderr
    return True


def read_by(old: OldCode, url: str, known: dict[str, list[str]]) -> Any:
    """Return what the earlier version reads in a database."""
    reading = "tests.fixtures.old_stores.reading"
    done = old.run("-m", reading, url, json.dumps(known))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_store_of_today_is_refused_or_read_whole(old: OldCode, lived_in: Store, url: str) -> None:
    held = read_all(lived_in, **KNOWN)
    if not is_refused(geozones(old, url, "scenarios", "list")):
        assert read_by(old, url, KNOWN) == held
    assert read_all(lived_in, **KNOWN) == held


def test_a_backup_of_today_is_refused_or_restored_whole(
    old: OldCode, lived_in: Store, tmp_path: Path
) -> None:
    held = read_all(lived_in, **KNOWN)
    file = lived_in.backup(tmp_path / "today.json").path
    url = f"sqlite:///{tmp_path / 'restored.db'}"
    done = geozones(old, url, "scenarios", "restore", str(file))
    if is_refused(done):
        assert read_by(old, url, {})["scenarios"] == {}
        return
    # it looks for a seal in the last entry of the log, and says that there is none
    assert done.returncode == 0 or "Le journal a été altéré" in done.stderr
    read = read_by(old, url, KNOWN)
    assert read.keys() == held.keys()
    # the log goes on: a restore is an action too
    assert read["actions"][:-1] == held["actions"]
    assert read | {"actions": held["actions"]} == held
