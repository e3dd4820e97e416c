"""Building a matrix, putting it in use, comparing two; on a copy of the shipped data."""

import dataclasses
import importlib.util
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geozones.domain import (
    EngineCancelledError,
    EngineUnavailableError,
    InputError,
    TravelTimes,
)
from geozones.travel.matrix_file import write_matrix
from geozones.workspace import (
    Rebuild,
    Workspace,
    build_matrix,
    compare,
    open_workspace,
    use_shipped,
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def fresh(home: Path, data_copy: Path) -> Workspace:
    assert not home.exists()
    return open_workspace(data_copy)


@pytest.fixture
def ors(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An openrouteservice on 127.0.0.1."""
    # tests are no package: a helper beside them is found by its path
    path = Path(__file__).parents[1] / "travel" / "ors_server.py"
    spec = importlib.util.spec_from_file_location("ors_server", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["ors_server"] = module
    spec.loader.exec_module(module)
    with module.OrsServer() as server:
        monkeypatch.setenv("GEOZONES_ORS_URL", server.url)
        yield server, module


def test_a_built_matrix_is_in_use_from_then_on_until_the_shipped_one_is_asked_back(
    fresh: Workspace, home: Path
) -> None:
    built = build_matrix(fresh, ["estimate"])
    assert (built.lycees, built.pairs, built.estimated) == (
        119,
        119 * 118 + 2 * 119 * 1228,
        306_306,
    )
    assert built.path == home / "travel_times.parquet"
    again = open_workspace(fresh.data.path)
    assert again.travel.is_built_here
    assert again.times.provenance.engine == "estimate"
    assert again.times.estimated_pairs == 119 * 118
    assert again.trip("0490003M", "0530012A").estimated
    use_shipped(again)
    back = open_workspace(fresh.data.path)
    assert back.times.provenance.engine == "roadgraph"
    assert not back.travel.is_built_here


def test_a_matrix_written_elsewhere_is_not_put_in_use(fresh: Workspace, tmp_path: Path) -> None:
    build_matrix(fresh, ["shipped"], path=tmp_path / "m.parquet", communes=False)
    assert not open_workspace(fresh.data.path).travel.is_built_here
    found = compare(fresh, "shipped", str(tmp_path / "m.parquet"))
    assert (found.pairs, found.mae_percent, found.only_one) == (119 * 118, 0, 0)


def test_the_same_build_gives_the_same_bytes(fresh: Workspace, tmp_path: Path) -> None:
    first, second = (tmp_path / name for name in ("a.parquet", "b.parquet"))
    for path in (first, second):
        build_matrix(fresh, ["shipped", "estimate"], path=path)
    assert first.read_bytes() == second.read_bytes()


def test_a_built_matrix_that_no_longer_fits_is_left_aside_and_told(
    fresh: Workspace, home: Path
) -> None:
    build_matrix(fresh, ["shipped"], communes=False)
    path = fresh.data.path / "lycees.geojson"
    for content, told in (
        (b"PAR1 and then nothing", "illisible ou altéré"),
        (None, "Un lycée a changé de place"),
    ):
        if content is not None:
            (home / "travel_times.parquet").write_bytes(content)
        else:
            moved = dict(fresh.positions) | {"0490003M": (47.0, -0.5)}
            write_matrix(home / "travel_times.parquet", [fresh.times], moved)
        again = open_workspace(path.parent)
        assert told in (again.travel.notice or "")
        assert again.times.provenance.engine == "roadgraph"


def test_communes_come_from_the_shipped_matrix_where_the_built_one_lacks_them(
    fresh: Workspace,
) -> None:
    from geozones.workspace import access  # noqa: PLC0415

    build_matrix(fresh, ["estimate"], communes=False)
    found = access(open_workspace(fresh.data.path), "0490003M")
    assert [(maker.engine, count) for maker, count in found.makers] == [("roadgraph", 1228)]


def test_openrouteservice_fills_the_matrix_and_what_it_cannot_is_estimated(
    ors: Any, fresh: Workspace
) -> None:
    server, module = ors
    lat, lon = fresh.positions["0490003M"]
    server.sea = {(round(lon, 6), round(lat, 6))}
    built = build_matrix(fresh, ["openrouteservice", "estimate"], communes=False)
    assert built.engines == ("openrouteservice", "estimate")
    assert built.estimated == 2 * 118
    times = open_workspace(fresh.data.path).times
    assert times.is_estimated("0490003M", "0530012A")
    assert times.made_by("0530012A", "0490018D").engine == "openrouteservice"
    a, b = (fresh.positions[key][::-1] for key in ("0530012A", "0490018D"))
    assert times.between("0530012A", "0490018D") == pytest.approx(
        module.seconds_between(a, b) / 60, abs=0.01
    )


@pytest.mark.parametrize("status", [403, 500])
def test_a_failing_server_falls_back_and_the_fault_is_told(
    ors: Any, fresh: Workspace, status: int
) -> None:
    server, module = ors
    server.key = "the right one" if status == 403 else None
    if status == 500:
        server.script.extend(
            [module.Reply(501, b"<html>down</html>", content_type="text/html")] * 9
        )
    built = build_matrix(fresh, ["openrouteservice", "shipped"], communes=False)
    assert built.engines == ("roadgraph",)
    (fault,) = built.faults
    assert fault.engine == "openrouteservice"
    assert "127.0.0.1" in fault.message


def test_when_no_engine_answers_nothing_is_written(fresh: Workspace, home: Path) -> None:
    with pytest.raises(EngineUnavailableError, match="GEOZONES_ROADS_DIR"):
        build_matrix(fresh, ["roadgraph"])
    assert not (home / "travel_times.parquet").exists()


def test_a_place_that_cannot_be_written_is_told(fresh: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="rien n'a changé"):
        build_matrix(fresh, ["shipped"], path=tmp_path / "absent" / "m.parquet", communes=False)
    file = tmp_path / "file"
    file.write_text("")
    settings = dataclasses.replace(fresh.travel.settings, home=file / "home")
    blocked = dataclasses.replace(
        fresh, travel=dataclasses.replace(fresh.travel, settings=settings)
    )
    with pytest.raises(InputError, match="ne peut pas être créé"):
        build_matrix(blocked, ["shipped"], communes=False)


def test_a_build_in_the_background_says_how_far_it_is_and_ends(fresh: Workspace) -> None:
    seen: list[tuple[int, int]] = []
    work = Rebuild(lambda progress: build_matrix(fresh, ["shipped"], progress=progress))
    tick = work._tick
    work._tick = lambda done, total: (seen.append((done, total)), tick(done, total))[1]
    work.start()
    assert work.wait(60)
    assert work.error is None
    assert work.result is not None
    assert seen == sorted(seen)
    assert seen[-1] == (306_425, 306_425)


def test_a_build_that_is_stopped_changes_nothing(fresh: Workspace, home: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(progress: Any) -> Any:
        def tick(done: int, total: int) -> None:
            begun.set()
            go_on.wait(20)
            progress(done, total)

        return build_matrix(fresh, ["shipped"], progress=tick)

    work = Rebuild(slow)
    work.start()
    assert begun.wait(20)
    work.cancel()
    assert work.is_stopping
    go_on.set()
    assert work.wait(60)
    assert isinstance(work.error, EngineCancelledError)
    assert work.result is None
    assert not (home / "travel_times.parquet").exists()


def test_a_comparison_names_the_pairs_that_differ_most(fresh: Workspace, tmp_path: Path) -> None:
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
    write_matrix(tmp_path / "other.parquet", [other], fresh.positions)
    found = compare(fresh, "shipped", str(tmp_path / "other.parquet"))
    assert (found.pairs, found.only_one) == (119 * 118 - 1, 1)
    assert found.worst_percent == pytest.approx(50, abs=0.1)
    assert (found.worst[0].origin, found.worst[0].destination) == ("0490003M", "0530012A")
    assert found.bias_percent == pytest.approx(found.mae_percent, abs=0.001)
    assert len(found.worst) == 10


def test_comparing_with_nothing_is_refused(fresh: Workspace) -> None:
    with pytest.raises(InputError, match="ni un moteur de trajets"):
        compare(fresh, "shipped", "absent.parquet")
    with pytest.raises(EngineUnavailableError):
        compare(fresh, "shipped", "roadgraph")


def test_no_key_is_ever_written(
    fresh: Workspace, ors: Any, home: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    server, _ = ors
    server.key = "s3cret-key"
    monkeypatch.setenv("GEOZONES_ORS_KEY", "s3cret-key")
    workspace = open_workspace(fresh.data.path)
    caplog.set_level("DEBUG")
    build_matrix(workspace, ["openrouteservice"], communes=False)
    assert "s3cret-key" not in caplog.text
    assert "s3cret-key" not in repr(workspace.travel.settings)
    written = [path for path in home.rglob("*") if path.is_file()]
    assert written
    assert all(b"s3cret-key" not in path.read_bytes() for path in written)
    assert json.dumps(server.received[0].headers).count("s3cret-key") == 1
