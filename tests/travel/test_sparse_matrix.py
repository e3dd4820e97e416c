"""Matrices without their long drives: what is longer is told apart from what nobody can drive."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geozones.common.errors import DataFileError, InputError
from geozones.domain import Provenance, TravelTimes
from geozones.travel.engine import EstimatedDrives
from geozones.travel.engine_chain import Chain, EngineContext, TravelSettings
from geozones.travel.matrix_file import Shipped, open_matrix, write_matrix
from geozones.workspace.figures.study import Study

#: A line of places 0.4° apart, 20 minutes from one to the next; the last is an island, far from
#: all by boat; nobody goes to the fifth.
PLACES = {f"P{rank}": (47.0, 0.4 * rank) for rank in range(10)} | {"ile": (47.0, 8.0)}
MOVED = {**PLACES, "P1": (47.3, 0.4)}


def line() -> TravelTimes:
    steps = np.arange(len(PLACES))
    minutes = 20.0 * np.abs(steps[:, None] - steps[None, :])
    minutes[-1, :-1] = minutes[:-1, -1] = 300 + minutes[-1, :-1]
    minutes[:4, 5] = np.nan
    places = tuple(PLACES)
    return TravelTimes(places, places, minutes, minutes * 1.5, Provenance("toy", "2026-01-01"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_matrix(tmp_path / "m.parquet", [line()], PLACES, 90.0)
    return tmp_path / "m.parquet"


@pytest.fixture
def times(path: Path) -> TravelTimes:
    return open_matrix(path, PLACES).square(tuple(PLACES))


def test_short_drives_are_kept_and_longer_ones_are_longer_than_the_limit(
    times: TravelTimes,
) -> None:
    assert (times.between("P0", "P4"), times.least("P0", "P4")) == (80, None)
    assert times.least("P0", "P8") == 90
    assert times.between("P0", "P8") > 90
    assert times.interval("P0", "P8")[0] >= 90
    assert times.is_estimated("P0", "P8")
    whole = line()
    kept = whole.minutes <= 90
    np.testing.assert_array_equal(times.minutes[kept], whole.minutes[kept])
    assert times.one_way["P0"]["P8"] == times.between("P0", "P8")
    ways = (times.between("P9", "P0"), times.between("P0", "P9"))
    assert times.both_ways["P9"]["P0"] == sum(ways) / 2
    with pytest.raises(KeyError):
        times.one_way["P0"]["nulle part"]


def test_what_nobody_can_drive_is_no_long_drive_and_counts_are_of_what_is_held(
    times: TravelTimes,
) -> None:
    assert np.isnan(times.between("P0", "P5"))
    assert times.least("P0", "P5") is None
    assert times.both_ways["P0"]["P5"] == np.inf
    made = {maker.engine: count for maker, count in times.pairs_by_maker}
    assert made["estimate"] == times.estimated_pairs == 0
    assert made["toy"] + times.beyond_pairs + 4 == 11 * 10
    assert times.makers[1].source == "trajets de plus de 90 min, d'après la distance à vol d'oiseau"


def test_the_nearest_of_a_far_place_are_kept_and_remain_the_nearest(times: TravelTimes) -> None:
    order = sorted(times.both_ways["ile"], key=times.both_ways["ile"].__getitem__)
    assert order[:3] == ["ile", "P9", "P8"]
    assert times.between("ile", "P9") == line().between("ile", "P9")
    assert times.least("ile", "P0") == 90
    assert times.between("ile", "P0") >= line().between("ile", "P7")


def test_the_same_file_is_written_again_and_a_repeated_pair_is_refused(
    path: Path, times: TravelTimes, tmp_path: Path
) -> None:
    rows = write_matrix(tmp_path / "again.parquet", [times], PLACES)
    assert rows < 11 * 11
    assert (tmp_path / "again.parquet").read_bytes() == path.read_bytes()
    table = pq.read_table(path)
    pq.write_table(pa.concat_tables([table, table.slice(3, 1)]), path)
    with pytest.raises(DataFileError, match="un trajet et un seul par paire"):
        open_matrix(path, PLACES).square(tuple(PLACES))


def test_a_place_that_the_file_does_not_know_is_asked_of_the_next_engine(
    path: Path, times: TravelTimes, tmp_path: Path
) -> None:
    context = EngineContext(path, PLACES, {}, times)
    chain = Chain(("shipped", "estimate"), TravelSettings(tmp_path), context)
    shipped = Shipped(path, PLACES, {}).matrix(MOVED, MOVED)
    assert np.isnan(shipped.between("P0", "P1"))
    assert shipped.least("P1", "P9") is None
    assert shipped.least("P0", "P8") == 90
    found = chain.matrix(MOVED, MOVED).times
    assert found.least("P0", "P8") == 90
    assert found.least("P1", "P9") is None
    estimate = EstimatedDrives(PLACES, times).matrix(MOVED, MOVED)
    assert found.between("P1", "P9") == estimate.between("P1", "P9")


def test_long_drives_stay_beyond_whatever_multiplies_them(times: TravelTimes) -> None:
    by = Provenance("journal", "2026-01-01")
    shorter = times.corrected(np.full(times.minutes.shape, 0.5), by)
    assert shorter.between("P0", "P8") == 90
    assert shorter.between("P0", "P4") == 40
    some = times.restricted(("P8", "P0"), ("P0", "P1"))
    assert (some.least("P8", "P0"), some.least("P0", "P1")) == (90, None)


def test_a_threshold_beyond_the_drives_that_are_held_is_refused(toy: Study) -> None:
    analysis = replace(toy.analysis, times=replace(toy.times, within=90.0))
    assert analysis.with_max_minutes(90).settings.max_minutes == 90
    with pytest.raises(InputError, match="90 minutes au plus"):
        analysis.with_max_minutes(91)
