"""The best support centre, with the zones: against every centre and every partition."""

from collections.abc import Iterator
from dataclasses import replace
from math import inf

import pytest

from geozones.common.errors import InputError
from geozones.cost.hours_model import BestCentreModel
from geozones.domain.yearly_cost import CostsByName
from geozones.optimize import PartitionOptions
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.centres import best_centres


def partitions(lycees: str, least: int = 2, most: int = 4) -> Iterator[list[str]]:
    """Split lycées (a letter each) into zones of some sizes, in every way."""
    if not lycees:
        yield []
        return
    for mask in range(1 << len(lycees) - 1):
        block = lycees[0] + "".join(x for at, x in enumerate(lycees[1:]) if mask >> at & 1)
        if least <= len(block) <= most:
            rest = "".join(x for x in lycees if x not in block)
            yield from ([block, *others] for others in partitions(rest, least, most))


NORTH = "ABCDEF"

ANY = PartitionOptions(
    sectors=frozenset({"nord"}), size_min=2, size_max=4, without=frozenset({"all"})
)


def with_replacing(study: Study) -> Study:
    return study.with_team_settings(replace(study.settings.teams, tis_replaces=True))


def fewest(study: Study, centre: str) -> float:
    """Return the fewest hours of the sector « nord » from a centre, over every partition."""
    centres = dict.fromkeys(study.plan.lycees, centre)
    model = replace(study.ranking.model, centres=centres, tis=True)
    costs = CostsByName(model, tuple(sorted(study.plan.lycees)))
    return min(sum(costs.of_all(blocks)) for blocks in partitions(NORTH))


@pytest.mark.parametrize("replaces", [False, True])
def test_the_best_centre_is_that_of_all_centres_and_all_zones(
    toy: Study, *, replaces: bool
) -> None:
    study = with_replacing(toy) if replaces else toy
    found = best_centres(study, ANY)
    totals = {lycee: fewest(study, lycee) for lycee in NORTH}
    (north,) = found.sectors
    assert found.proven
    assert found.hours == pytest.approx(min(totals.values()))
    assert totals[north.best] == pytest.approx(min(totals.values()))
    assert north.now == "A"
    assert north.best != "A"
    assert found.plan.sector("nord").support_centre == north.best
    assert found.plan.sector_of(north.best).id == "nord"


def test_what_a_centre_gains_is_told_in_hours_and_km_but_where_there_was_none(toy: Study) -> None:
    found = best_centres(toy, ANY)
    (north,) = found.sectors
    assert north.hours == pytest.approx(fewest(toy, "A") - fewest(toy, north.best))
    assert north.km > 0
    assert north.ranking[0] == (north.best, pytest.approx(0))
    assert [hours for _, hours in north.ranking] == sorted(hours for _, hours in north.ranking)
    found = best_centres(toy, replace(ANY, sectors=frozenset({"sud"})))
    (south,) = found.sectors
    assert (south.now, south.best, south.hours, south.km) == (None, "H", None, None)


@pytest.mark.parametrize("replaces", [pytest.param(False, marks=pytest.mark.slow), True])
def test_sectors_redrawn_with_their_centres_are_the_best_of_all(
    toy: Study, *, replaces: bool
) -> None:
    study = with_replacing(toy) if replaces else toy
    redraw = replace(ANY, sectors=frozenset(), change_sector=True, size_min=3, size_max=5)
    found = best_centres(study, redraw)
    assert found.proven
    assert found.hours == pytest.approx(fewest_redrawn(study, 3, 5))
    for one in found.sectors:
        assert found.plan.sector_of(one.best).id == one.sector == toy.plan.sector_of(one.best).id
    assert {one.sector for one in found.sectors} == {"nord", "sud"}


def fewest_redrawn(study: Study, least: int, most: int) -> float:
    """Return the fewest hours over every partition into two sectors and every centre of each."""
    everyone = "ABCDEFGHI"
    costs = {
        centre: CostsByName(
            replace(study.ranking.model, centres=dict.fromkeys(everyone, centre), tis=True),
            tuple(everyone),
        )
        for centre in everyone
    }
    every = list(partitions(everyone, least, most))
    zones = sorted({block for blocks in every for block in blocks})
    known = {
        (block, centre): hours
        for centre in everyone
        for block, hours in zip(zones, costs[centre].of_all(zones), strict=True)
    }
    totals = []
    for blocks in every:
        for mask in range(1 << len(blocks)):
            north = [block for at, block in enumerate(blocks) if mask >> at & 1]
            south = [block for block in blocks if block not in north]
            for own, held in ((NORTH, north), ("GHI", south)):
                centres = [x for x in own if any(x in block for block in held)]
                totals.append(
                    min((sum(known[block, x] for block in held) for x in centres), default=inf)
                )
    return min(first + second for first, second in zip(totals[::2], totals[1::2], strict=True))


def test_no_plan_is_said(toy: Study) -> None:
    with pytest.raises(InputError, match="Aucun découpage"):
        best_centres(toy, replace(ANY, size_min=5, size_max=5))


@pytest.mark.parametrize("replaces", [False, True])
def test_a_zone_costs_what_the_best_of_some_centres_makes_it(toy: Study, *, replaces: bool) -> None:
    study = with_replacing(toy) if replaces else toy
    model, lycees = replace(study.ranking.model, tis=True), tuple(sorted(study.plan.lycees))
    zones = ["ABC", "BCEF", "DGH", "GHI"]
    each = [
        CostsByName(replace(model, centres=dict.fromkeys(lycees, centre)), lycees).of_all(zones)
        for centre in "CEG"
    ]
    best = CostsByName(BestCentreModel(model, ("C", "E", "G")), lycees).of_all(zones)
    assert best == pytest.approx([min(costs) for costs in zip(*each, strict=True)])
