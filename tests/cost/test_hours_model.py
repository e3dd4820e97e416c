"""Hours of candidate zones, many at once: exact, of large zones too, by a table of who comes."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import numpy as np
import pytest

from geozones.cost import HoursModel, closed_form
from geozones.cost.cover_table import CoverTable, cover_table
from geozones.cost.zone_cost import ZoneCase, zone_cost
from geozones.domain import TravelTimes
from geozones.domain.settings import Settings
from geozones.domain.teams import Teams
from geozones.domain.yearly_cost import YearlyCost
from geozones.workspace.figures.study import Study
from tests.teams.conftest import times_of


def hours(model: HoursModel, lycees: str, *zones: str) -> list[float]:
    """Hours of zones of the toy region, in the order of these lycées."""
    order = tuple(lycees)
    ranks = np.array([[order.index(key) for key in zone] for zone in zones], np.uint16)
    return list(model.on(order).of(np.sort(ranks, axis=1)).tolist())


def model_of(study: Study) -> HoursModel:
    return study.analysis.costs.model(study.plan, study.teams)


@pytest.mark.parametrize("replaces", [False, True])
def test_the_hours_of_a_zone_are_the_total_that_the_study_gives(
    toy: Study, *, replaces: bool
) -> None:
    toy = toy.with_team_settings(replace(toy.settings.teams, tis_replaces=replaces))
    found = hours(model_of(toy), "ABCDEFGHI", "ABC", "DEF", "GHI")
    told = [toy.cost(zone_id=zone).total_hours for zone in ("N1", "N2", "S1")]
    assert found == pytest.approx(told)


def test_drives_of_technicians_of_the_sector_stand_apart(toy: Study) -> None:
    model = model_of(toy)
    (with_tis,) = hours(replace(model, tis=True), "ABCDEFGHI", "ABC")
    (without,) = hours(model, "ABCDEFGHI", "ABC")
    assert with_tis == pytest.approx(without + toy.cost(zone_id="N1").tis_hours)
    assert toy.cost(zone_id="N1").total_hours == pytest.approx(without)


def test_posts_that_are_defined_count_as_many_as_they_are(toy: Study) -> None:
    more = replace(model_of(toy), staffed={tuple("ABC"): 6})
    few, many = (hours(model, "ABCDEFGHI", "ABC", "DEF") for model in (model_of(toy), more))
    assert many[0] != few[0]
    assert many[1] == few[1]


def test_the_order_of_lycees_changes_nothing(study: Study) -> None:
    model, random = model_of(study), np.random.default_rng(5)
    ids = tuple(sorted(study.territory.lycees))
    shuffled = tuple(random.permutation(ids).tolist())
    zones = [random.choice(ids, 5, replace=False).tolist() for _ in range(200)]
    for order in (ids, shuffled):
        ranks = np.sort([[order.index(key) for key in zone] for zone in zones], axis=1)
        found = model.on(order).of(ranks.astype(np.uint16))
        if order is ids:
            first = found
    assert found == pytest.approx(first)


def test_a_zone_where_a_pair_has_no_way_costs_infinitely_much(cut_toy: Study) -> None:
    cut, fine = hours(model_of(cut_toy), "ABCDEFGHI", "ABC", "DEF")
    assert cut == float("inf")
    assert 0 < fine < float("inf")


def test_many_zones_cost_what_each_costs_alone(study: Study) -> None:
    """Sectors have from none to three technicians who come where nobody else does."""
    random, ids = np.random.default_rng(6), tuple(sorted(study.territory.lycees))
    model = model_of(study.with_team_settings(replace(study.settings.teams, tis_replaces=True)))
    zones = replace(model, technicians={key: rank % 4 for rank, key in enumerate(ids)}).on(ids)
    ranks = np.sort([random.choice(119, 4, replace=False) for _ in range(9000)], axis=1)
    together = zones.of(ranks.astype(np.uint16))
    alone = [zones.of(ranks[row : row + 1].astype(np.uint16))[0] for row in range(0, 9000, 450)]
    assert together[::450].tolist() == pytest.approx(alone)


def test_needs_typed_by_hand_count(toy: Study) -> None:
    more = toy.with_teams(replace(Teams(), needs={"A": 20}))
    assert more.cost(zone_id="N1").posts > toy.cost(zone_id="N1").posts
    assert more.cost(zone_id="N2").total_hours == toy.cost(zone_id="N2").total_hours


def test_a_zone_over_two_sectors_is_visited_from_the_centre_of_most_of_its_lycees(
    toy: Study,
) -> None:
    """A and G are centres: with B and C, G is visited from A; beside H and I, B is from G."""
    model = model_of(toy)
    centres = dict.fromkeys("ABCDEF", "A") | dict.fromkeys("GHI", "G")

    def both(*zone: str) -> float:
        near = replace(model, centres=dict.fromkeys("ABCDEFGHI", zone[0]), tis=True)
        (found,) = hours(replace(model, centres=centres, tis=True), "ABCDEFGHI", zone[1])
        assert found == pytest.approx(hours(near, "ABCDEFGHI", zone[1])[0])
        return found

    assert both("A", "BCG") > 0
    assert both("G", "BHI") > 0


def test_those_who_ask_at_the_same_time_get_the_one_table_that_is_computed() -> None:
    together = Barrier(6)

    def ask(_: int) -> CoverTable:
        together.wait()
        return cover_table(0.0713, 5.0, 2)  # hypotheses that no other test has

    with ThreadPoolExecutor(6) as threads:
        tables = list(threads.map(ask, range(6)))
    assert len(set(map(id, tables))) == 1


def drives(size: int, seed: int) -> TravelTimes:
    """Drives of whole minutes, many of them equal, some too long to share a post."""
    choose = random.Random(seed)  # noqa: S311 - a test
    minutes = [
        [float(choose.choice([5, 5, 12, 12, 30, 70])) for _ in range(size)] for _ in range(size)
    ]
    half = np.triu(np.array(minutes), 1)
    return times_of((half + half.T).tolist(), "ABCDEFGH")


@pytest.mark.parametrize("size", [3, 5, 8])
@pytest.mark.parametrize("seed", range(5))
def test_a_zone_costs_the_same_by_rank_as_by_triples(
    size: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, choose = tuple("ABCDEFGH"[:size]), random.Random(100 + seed)  # noqa: S311
    needs = tuple(choose.randint(2, 14) for _ in names)
    case, times = ZoneCase(names, needs, (), "A", 1), drives(size, seed)

    def figures() -> list[float]:
        cost: YearlyCost = zone_cost(case, times, Settings())
        return [cost.total_hours, cost.items["absences"].road_hours, cost.unattended_hours, cost.km]

    by_triples = figures()
    monkeypatch.setattr(closed_form, "_MANY", 1)
    assert figures() == pytest.approx(by_triples)
    assert by_triples[3] > 0
