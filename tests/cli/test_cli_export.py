"""`geozones export`: any view in any format, every sector at once, whole files or none."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from geozones import cli
from geozones.export.registry import REGISTRY, format_of
from geozones.store import open_store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios
from helpers.fixture_types import Refused, Run
from helpers.slow_params import slow_but

type Answer = dict[str, Any]
#: How a file of each format begins; a new format has a line here.
MAGIC = {
    "png": b"\x89PNG\r\n",
    "pdf": b"%PDF-",
    "fiches": b"%PDF-",
    "pptx": b"PK\x03\x04",
    "html": b"<!doctype html>",
    "xlsx": b"PK\x03\x04",
    "csv": b"\xef\xbb\xbfuai;",
    "geojson": b'{"type":"FeatureCollection"',
    "gpkg": b"SQLite format 3\x00",
}


#: Pictures are the longest to make; other tests make each of them.
QUICK = set(MAGIC) - {"png"}


@pytest.fixture
def first_words() -> tuple[str, ...]:
    return ("export",)


@pytest.mark.parametrize("key", slow_but([record.key for record in REGISTRY], *QUICK))
def test_each_format_is_written_and_told(answer: Run, tmp_path: Path, key: str) -> None:
    path = tmp_path / f"sector.{key}"
    told = answer("--format", key, "--out", str(path), "--view", "sector:mayenne")
    content = path.read_bytes()
    assert key in MAGIC, f"say in MAGIC of this file how a file {key} begins"
    assert content.startswith(MAGIC[key])
    note = told.pop("note", "")
    assert ("Pas de code QR" in note) is format_of(key).lettered
    assert told == {"path": str(path), "bytes": len(content), "format": key}


def test_every_sector_at_once_is_a_folder(answer: Run, tmp_path: Path) -> None:
    folder = tmp_path / "secteurs"
    told = answer("--format", "csv", "--out", str(folder), "--each-sector")
    files = sorted(folder.iterdir())
    assert len(files) == 7
    assert all(path.name.startswith("geozones_secteur-") for path in files)
    assert told["bytes"] == sum(path.stat().st_size for path in files)
    rows = [path.read_text(encoding="utf-8-sig").count("\n") - 1 for path in files]
    assert sum(rows) == 119


@pytest.fixture
def scenario(study: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A scenario in a store of its own: Racan moved to Mamers."""
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    store = open_store()
    service = Scenarios(study.analysis, lambda: store, LOCAL)
    work = service.record(service.new(), "move", {"moves": {"0720012X": "SAR-4"}})
    yield work.scenario.id
    store.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--format csv --view secteur:mayenne", "écrivez region, sector:CODE"),
        ("--format csv --view sector:nowhere", "Aucun secteur du plan"),
        ("--format csv --view zone:MAY-3", "La vue « zone » est remplacée par « sector:CODE »."),
        (
            "--format csv --view compare:plan:livree",
            "La vue « compare » est remplacée par « before-after ».",
        ),
        ("--format png --size a2", "choisissez hd, 4k, a4 ou a3"),
        ("--format pdf --size hd", "choisissez a4 ou a3"),
        ("--format svg", "Le format « svg » est remplacé par « pdf »."),
        ("--format carte", "Le format « carte » est remplacé par « pdf »."),
        ("--format atlas", "Le format « atlas » est remplacé par « pdf »."),
        ("--format zip --view sector:mayenne", "ne donnez pas --view"),
        ("--format csv --view sector:mayenne --each-sector", "pas les deux"),
        ("--format zip --each-sector", "contient déjà un fichier par secteur"),
    ],
)
def test_a_wrong_order_is_refused_in_a_sentence(
    refused: Refused, tmp_path: Path, words: str, said: str
) -> None:
    assert said in refused(*words.split(), "--out", str(tmp_path / "x"))
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_refused_with_the_list_of_all(
    refused: Refused, tmp_path: Path
) -> None:
    known = ", ".join(record.key for record in REGISTRY)
    said = refused("--format", "cvs", "--out", str(tmp_path / "x"))
    assert f"choisissez {known} ou zip." in said
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_there_is_said_and_left_as_it_was(
    refused: Refused, tmp_path: Path
) -> None:
    csv = ("--format", "csv", "--out")
    assert "est un dossier : rien n'a changé" in refused(*csv, str(tmp_path))
    assert "n'a pas pu être écrit" in refused(*csv, str(tmp_path / "no" / "where.csv"))
    assert list(tmp_path.iterdir()) == []
    # a folder of sectors never mixes with another
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    assert "existe déjà" in refused(*csv, str(tmp_path), "--each-sector")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@contextmanager
def small_disk() -> Iterator[None]:
    """A limit on the size of files stands for the disk: a write fails half-way."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(("key", "more"), [("csv", ()), ("gpkg", ()), ("xlsx", ("--each-sector",))])
def test_a_full_disk_is_said_and_leaves_nothing_half_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str, more: tuple[str, ...]
) -> None:
    path = tmp_path / f"out.{key}"
    with small_disk():
        left = cli.main(["export", "--format", key, "--out", str(path), *more])
    out, err = capsys.readouterr()
    assert left in {1, 2}, err
    assert out == ""
    assert "Traceback" not in err
    assert "n'a pas pu être" in err
    assert list(tmp_path.iterdir()) == []
