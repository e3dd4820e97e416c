"""« times build » and « times compare », as scripts see them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from geozones import cli
from geozones.domain import Provenance, TravelTimes
from geozones.intake.data_folder import read_data_folder
from geozones.intake.manifest_file import find_data_folder
from geozones.travel.matrix_file import write_matrix
from helpers.fixture_types import Run

pytestmark = pytest.mark.usefixtures("home")

ANGERS, LAVAL = "0490003M", "0530012A"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; return its status, stdout and stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(arguments)
        out, err = capsys.readouterr()
        return status, out, err

    return call


def test_a_built_matrix_is_the_one_that_times_reads_next(answer: Run) -> None:
    assert answer("times", ANGERS, LAVAL)["source"] == "roadgraph"
    built = answer("times", "build", "--engine", "estimate", "--without-communes")
    assert set(built) == {
        "engine", "lycees", "pairs", "shares", "estimated", "seconds", "off_roads", "isolated",
        "unreachable",        "path", "within", "rows", "faults", "remarks",
    }  # fmt: skip
    assert (built["engine"], built["lycees"], built["pairs"]) == ("estimate", 119, 119 * 118)
    assert built["estimated"] == built["pairs"]
    assert (built["within"], built["rows"]) == (None, 119 * 119)
    trip = answer("times", ANGERS, LAVAL)
    assert (trip["source"], trip["estimated"]) == ("estimate", True)


@pytest.fixture
def lost(tmp_path: Path) -> Path:
    """A matrix where nobody leaves the first lycée, nor reaches or leaves the second."""
    data = read_data_folder(find_data_folder()).lycees
    positions = {key: (lycee.lat, lycee.lon) for key, lycee in data.items()}
    minutes = 30 * (1 - np.eye(len(data)))
    minutes[0] = minutes[1] = minutes[:, 1] = np.nan
    np.fill_diagonal(minutes, 0)
    times = TravelTimes(tuple(data), tuple(data), minutes, minutes, Provenance("toy", "2026-01-01"))
    write_matrix(tmp_path / "lost.parquet", [times], positions)
    return tmp_path / "lost.parquet"


def test_every_pair_without_minutes_is_named(
    answer: Run, run: Callable[..., tuple[int, str, str]], lost: Path, home: Path
) -> None:
    home.mkdir()
    out = ("--without-communes", "--out", str(home / "m.parquet"))
    command = ("times", "build", "--engine", "openrouteservice", "--given", str(lost), *out)
    built = answer(*command)
    first, second, third, *others = read_data_folder(find_data_folder()).lycees.values()
    places = [first.id, second.id, third.id, *(lycee.id for lycee in others)]
    missing = {(first.id, place) for place in places[1:]}
    missing |= {(second.id, place) for place in places} | {(place, second.id) for place in places}
    missing -= {(second.id, second.id)}
    listed = [(pair["from"], pair["to"]) for pair in built["unreachable"]]
    assert (len(listed), set(listed)) == (len(missing), missing)
    assert built["isolated"] == [second.id]
    assert built["shares"] == [{"engine": "toy", "pairs": 119 * 118 - len(missing)}]
    _, text, _ = run(*command)
    lines = text.splitlines()
    assert f"{len(missing)}\xa0trajets sans durée." in lines
    assert f"Sans trajet vers aucun lycée ni depuis aucun lycée : {second.label}." in lines
    assert f"{first.label} : sans trajet vers aucun lycée." in lines
    assert sum("sans trajet" in line.casefold() for line in lines) == 2


def test_given_minutes_are_kept_and_completed(answer: Run, tmp_path: Path) -> None:
    table = tmp_path / "durees.csv"
    table.write_text(f"de,a,Montre,km\n{ANGERS},{LAVAL},71,80\n{LAVAL},nulle part,3,\n")
    built = answer(
        "times", "build", "--given", str(table), "--column", "minutes=Montre",
        "--engine", "shipped", "--without-communes",
    )  # fmt: skip
    assert [share["engine"] for share in built["shares"]] == ["given", "roadgraph"]
    assert built["shares"][0]["pairs"] == 2
    assert any("nulle part" in remark for remark in built["remarks"])
    trip = answer("times", ANGERS, LAVAL)
    assert (trip["source"], trip["minutes"], trip["km"]) == ("given", 71, 80)
    assert answer("times", LAVAL, "0490018D")["source"] == "roadgraph"


def test_a_folder_without_minutes_nor_cells_gets_its_first_matrix(
    answer: Run,
    run: Callable[..., tuple[int, str, str]],
    data_copy: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GEOZONES_DATA_DIR", str(data_copy))
    for name in ("travel_times.parquet", "cells.parquet", "communes.parquet"):
        (data_copy / name).unlink()
    assert "Il manque le fichier" in run("plan")[2]
    aside = ("times", "build", "--out", str(data_copy / "aside.parquet"))
    assert "y tombent 85 % des 34 trajets de contrôle" in run(*aside)[1]
    built = answer("times", "build")
    assert built["path"] == str(data_copy / "travel_times.parquet")
    assert built["shares"] == [{"engine": "estimate", "pairs": 119 * 118}]
    assert built["estimated"] == 119 * 118
    assert "Il manque le fichier travel_times" not in run("plan")[2]
    (data_copy / "travel_times.parquet").write_bytes(b"PAR1 and then nothing")
    assert answer("times", "build")["pairs"] == 119 * 118


def test_out_writes_a_file_and_puts_nothing_in_use(answer: Run, tmp_path: Path) -> None:
    out = tmp_path / "m.parquet"
    built = answer("times", "build", "--engine", "shipped", "--without-communes", "--out", str(out))
    assert built["path"] == str(out)
    assert answer("times", ANGERS, LAVAL)["source"] == "roadgraph"
    found = answer("times", "compare", "shipped", str(out))
    assert (found["pairs"], found["bias_percent"], found["mae_percent"]) == (119 * 118, 0, 0)


def test_an_engine_that_fails_is_one_line_on_stderr_and_the_next_one_answers(
    answer: Run, run: Callable[..., tuple[int, str, str]]
) -> None:
    status, out, err = run("times", "build", "--engine", "openrouteservice")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "GEOZONES_ORS_KEY" in err
    built = answer(
        "times", "build", "--engine", "valhalla", "--engine", "shipped", "--without-communes"
    )
    assert built["engine"] == "roadgraph"
    assert built["faults"][0]["engine"] == "valhalla"
    assert "geozones roads build" in built["faults"][0]["message"]


def test_comparing_two_engines_says_bias_mean_and_the_ten_worst(
    answer: Run, run: Callable[..., tuple[int, str, str]]
) -> None:
    found = answer("times", "compare", "shipped", "estimate")
    assert found["pairs"] == 119 * 118
    # the estimate does not lean on the matrix that it is compared with: some pairs differ
    assert 5 < found["mae_percent"] < 30
    assert len(found["worst"]) == 10
    assert set(found["worst"][0]) == {"from", "to", "minutes_a", "minutes_b", "percent"}
    assert abs(found["bias_percent"]) <= found["mae_percent"] <= found["worst_percent"]
    assert sum(kind["pairs"] for kind in found["by_kind"].values()) == found["pairs"]
    _, text, _ = run("times", "compare", "shipped", "estimate")
    assert text.partition("\n")[2].startswith("14\u202f042 trajets comparés : biais")
    for kind in ("courts", "moyens", "longs"):
        assert f"\nTrajets {kind} (" in text
