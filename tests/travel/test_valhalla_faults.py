"""What may be missing or wrong with Valhalla: its package, its tiles, its answers."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from geozones.domain.errors import (
    EngineAnswerError,
    EngineUnavailableError,
)
from geozones.travel.valhalla import MANIFEST, Valhalla, build_tiles, parse_matrix
from helpers.valhalla_drives import one


def test_a_missing_package_tells_what_to_install(
    engine: Valhalla, pbf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "valhalla", None)
    for ask in (lambda: one(engine, (1, 1), (2, 2)), lambda: build_tiles(pbf, tmp_path / "tiles")):
        with pytest.raises(EngineUnavailableError, match="make roads"):
            ask()


def test_the_package_is_imported_only_when_asked() -> None:
    code = (
        "import sys; from pathlib import Path; from geozones.travel.valhalla import Valhalla;"
        "Valhalla(Path('x')); assert 'valhalla' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def rewrite(tiles: Path, **changes: object) -> None:
    content = json.loads((tiles / MANIFEST).read_text(encoding="utf-8"))
    (tiles / MANIFEST).write_text(json.dumps({**content, **changes}), encoding="utf-8")


def lose_a_tile(tiles: Path) -> None:
    next(tiles.rglob("*.gph")).unlink()


def cut_a_tile(tiles: Path) -> None:
    tile = next(tiles.rglob("*.gph"))
    tile.write_bytes(tile.read_bytes()[:-1])


SPOILS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (shutil.rmtree, "Il n'y a pas de tuiles"),
    "no manifest": (lambda t: (t / MANIFEST).unlink(), "Il n'y a pas de tuiles"),
    "html": (lambda t: (t / MANIFEST).write_text("<html>"), "autre version"),
    "list": (lambda t: (t / MANIFEST).write_text("[]"), "autre version"),
    "format": (lambda t: rewrite(t, format=99), "autre version"),
    "field": (lambda t: rewrite(t, extra=1), "autre version"),
    "outside": (lambda t: rewrite(t, folder="../x"), "autre version"),
    "type": (lambda t: rewrite(t, valhalla=3), "autre version"),
    "version": (lambda t: rewrite(t, valhalla="2.7.2"), r"faites par Valhalla 2\.7\.2"),
    "tile lost": (lose_a_tile, "incomplètes"),
    "tile cut": (cut_a_tile, "incomplètes"),
}


@pytest.mark.parametrize("kind", SPOILS)
def test_tiles_that_do_not_fit_tell_how_to_make_them(tiles: Path, kind: str) -> None:
    spoil, words = SPOILS[kind]
    spoil(tiles)
    with pytest.raises(
        EngineUnavailableError, match=f"{words}[^\n]*geozones roads build[^\n]*\\.$"
    ):
        one(Valhalla(tiles), (1, 1), (2, 2))


class Broken:
    """An actor that answers something else."""

    def __init__(self, answer: str) -> None:
        self.answer = answer

    def __getattr__(self, _action: str) -> Callable[[str], str]:
        return lambda _request: self.answer


@pytest.fixture
def broken(built: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Valhalla]:
    def make(answer: str) -> Valhalla:
        monkeypatch.setattr("valhalla.Actor", lambda _config: Broken(answer))
        return Valhalla(built)

    return make


@pytest.mark.parametrize(
    "answer", ["<html>502</html>", '{"sources_to', "null", "[]", '[{"edges": [{}]}]', "{}"]
)
def test_an_answer_of_another_shape_is_an_error(
    broken: Callable[[str], Valhalla], answer: str
) -> None:
    with pytest.raises(EngineAnswerError, match=r"^La réponse de Valhalla .*\.$"):
        one(broken(answer), (1, 1), (2, 2))


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"durations": [[1]], "distances": [[1, 2]]},
        {"durations": [[1, 2, 3]], "distances": [[1, 2]]},
        {"durations": [[1, -2]], "distances": [[1, 2]]},
        {"durations": [[1, "x"]], "distances": [[1, 2]]},
    ],
)
def test_a_matrix_of_another_shape_is_refused(table: object) -> None:
    with pytest.raises(EngineAnswerError):
        parse_matrix({"sources_to_targets": table}, (1, 2))
