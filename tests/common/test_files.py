"""Writing a file leaves the old one or the new one, whole, and nothing else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from geozones.common.errors import InputError
from geozones.common.files import (
    DATA_FOLDER,
    home_folder,
    new_folder,
    ordinary,
    territories_folder,
    why,
    write_atomically,
    write_folder_atomically,
)
from geozones.domain import ExportError


def test_a_file_is_replaced_whole_and_a_link_stays_a_link(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("avant", encoding="utf-8")
    write_atomically(path, "après")
    assert path.read_text(encoding="utf-8") == "après"
    assert list(tmp_path.iterdir()) == [path]
    real, link = tmp_path / "plan.json", tmp_path / "lien.json"
    real.write_text("avant", encoding="utf-8")
    link.symlink_to(real)
    write_atomically(link, "après")
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "après"


def test_what_is_not_a_file_is_left_alone(tmp_path: Path) -> None:
    pipe = tmp_path / "tube"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="n'est pas un fichier ordinaire"):
        write_atomically(pipe, "texte")
    assert pipe.is_fifo()


def test_only_an_ordinary_file_is_read(tmp_path: Path) -> None:
    file, link, pipe = tmp_path / "plan.json", tmp_path / "lien", tmp_path / "tube"
    file.write_text("texte", encoding="utf-8")
    link.symlink_to(file)
    os.mkfifo(pipe)
    assert ordinary(file).read_text(encoding="utf-8") == "texte"
    assert ordinary(link).read_text(encoding="utf-8") == "texte"
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(OSError, match="ordinary") as refusal:
            ordinary(path)
        assert why(refusal.value) == "ce n'est pas un fichier ordinaire"
    with pytest.raises(IsADirectoryError):
        ordinary(tmp_path)
    with pytest.raises(FileNotFoundError):
        ordinary(tmp_path / "absent")


def test_a_folder_is_written_whole(tmp_path: Path) -> None:
    folder = tmp_path / "secteurs"
    assert write_folder_atomically(folder, iter([("a.txt", b"un"), ("b.txt", b"deux")])) == 6
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "b.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["secteurs"]


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(InputError, match="existe déjà"):
        write_folder_atomically(tmp_path, [("a.txt", b"un")])
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_be_finished_or_has_no_parent_leaves_nothing(tmp_path: Path) -> None:
    def files() -> Iterator[tuple[str, bytes]]:
        yield "a.txt", b"un"
        raise ExportError

    with pytest.raises(ExportError):
        write_folder_atomically(tmp_path / "secteurs", files())
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="dossier parent n'existe pas"):
        write_folder_atomically(tmp_path / "no" / "where", [("a.txt", b"un")])


#: Writes a file, or a folder, and waits for a line before the last of it is on disk.
_SLOW_WRITER = """
import os, sys
from pathlib import Path
from geozones.common import files

def slow_sync(descriptor, sync=os.fsync):
    print("half", flush=True)
    sys.stdin.readline()
    sync(descriptor)

os.fsync = slow_sync
kind, path = sys.argv[1], Path(sys.argv[2])
if kind == "file":
    files.write_atomically(path, "whole", private=True)
else:
    files.write_folder_atomically(path, [("a.txt", b"whole")])
"""


def _half_way(kind: str, path: Path) -> subprocess.Popen[str]:
    """Return a process that is in the middle of writing."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SLOW_WRITER, kind, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "half\n"
    return process


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_a_killed_process_left_goes_and_what_a_living_one_writes_stays(
    tmp_path: Path, kind: str
) -> None:
    killed, living = (_half_way(kind, tmp_path / name) for name in ("killed", "living"))
    killed.kill()
    killed.communicate()
    own = tmp_path / ".mine.0123456789ab"
    own.write_text("kept", encoding="utf-8")
    assert len(list(tmp_path.iterdir())) == 3
    write_atomically(tmp_path / "next.json", "texte")
    names = {path.name for path in tmp_path.iterdir()}
    (half,) = names - {"next.json", own.name}
    assert half.startswith(".living.")
    living.communicate("go on\n")
    assert living.returncode == 0
    written = tmp_path / "living" / ("a.txt" if kind == "folder" else "")
    assert written.read_text(encoding="utf-8") == "whole"
    assert {path.name for path in tmp_path.iterdir()} == {"next.json", own.name, "living"}


def test_a_private_file_is_its_owner_s_from_the_first_byte(tmp_path: Path) -> None:
    process = _half_way("file", tmp_path / "secret")
    (half,) = tmp_path.iterdir()
    assert half.stat().st_mode & 0o777 == 0o600
    process.communicate("go on\n")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_long_name_that_is_not_ascii_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 120 + ".json")
    write_atomically(path, "texte")
    assert list(tmp_path.iterdir()) == [path]


def test_a_territory_made_here_keeps_its_work_apart(tmp_path: Path) -> None:
    base = {"GEOZONES_HOME": str(tmp_path)}
    made = territories_folder(base) / "bretagne"
    assert home_folder(base) == tmp_path
    assert home_folder(base | {DATA_FOLDER: str(made)}) == tmp_path / "espaces" / "bretagne"
    assert home_folder(base | {DATA_FOLDER: str(tmp_path / "elsewhere")}) == tmp_path


def test_a_folder_that_may_be_replaced_is_exchanged_whole(tmp_path: Path) -> None:
    folder = tmp_path / "bretagne"
    write_folder_atomically(folder, [("old.txt", b"un")])
    with pytest.raises(InputError, match="existe déjà"), new_folder(folder) as made:
        (made / "new.txt").write_text("deux", encoding="utf-8")
    assert [path.name for path in folder.iterdir()] == ["old.txt"]
    with new_folder(folder, may_replace=lambda there: (there / "old.txt").is_file()) as made:
        (made / "below").mkdir()
        (made / "below" / "new.txt").write_text("deux", encoding="utf-8")
        assert [path.name for path in folder.iterdir()] == ["old.txt"]
    assert (folder / "below" / "new.txt").read_text(encoding="utf-8") == "deux"
    assert [path.name for path in tmp_path.iterdir()] == ["bretagne"]
    assert [path.name for path in folder.iterdir()] == ["below"]
