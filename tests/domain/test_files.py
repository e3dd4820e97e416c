"""Writing a file leaves the old one or the new one, whole, and nothing else."""

import os
from pathlib import Path

import pytest

from geozones.domain import InputError
from geozones.domain.files import write_atomically


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
