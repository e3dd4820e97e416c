"""The event that accepts part of a proposal, all or nothing."""

from dataclasses import replace
from typing import Any

import pytest

from geozones.common.errors import InputError
from geozones.domain.decisions import Locks
from geozones.domain.events import State, read_change
from geozones.workspace.figures.study import Study
from helpers.events import apply

NEW = {"zone": "N3", "name": "Le Plateau", "sector": "nord"}
WHOLE: dict[str, Any] = {
    "create": [NEW],
    "moves": {"A": "N3", "B": "N3", "C": "N3"},
    "remove": ["N1"],
}


class Ids:
    """Everything is called by its id."""

    def lycee(self, lycee: str) -> str:
        return lycee

    def zone(self, zone: str) -> str:
        return zone

    def sector(self, sector: str) -> str:
        return sector


def test_zones_are_made_filled_and_removed_in_one_step_and_told(toy: Study) -> None:
    plan = apply(State(toy.plan), "redraw", WHOLE).plan
    assert {zone.id: plan.members(zone.id) for zone in plan.zones} == {
        "N2": ("D", "E", "F"),
        "S1": ("G", "H", "I"),
        "N3": ("A", "B", "C"),
    }
    change = read_change("redraw", WHOLE)
    assert change.describe(Ids()) == "A, B et C → N3 ; zone Le Plateau créée ; zone N1 supprimée"
    assert change.zone_names == {"N3": "Le Plateau"}


def test_what_is_locked_or_not_empty_refuses_all_of_it(toy: Study) -> None:
    held = replace(State(toy.plan), locks=Locks().with_lock("lycee", "B", "arbitrage"))
    with pytest.raises(InputError, match="verrouillé : arbitrage"):
        apply(held, "redraw", WHOLE)
    with pytest.raises(InputError, match="Les Sources a encore 1\u00a0lycée"):
        apply(State(toy.plan), "redraw", WHOLE | {"moves": {"A": "N3", "B": "N3"}})


@pytest.mark.parametrize(
    "data",
    [
        {"moves": {"A": "N2"}},
        {"create": [], "moves": {"A": "N2"}, "remove": [3]},
        {"create": [{"zone": "N3", "name": "", "sector": "nord"}], "moves": {}, "remove": []},
        {"create": "N3", "moves": {}, "remove": []},
        None,
    ],
)
def test_data_that_make_no_sense_are_refused_in_a_sentence(toy: Study, data: object) -> None:
    with pytest.raises(InputError, match=r"\.$"):
        apply(State(toy.plan), "redraw", data)
