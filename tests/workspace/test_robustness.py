"""Plans judged in draws, on real figures."""

from dataclasses import replace

import pytest

from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.solve import robustness_of


def test_a_zone_that_changes_sector_whole_costs_the_same(study: Study) -> None:
    """T.I.S. would come from another centre: they are apart."""
    plan = study.plan
    zones = tuple(
        replace(zone, sector="maine-et-loire") if zone.id == "MAY-2" else zone
        for zone in plan.zones
    )
    moved = replace(plan, zones=zones)
    told = robustness_of(study, moved)
    before, after = (study.with_plan(one).cost(zone_id="MAY-2").road_hours for one in (plan, moved))
    assert before == after
    assert told.gain == pytest.approx(0, abs=1e-6)
