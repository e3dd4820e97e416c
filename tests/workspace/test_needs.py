"""Needs and sizes taken into a scenario; figures at their extremes."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass, replace
from html import unescape

import numpy as np
import pytest

from geozones.common.errors import InputError
from geozones.domain import TravelTimes
from geozones.domain.settings import HYPOTHESIS_BOUNDS as BOUNDS
from geozones.domain.settings import Settings
from geozones.domain.teams import MAX_NEED, Teams
from geozones.ui.widgets.panel import lycee_card
from geozones.workspace.figures.costs import hypotheses_json, with_hypotheses
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.solve import options_of, propose
from geozones.workspace.sharing.dossier import credits_of
from geozones.workspace.teams import (
    Staff,
    beside_sentences,
    cost_sentences,
    interval_sentences,
    needs_changes,
    read_needs,
    sharing_sentences,
    with_needs,
)

PARE, ROUSSEAU, BURON, LAVAL = "0530010Y", "0530011Z", "0530012A", "0530081A"


def taken(study: Study, text: str) -> Study:
    file = read_needs(study.territory, text.encode())
    assert file.rejected == ()
    return with_needs(study, needs_changes(study, file))


def needed(study: Study, *keys: str) -> list[int]:
    return [study.teams.need(study.territory.lycees[key]).half_days for key in keys]


@pytest.mark.parametrize("head", ["postes", "tickets"])
def test_workstations_or_tickets_share_out_the_same_total(study: Study, head: str) -> None:
    rows = f"UAI;{head}\n{PARE};400\n{ROUSSEAU};200\n{BURON};600\n"
    after = taken(study, rows)
    assert needed(study, PARE, ROUSSEAU, BURON) == [10, 9, 12]
    least, middle, most = needed(after, ROUSSEAU, PARE, BURON)
    assert least < middle < most
    assert least + middle + most == 10 + 9 + 12
    assert after.area()["workload"] == study.area()["workload"]
    assert after.area()["workload_balance"] is not None


def test_pupils_of_a_file_win_and_those_of_before_are_kept_elsewhere(study: Study) -> None:
    after = taken(study, f"UAI;élèves\n{LAVAL};292\n{PARE};146\n")
    assert needed(after, LAVAL, PARE, BURON) == [3 + 2, 3 + 1, 12]
    assert after.area()["pupils"] == study.area()["pupils"] + 292 + 146 - 1025  # type: ignore[operator]
    assert after.area()["lycees_without_pupils"] == 13
    card = unescape(str(lycee_card(after, LAVAL)))
    assert "292 (donné dans le scénario)" in card
    (said,) = (line for line in credits_of(after) if line.startswith("Élèves"))
    assert "donné dans le scénario pour 2\u00a0lycées" in said


def test_a_need_that_people_gave_wins_and_is_left_out_of_the_total(study: Study) -> None:
    typed = taken(study, f"UAI;besoin\n{PARE};20\n")
    after = taken(typed, f"UAI;postes\n{PARE};4000\n{ROUSSEAU};200\n{BURON};600\n")
    assert needed(after, PARE) == [20]
    assert sum(needed(after, ROUSSEAU, BURON)) == 9 + 12
    both = taken(study, f"UAI;besoin;postes\n{PARE};20;400\n{ROUSSEAU};0;1\n")
    assert needed(both, PARE, ROUSSEAU, BURON) == [20, 0, 12]
    nothing = taken(study, f"UAI;postes\n{PARE};0\n{ROUSSEAU};0\n")
    assert needed(nothing, PARE, ROUSSEAU) == [3, 3]  # a rule with nothing to go by


ZONES = ("N1", "N2", "S1")
#: Metrics that are infinite where nobody is left to come: written « personne ».
DELAYS = {"cover_median_minutes", "cover_p90_minutes"}


def needing(half_days: int) -> Callable[[Study], Study]:
    return lambda toy: toy.with_teams(Teams(needs=dict.fromkeys("ABCDEFGHI", half_days)))


def absent(rate: float) -> Callable[[Study], Study]:
    return lambda toy: toy.with_team_settings(replace(toy.settings.teams, absence_rate=rate))


def driving(change: Callable[[TravelTimes], TravelTimes]) -> Callable[[Study], Study]:
    """Return a study over other minutes than those of the toy region."""

    def changed(toy: Study) -> Study:
        times = change(toy.times)
        return replace(toy, analysis=replace(toy.analysis, times=times))

    return changed


def as_wide_as(factor: float) -> Callable[[TravelTimes], TravelTimes]:
    """Return an interval from a thousandth of the minutes to these × ``factor``."""

    def wide(times: TravelTimes) -> TravelTimes:
        high = np.where(times.minutes > 0, factor, 0.0)
        return replace(times, low=times.minutes / 1000, high=high)

    return wide


CASES: Mapping[str, Callable[[Study], Study]] = {
    "no need": needing(0),
    "a need in one lycée only": lambda toy: toy.with_teams(
        Teams(needs=dict.fromkeys("BCDEFGHI", 0) | {"A": 3})
    ),
    "the greatest need": needing(MAX_NEED),
    "a need that no file may give": needing(999),
    "nobody absent": absent(0.0),
    "everybody absent": absent(1.0),
    "an interval of two days": driving(as_wide_as(2880.0)),
    "an interval without end": driving(as_wide_as(math.inf)),
    "drives of a day": driving(lambda times: replace(times, minutes=100 * times.minutes)),
    "no distance": driving(lambda times: replace(times, minutes=0 * times.minutes)),
}


def figures(value: object) -> Iterator[float]:
    """Yield every number in a record, a mapping or a sequence."""
    if is_dataclass(value) and not isinstance(value, type):
        yield from figures(asdict(value))
    elif isinstance(value, Mapping):
        yield from (number for entry in value.values() for number in figures(entry))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from (number for entry in value for number in figures(entry))
    elif isinstance(value, (int, float)):
        yield float(value)


@pytest.fixture(params=CASES)
def odd(request: pytest.FixtureRequest, toy: Study) -> Study:
    return CASES[request.param](toy)


def test_every_zone_has_a_cost_that_adds_up(odd: Study) -> None:
    for zone in ZONES:
        cost = odd.cost(zone_id=zone)
        parts = (cost.road_hours, cost.unattended_hours, cost.unstaffed_hours)
        assert all(math.isfinite(part) and part >= 0 for part in parts)
        assert cost.total_hours == pytest.approx(sum(parts))
        assert math.isfinite(cost.km)
        low, high = odd.cost_interval(zone_id=zone).total_hours
        assert 0 <= low <= high


def test_sentences_are_french_and_hold_no_infinity(odd: Study) -> None:
    said = [
        *beside_sentences(odd, odd.cost(), ZONES),
        *cost_sentences(odd, ZONES),
        *sharing_sentences(odd, ZONES),
        *interval_sentences(odd.cost_interval()),
    ]
    for sentence in said:
        assert sentence.endswith(".")
        assert not {"nan", "inf", "-inf"} & set(sentence.replace("\u00a0", " ").split())


def test_metrics_are_numbers_and_delays_end_where_nobody_is_left(odd: Study) -> None:
    for zone in ZONES:
        values = odd.area(zone_id=zone)
        numbers = [n for key, value in values.items() for n in figures(value) if key not in DELAYS]
        assert all(math.isfinite(number) for number in numbers)
    assert not any(math.isnan(number) for number in figures(odd.metrics_json()))


def test_posts_are_proposed_or_one_sentence_says_why_not(odd: Study) -> None:
    staff = Staff(odd)
    for proposal in staff.propose(ZONES, staff.options()):
        if proposal.why:
            assert proposal.posts == ()
            assert proposal.why.endswith(".")
        assert proposal.summary or proposal.why
        study = odd.with_teams(odd.teams.with_posts([proposal.zone], proposal.posts))
        grids = study.grid_cost([proposal.zone])
        assert (grids is not None) == bool(proposal.posts)
        assert all(math.isfinite(n) for n in figures(asdict(grids.service) if grids else {}))


def test_the_best_plan_is_found_or_one_sentence_says_why_not(odd: Study) -> None:
    options = options_of(time_limit=10.0, without={"sector_average"})
    result = propose(odd, options)
    assert result.why.endswith(".") or result.moves
    assert not math.isnan(result.objective_after)
    assert result.objective_after <= result.objective_before + 1e-6


@pytest.mark.parametrize("name", [name for name in hypotheses_json(Settings()) if name in BOUNDS])
def test_a_hypothesis_is_taken_at_its_bounds_and_refused_beyond(toy: Study, name: str) -> None:
    low, high = BOUNDS[name]
    for value in (low, high):
        settings = with_hypotheses(toy.settings, {name: value})
        assert hypotheses_json(settings)[name] == value
        study = toy.with_team_settings(settings.teams).with_cost_settings(settings.cost)
        assert study.cost().total_hours > 0
    for value in (low - 1, high + 1, math.inf, math.nan):
        with pytest.raises(InputError, match=f"L'hypothèse {name} est un .* entre "):
            with_hypotheses(toy.settings, {name: value})
