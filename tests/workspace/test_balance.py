"""Bounds on the T.I.P. of zones and the pupils of sectors, on the shipped plan."""

from dataclasses import replace

import pytest

from geozones.common.errors import InputError
from geozones.optimize import PartitionOptions
from geozones.workspace.proposals.respected_rules import balance
from geozones.workspace.proposals.solve import propose
from geozones.workspace.study import Study

NANTES = frozenset({"nantes"})


def half_days(study: Study, zone: str) -> int:
    lycees = [study.territory.lycees[lycee] for lycee in study.plan.members(zone)]
    return sum(study.teams.need(lycee).half_days for lycee in lycees)


def test_each_zone_fills_as_many_posts_as_asked(study: Study) -> None:
    options = PartitionOptions(sectors=NANTES, **balance(study, (3, 4)))
    found = propose(study, options)
    assert found.status.value == "optimal"
    after = study.with_plan(found.plan)
    loads = [half_days(after, zone.id) for zone in after.plan.zones_of("nantes")]
    assert min(loads) < 30
    assert all(20 < load <= 40 for load in loads if load)
    free = propose(study, PartitionOptions(sectors=NANTES))
    assert free.objective_after < found.objective_after


def test_posts_that_contradict_one_another_are_told_with_figures(study: Study) -> None:
    with pytest.raises(InputError, match=r"minimum d'une zone \(5.T.I.P.\) dépasse le maximum"):
        PartitionOptions(**balance(study, (5, 4)))


def test_pupils_of_sectors_that_stay_as_they_are_are_told_before_the_search(study: Study) -> None:
    asked = PartitionOptions(sectors=NANTES, **balance(study, (2, None), (None, 11_000)))
    told = propose(study, asked).why
    assert (
        "Le secteur Nantes a 11\u202f862\u00a0élèves (demandé : 11\u202f000\u00a0élèves au plus)"
        in told
    )
    both = replace(asked, sectors=frozenset({"nantes", "nord-loire"}), change_sector=True)
    assert "Les 2 secteurs ont 23\u202f010\u00a0élèves en tout" in propose(study, both).why
