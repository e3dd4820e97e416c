"""First minutes of a territory: from points, extracts, a table; each figure with its maker."""

import dataclasses
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from geozones.common.errors import InputError
from geozones.domain.times import interval_source
from geozones.travel.engine import crow_km, formula_minutes
from geozones.travel.engine_chain import TravelSettings
from geozones.travel.matrix_file import open_matrix
from geozones.workspace.reachability.matrix import (
    FirstMinutes,
    MinutesSources,
    account_of,
    first_minutes,
)
from helpers.small_network import at, streets, write_pbf

#: Two places of the town, one at the end of the road, one at sea.
SITES = {"bourg": at(0.5, 0.5), "gare": at(3, 2), "phare": at(13.4, 0.1), "large": at(40, 40)}
ON_LAND = {key: point for key, point in SITES.items() if key != "large"}


@pytest.fixture
def settings(tmp_path: Path) -> TravelSettings:
    return TravelSettings(tmp_path / "home")


@pytest.fixture
def country(tmp_path: Path) -> Path:
    return write_pbf(tmp_path / "pays.osm.pbf", streets())


@pytest.fixture
def minutes_of(tmp_path: Path, settings: TravelSettings) -> Callable[[str], FirstMinutes]:
    """Compute the minutes of a table."""

    def compute(text: str) -> FirstMinutes:
        path = tmp_path / "durees.csv"
        path.write_text(text, encoding="utf-8")
        return first_minutes(SITES, MinutesSources(given=path), settings=settings)

    return compute


def test_without_any_source_every_minute_is_an_estimate_marked_so(
    settings: TravelSettings, tmp_path: Path
) -> None:
    matrix = first_minutes(SITES, settings=settings).matrix
    assert [(maker.engine, count) for maker, count in matrix.shares] == [("estimate", 12)]
    assert (matrix.estimated, matrix.unreachable, matrix.isolated) == (12, (), ())
    km = crow_km(SITES["bourg"], SITES["phare"])
    assert matrix.times.between("bourg", "phare") == pytest.approx(
        float(formula_minutes(np.array(km)))
    )
    assert "85 % des 34 trajets" in interval_source(matrix.times.provenance, given=False)
    low, high = matrix.times.interval("bourg", "large")
    assert (low, high) == pytest.approx(
        (
            matrix.times.between("bourg", "large") / 1.55,
            matrix.times.between("bourg", "large") * 1.55,
        ),
        rel=0.02,
    )
    written = matrix.written(tmp_path / "m.parquet", SITES)
    read = open_matrix(written.path or Path(), SITES).square(tuple(SITES))
    np.testing.assert_allclose(read.minutes, matrix.times.minutes, atol=0.006)
    assert read.is_estimated("bourg", "gare")


def test_places_without_a_road_are_estimated_from_the_drives_around(
    settings: TravelSettings, country: Path
) -> None:
    matrix = first_minutes(SITES, MinutesSources(extracts=(country,)), settings=settings).matrix
    assert [(maker.engine, count) for maker, count in matrix.shares] == [
        ("valhalla", 6),
        ("estimate", 6),
    ]
    assert matrix.times.made_by("gare", "phare").engine == "valhalla"
    assert matrix.times.is_estimated("gare", "large")
    assert (matrix.off_roads, matrix.isolated) == (("large",), ())
    lines = account_of(matrix, {"large": "Le Large"})
    assert "Sans route, toutes leurs durées estimées : Le Large." in lines
    assert first_minutes(SITES, settings=TravelSettings(settings.home / "x")).matrix.off_roads == ()


def test_drives_twice_as_slow_as_the_formula_make_the_estimates_beside_them_so(
    minutes_of: Callable[[str], FirstMinutes], settings: TravelSettings
) -> None:
    alone = first_minutes(SITES, settings=settings).matrix.times
    rows = [f"{a};{b};{2 * alone.between(a, b):.4f}" for a, b in permutations(ON_LAND, 2)]
    times = minutes_of("\n".join(["de;a;minutes", *rows])).matrix.times
    assert times.is_estimated("gare", "large")
    assert times.between("gare", "large") == pytest.approx(2 * alone.between("gare", "large"))


def test_a_table_comes_first_and_engines_complete_it(
    minutes_of: Callable[[str], FirstMinutes],
) -> None:
    found = minutes_of("de;a;minutes;km\nbourg;gare;7,5;4\ngare;phare;20;\n")
    times = found.matrix.times
    assert (times.between("bourg", "gare"), times.km_between("bourg", "gare")) == (7.5, 4)
    assert times.between("phare", "gare") == 20
    assert times.km_between("gare", "phare") == pytest.approx(
        1.3 * crow_km(*list(SITES.values())[1:3])
    )
    assert [(maker.engine, count) for maker, count in found.matrix.shares] == [
        ("given", 4),
        ("estimate", 8),
    ]
    assert not times.is_estimated("gare", "bourg")
    assert times.is_estimated("bourg", "phare")
    assert found.given.remarks == ("2\u00a0trajets donnés dans un seul sens, pris pour les deux.",)


@pytest.mark.parametrize(
    ("sites", "pairs"), [({"A": (47.0, 1.0)}, 0), ({"A": (47.0, 1.0), "B": (47.0, 1.0)}, 2)]
)
def test_one_site_and_two_at_one_point_have_a_matrix(
    settings: TravelSettings, tmp_path: Path, sites: dict[str, tuple[float, float]], pairs: int
) -> None:
    matrix = first_minutes(sites, settings=settings).matrix.written(tmp_path / "m.parquet", sites)
    assert (matrix.pairs, matrix.isolated, matrix.unreachable) == (pairs, (), ())
    read = open_matrix(tmp_path / "m.parquet", sites).square(tuple(sites))
    assert read.minutes.max() == 0


def test_a_table_that_gives_nothing_is_refused(minutes_of: Callable[[str], FirstMinutes]) -> None:
    with pytest.raises(InputError, match="aucun trajet entre deux des 4 lycées"):
        minutes_of("de;a;minutes\nmoulin;four;4\n")


def test_the_file_of_many_sites_keeps_only_the_drives_that_zones_may_need(
    settings: TravelSettings, tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    places = rng.uniform((47, -4), (49, 2), (600, 2)).tolist()
    many = {f"S{rank}": (lat, lon) for rank, (lat, lon) in enumerate(places)}
    matrix = first_minutes(many, settings=settings).matrix
    written = matrix.written(tmp_path / "m.parquet", many)
    minutes = matrix.times.minutes
    assert (written.within, matrix.pairs) == (90, 600 * 599)
    assert (minutes <= 90).sum() <= (written.rows or 0) < 600 * 600 / 3
    read = open_matrix(tmp_path / "m.parquet", many).square(tuple(many))
    np.testing.assert_allclose(read.minutes[minutes <= 90], minutes[minutes <= 90], atol=0.006)
    assert (read.minutes[minutes > 90] >= 90).all()
    assert any("ne garde que" in line for line in account_of(written, {}))
    few = dict(list(many.items())[:250])
    assert (
        first_minutes(few, settings=settings).matrix.written(tmp_path / "f.parquet", few).rows
        == 62_500
    )


def test_roads_that_are_there_already_are_used(settings: TravelSettings, country: Path) -> None:
    tiles = dataclasses.replace(settings, tiles=settings.home / "routes")
    first_minutes(ON_LAND, MinutesSources(extracts=(country,)), settings=tiles)
    again = first_minutes(ON_LAND, settings=tiles).matrix
    assert again.engines == ("valhalla",)


def test_a_drive_given_twice_is_told(minutes_of: Callable[[str], FirstMinutes]) -> None:
    found = minutes_of("de;a;minutes\nbourg;gare;7\nbourg;gare;9\ngare;bourg;8\n")
    assert found.matrix.times.between("bourg", "gare") == 9
    assert found.given.remarks == ("1\xa0trajet donné plusieurs fois : la dernière durée compte.",)


def test_lines_of_a_table_that_were_not_read_are_told(
    minutes_of: Callable[[str], FirstMinutes],
) -> None:
    found = minutes_of("from,to,minutes\nbourg,gare,7\nmoulin,gare,9\ngare,bourg,vite\n")
    faults, unknown, _ = found.given.remarks
    assert faults.startswith("1\xa0ligne non lue. Ligne 4, minutes : « vite »")
    assert unknown.endswith(": moulin.")
