"""Building a matrix, putting it in use, comparing two; on a copy of the shipped data."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geozones.common.errors import InputError
from geozones.domain import EngineCancelledError, EngineUnavailableError, TravelTimes
from geozones.travel.matrix_file import write_matrix
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.reachability.accessibility import access, trip_between
from geozones.workspace.reachability.accuracy import compare
from geozones.workspace.reachability.matrix import build_matrix
from geozones.workspace.roles import LOCAL
from helpers.ors_server import OrsServer, seconds_between


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def fresh(home: Path, data_copy: Path) -> Study:
    assert not home.exists()
    return open_study(data_copy)


@pytest.fixture
def ors(monkeypatch: pytest.MonkeyPatch) -> Iterator[OrsServer]:
    """An openrouteservice on 127.0.0.1."""
    with OrsServer() as server:
        monkeypatch.setenv("GEOZONES_ORS_URL", server.url)
        yield server


def test_a_built_matrix_is_in_use_from_then_on_until_its_file_is_removed(
    fresh: Study, home: Path
) -> None:
    built = build_matrix(fresh.territory.drives, LOCAL, ["estimate"])
    assert (built.lycees, built.pairs, built.estimated) == (
        119,
        119 * 118 + 2 * 119 * 1228,
        306_306,
    )
    assert built.path == home / "travel_times.parquet"
    again = open_study(fresh.atlas.data.path)
    assert again.territory.drives.is_built_here
    assert again.times.provenance.engine == "estimate"
    assert again.times.estimated_pairs == 119 * 118
    assert trip_between(again.analysis, "0490003M", "0530012A").estimated
    again.territory.drives.settings.matrix.unlink()
    back = open_study(fresh.atlas.data.path)
    assert back.times.provenance.engine == "roadgraph"
    assert not back.territory.drives.is_built_here


def test_a_matrix_written_elsewhere_is_not_put_in_use(fresh: Study, tmp_path: Path) -> None:
    build_matrix(
        fresh.territory.drives, LOCAL, ["shipped"], path=tmp_path / "m.parquet", communes=False
    )
    assert not open_study(fresh.atlas.data.path).territory.drives.is_built_here
    comparison = compare(fresh.territory.drives, "shipped", str(tmp_path / "m.parquet"))
    assert (comparison.pairs, comparison.mae_percent, comparison.only_one) == (119 * 118, 0, 0)


@pytest.mark.slow
def test_the_same_build_gives_the_same_bytes(fresh: Study, tmp_path: Path) -> None:
    first, second = (tmp_path / name for name in ("a.parquet", "b.parquet"))
    for path in (first, second):
        build_matrix(fresh.territory.drives, LOCAL, ["shipped", "estimate"], path=path)
    assert first.read_bytes() == second.read_bytes()


def test_a_built_matrix_that_no_longer_fits_is_left_aside_and_told(
    fresh: Study, home: Path
) -> None:
    build_matrix(fresh.territory.drives, LOCAL, ["shipped"], communes=False)
    path = fresh.atlas.data.path / "lycees.geojson"
    for content, notice in (
        (b"PAR1 and then nothing", "illisible ou altéré"),
        (None, "Un lycée a changé de place"),
    ):
        if content is not None:
            (home / "travel_times.parquet").write_bytes(content)
        else:
            moved = dict(fresh.territory.positions) | {"0490003M": (47.0, -0.5)}
            write_matrix(home / "travel_times.parquet", [fresh.times], moved)
        again = open_study(path.parent)
        assert notice in (again.territory.drives.notice or "")
        assert again.times.provenance.engine == "roadgraph"


def test_communes_come_from_the_shipped_matrix_where_the_built_one_lacks_them(
    fresh: Study,
) -> None:
    build_matrix(fresh.territory.drives, LOCAL, ["estimate"], communes=False)
    reach = access(open_study(fresh.atlas.data.path).analysis, "0490003M")
    assert [(maker.engine, count) for maker, count in reach.makers] == [("roadgraph", 1228)]


def test_openrouteservice_fills_the_matrix_and_what_it_cannot_is_estimated(
    ors: OrsServer, fresh: Study
) -> None:
    lat, lon = fresh.territory.positions["0490003M"]
    ors.sea = {(round(lon, 6), round(lat, 6))}
    built = build_matrix(
        fresh.territory.drives, LOCAL, ["openrouteservice", "estimate"], communes=False
    )
    assert built.engines == ("openrouteservice", "estimate")
    assert built.estimated == 2 * 118
    times = open_study(fresh.atlas.data.path).times
    assert times.is_estimated("0490003M", "0530012A")
    assert times.made_by("0530012A", "0490018D").engine == "openrouteservice"
    a, b = (fresh.territory.positions[key][::-1] for key in ("0530012A", "0490018D"))
    assert times.between("0530012A", "0490018D") == pytest.approx(
        seconds_between(a, b) / 60, abs=0.01
    )


def test_when_no_engine_answers_nothing_is_written(fresh: Study, home: Path) -> None:
    with pytest.raises(EngineUnavailableError, match="GEOZONES_ROADS_DIR"):
        build_matrix(fresh.territory.drives, LOCAL, ["roadgraph"])
    assert not (home / "travel_times.parquet").exists()


def test_a_place_that_cannot_be_written_is_told(fresh: Study, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="rien n'a changé"):
        build_matrix(
            fresh.territory.drives,
            LOCAL,
            ["shipped"],
            path=tmp_path / "absent" / "m.parquet",
            communes=False,
        )
    file = tmp_path / "file"
    file.write_text("")
    settings = dataclasses.replace(fresh.territory.drives.settings, home=file / "home")
    blocked = dataclasses.replace(fresh.territory.drives, settings=settings)
    with pytest.raises(InputError, match="ne peut pas être créé"):
        build_matrix(blocked, LOCAL, ["shipped"], communes=False)


def test_a_build_says_how_far_it_is_and_one_that_is_stopped_changes_nothing(
    fresh: Study, home: Path
) -> None:
    seen: list[tuple[int, int]] = []

    def stop(*_: int) -> None:
        raise EngineCancelledError("Calcul arrêté.")

    with pytest.raises(EngineCancelledError):
        build_matrix(fresh.territory.drives, LOCAL, ["shipped"], progress=stop)
    assert not (home / "travel_times.parquet").exists()
    build_matrix(
        fresh.territory.drives, LOCAL, ["shipped"], progress=lambda *said: seen.append(said)
    )
    assert seen == sorted(seen)
    assert seen[-1] == (306_425, 306_425)


def test_a_comparison_names_the_pairs_that_differ_most(fresh: Study, tmp_path: Path) -> None:
    minutes = fresh.times.minutes.copy()
    at = fresh.times.origin_index["0490003M"], fresh.times.origin_index["0530012A"]
    minutes[at] *= 1.5
    minutes[at[1], at[0]] = np.nan
    other = TravelTimes(
        fresh.times.origins,
        fresh.times.destinations,
        minutes,
        fresh.times.km,
        fresh.times.provenance,
    )
    write_matrix(tmp_path / "other.parquet", [other], fresh.territory.positions)
    comparison = compare(fresh.territory.drives, "shipped", str(tmp_path / "other.parquet"))
    assert (comparison.pairs, comparison.only_one) == (119 * 118 - 1, 1)
    assert comparison.worst_percent == pytest.approx(50, abs=0.1)
    assert (comparison.worst[0].origin, comparison.worst[0].destination) == ("0490003M", "0530012A")
    assert comparison.bias_percent == pytest.approx(comparison.mae_percent, abs=0.001)
    assert len(comparison.worst) == 10
    kinds = comparison.by_kind  # Angers and Laval are 70 km apart: only long drives differ
    assert sum(kind.pairs for kind in kinds.values()) == comparison.pairs
    assert kinds["longs"].bias_percent * kinds["longs"].pairs == pytest.approx(50, abs=0.1)
    assert (kinds["courts"].bias_percent, kinds["moyens"].bias_percent) == (0, 0)


def test_no_key_is_ever_written(
    fresh: Study, ors: OrsServer, home: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    ors.key = "s3cret-key"
    monkeypatch.setenv("GEOZONES_ORS_KEY", "s3cret-key")
    study = open_study(fresh.atlas.data.path)
    caplog.set_level("DEBUG")
    build_matrix(study.territory.drives, LOCAL, ["openrouteservice"], communes=False)
    assert "s3cret-key" not in caplog.text
    assert "s3cret-key" not in repr(study.territory.drives.settings)
    written = [path for path in home.rglob("*") if path.is_file()]
    assert written
    assert all(b"s3cret-key" not in path.read_bytes() for path in written)
    assert json.dumps(ors.received[0].headers).count("s3cret-key") == 1
