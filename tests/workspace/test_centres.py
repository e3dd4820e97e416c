"""The best support centre, with the zones: against every centre and every partition."""

from dataclasses import replace

import pytest

from geozones.common.errors import InputError
from geozones.domain.zone_costs import CostsByName
from geozones.optimize import PartitionOptions
from geozones.workspace.proposals.centres import best_centres
from geozones.workspace.study import Study
from helpers.partitions import partitions

NORTH = "ABCDEF"

ANY = PartitionOptions(
    sectors=frozenset({"nord"}), size_min=2, size_max=4, without=frozenset({"all"})
)


def with_replacing(study: Study) -> Study:
    return study.with_team_settings(replace(study.settings.teams, tis_replaces=True))


def fewest(study: Study, centre: str) -> float:
    """Return the fewest hours of the sector « nord » from a centre, over every partition."""
    model = replace(study.ranking.model, centres=dict.fromkeys(study.plan.lycees, centre))
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


def test_what_a_centre_gains_is_told_in_hours_and_km(toy: Study) -> None:
    found = best_centres(toy, ANY)
    (north,) = found.sectors
    assert north.hours == pytest.approx(fewest(toy, "A") - fewest(toy, north.best))
    assert north.km is not None
    assert north.km > 0
    assert north.ranking[0] == (north.best, pytest.approx(0))
    assert [hours for _, hours in north.ranking] == sorted(hours for _, hours in north.ranking)


def test_a_sector_without_a_centre_has_one_proposed_and_no_gain(toy: Study) -> None:
    found = best_centres(toy, replace(ANY, sectors=frozenset({"sud"})))
    (south,) = found.sectors
    assert (south.now, south.best, south.hours, south.km) == (None, "H", None, None)


def test_sectors_redrawn_with_their_centres_are_no_worse_and_keep_them(toy: Study) -> None:
    both = replace(ANY, sectors=frozenset(), size_max=5)
    stays, redrawn = best_centres(toy, both), best_centres(toy, replace(both, change_sector=True))
    assert redrawn.hours <= stays.hours + 1e-6
    assert not redrawn.proven
    for one in redrawn.sectors:
        assert redrawn.plan.sector_of(one.best).id == one.sector == toy.plan.sector_of(one.best).id


def test_no_plan_is_said(toy: Study) -> None:
    with pytest.raises(InputError, match="lycées"):
        best_centres(toy, replace(ANY, size_min=5, size_max=5))
