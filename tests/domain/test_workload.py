"""What lycées need: a rule that goes by their size, and what it gives for the region."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain import Lycee
from geozones.domain.events import State
from geozones.domain.teams import (
    MAX_NEED,
    Basis,
    Need,
    WorkloadRule,
    fitted_per_half_day,
    rule_to_json,
)
from geozones.workspace.figures.study import Study
from helpers.events import apply


@pytest.fixture
def state(toy: Study) -> State:
    return State(toy.plan)


@pytest.fixture
def lycee(toy: Study) -> Lycee:
    return toy.territory.lycees["A"]


def test_a_large_lycee_needs_more_than_a_small_one_of_its_type(study: Study) -> None:
    lycees = study.territory.lycees
    needs = {key: study.teams.need(lycees[key]) for key in ("0440069L", "0442286W")}
    assert [lycees[key].kind for key in needs] == ["LGT", "LGT"]
    # 3 for the site; 1,897 pupils and 91, one half-day each 146
    assert [need.half_days for need in needs.values()] == [3 + 13, 3 + 1]


def test_a_need_goes_by_pupils_is_never_absurd_and_people_win(state: State, lycee: Lycee) -> None:
    teams = state.teams
    assert teams.need(lycee) == Need(8, Basis.TYPE)
    assert teams.need(replace(lycee, pupils=146 + 73)) == Need(3 + 2, Basis.PUPILS)
    assert teams.need(replace(lycee, pupils=146 + 72)) == Need(3 + 1, Basis.PUPILS)
    typed = apply(state, "set_needs", {"needs": {"A": 0}}).teams.need(lycee)
    assert (typed, typed.origin, typed.hypothesis) == (Need(0, None), "saisi", False)
    assert WorkloadRule(per_half_day={Basis.PUPILS: 1}).half_days(20_000, Basis.PUPILS) == MAX_NEED


def test_needs_follow_workstations_and_pupils_again(state: State, lycee: Lycee) -> None:
    sizes = {"basis": "postes", "sizes": {"A": 400}, "per_half_day": 50}
    counted = apply(state, "set_sizes", sizes)
    assert counted.teams.need(replace(lycee, pupils=1460)) == Need(3 + 8, Basis.WORKSTATIONS)
    back = apply(
        counted, "set_sizes", {"basis": "eleves", "sizes": {"A": 292}, "per_half_day": 146}
    )
    assert back.teams.need(replace(lycee, pupils=1460)) == Need(3 + 2, Basis.PUPILS)
    # one without workstations goes by its pupils, and without these by its type
    other = replace(lycee, id="B", pupils=292)
    assert counted.teams.need(other) == Need(3 + 2, Basis.PUPILS)
    assert counted.teams.need(replace(other, pupils=None)) == Need(8, Basis.TYPE)
    none = apply(back, "set_sizes", {"basis": "eleves", "sizes": {"A": None}, "per_half_day": 146})
    assert none.teams.need(replace(lycee, pupils=1460)) == Need(3 + 10, Basis.PUPILS)
    # workstations are kept while needs go by something else
    again = apply(
        none, "set_needs_rule", rule_to_json(replace(none.teams.rule, basis=Basis.WORKSTATIONS))
    )
    assert again.teams.size(lycee, Basis.WORKSTATIONS) == 400


def test_a_rule_is_the_same_once_written_and_read(state: State) -> None:
    rule = WorkloadRule(Basis.TICKETS, {Basis.TICKETS: 12.5}, 0, {"LP": 7}, 1)
    assert apply(state, "set_needs_rule", rule_to_json(rule)).teams.rule == rule


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("set_sizes", {"basis": "eleves", "sizes": {"A": 0}}, "de 1 à 20"),
        ("set_sizes", {"basis": "eleves", "sizes": {"A": -3}}, "« -3 »"),
        ("set_sizes", {"basis": "postes", "sizes": {"A": 2.5}}, "nombre entier"),
        ("set_sizes", {"basis": "postes", "sizes": {"Z": 2}}, "Aucun lycée"),
        ("set_sizes", {"basis": "type", "sizes": {"A": 2}}, "Indiquez un nombre d'élèves"),
        ("set_sizes", {"basis": "surface", "sizes": {"A": 2}}, "eleves, type, postes ou tickets"),
        ("set_needs_rule", {"per_half_day": {"eleves": 0}}, "de 0,1 à 100"),
        ("set_needs_rule", {"per_half_day": {"eleves": float("nan")}}, "de 0,1 à 100"),
        ("set_needs_rule", {"basis": "eleves", "site_half_days": 60}, "de 0 à 10"),
        ("set_needs_rule", {"basis": "eleves", "rule": {"LP": 60}}, "de 0 à 40, pas « 60 »"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_is_right(
    state: State, kind: str, data: Mapping[str, Any], said: str
) -> None:
    whole = rule_to_json(WorkloadRule()) | data
    if kind == "set_sizes":
        whole |= {"per_half_day": 146}
    with pytest.raises(InputError, match=said):
        apply(state, kind, whole)


@given(st.lists(st.integers(1, 2000), min_size=1, max_size=40), st.integers(0, 5), st.data())
def test_a_rule_is_fitted_to_a_total_that_one_gives(
    sizes: list[int], site: int, data: st.DataObject
) -> None:
    def total(worth: float) -> int:
        rule = WorkloadRule(per_half_day={Basis.PUPILS: worth}, site_half_days=site)
        return sum(rule.half_days(size, Basis.PUPILS) for size in sizes)

    wanted = total(data.draw(st.integers(50, 900)))
    assert total(fitted_per_half_day(sizes, site, wanted)) == wanted
