"""Minutes that are all estimates: no rule on them is judged, and conclusions say so."""

from dataclasses import replace

from geozones.domain import Provenance
from geozones.domain.times import ON_ESTIMATES
from geozones.workspace.figures.plan_comparison import plan_judgement
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import fragile
from helpers.studies import study_over

#: Below the longest drives of the toy region, in minutes.
SHORT = 10.0


def guessed(study: Study) -> Study:
    """Return a study of the same minutes, all made by the estimate."""
    maker = Provenance("estimate", "2026-01-01")
    times = replace(study.times, provenance=maker, others=(), maker=None)
    return study_over(study.atlas.data, times, study.territory.cells)


def long_drives(study: Study) -> int:
    breaches = study.analysis.with_max_minutes(SHORT).check(study.plan)
    return sum(breach.rule == "zone_minutes" for breach in breaches)


def test_no_drive_is_too_long_nor_relief_slow_where_all_are_estimates(toy: Study) -> None:
    teams = replace(toy.settings.teams, near_minutes=SHORT)
    for study, judged in ((toy, True), (guessed(toy), False)):
        strict = study_over(
            study.atlas.data,
            study.times,
            study.territory.cells,
            replace(study.settings, teams=teams),
        )
        assert (long_drives(study) > 0) == judged
        assert any(fragile(strict, strict.plan.zones)) == judged
        within = study.area(zone_id="N1")["within_share"]
        assert (within is not None) == judged


def test_a_verdict_says_that_it_stands_on_estimates(toy: Study) -> None:
    for study, told in ((toy, False), (guessed(toy), True)):
        judgement = plan_judgement(study.analysis, -100.0, -100.0, 2)
        assert (ON_ESTIMATES in judgement.text) == told
