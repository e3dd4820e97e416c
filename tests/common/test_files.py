"""Writing a file leaves the old one or the new one, whole, and nothing else."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from geozones.common.errors import InputError
from geozones.common.files import ordinary, why, write_atomically, write_folder_atomically
from geozones.domain import ExportError


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("avant", encoding="utf-8")
    write_atomically(path, "après")
    assert path.read_text(encoding="utf-8") == "après"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
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


def test_a_folder_that_cannot_be_finished_leaves_nothing(tmp_path: Path) -> None:
    def files() -> Iterator[tuple[str, bytes]]:
        yield "a.txt", b"un"
        raise ExportError

    with pytest.raises(ExportError):
        write_folder_atomically(tmp_path / "secteurs", files())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_no_parent_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="dossier parent n'existe pas"):
        write_folder_atomically(tmp_path / "no" / "where", [("a.txt", b"un")])
