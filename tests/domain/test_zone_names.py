"""Names of zones: they fit their lycées."""

from geozones.domain import Lycee
from geozones.domain.plan import is_true_name, zone_name
from geozones.workspace.study import Study

CARQUEFOU, COUERON = "0442834S", "0440310Y"
#: Three lycées of Nantes.
NANTES = ("0440036A", "0440288Z", "0441993C")


def lycees(study: Study, *keys: str) -> list[Lycee]:
    return [study.atlas.lycees[key] for key in keys]


def test_a_name_is_true_while_its_towns_are_those_of_the_lycees(study: Study) -> None:
    both = lycees(study, NANTES[0], COUERON)
    assert is_true_name("Nantes – Couëron", both)
    # a town that left, a town that nobody names
    assert not is_true_name("Nantes – Couëron", lycees(study, *NANTES))
    assert not is_true_name("Nantes", both)
    assert is_true_name("Nantes – Camus", lycees(study, *NANTES))


def test_a_zone_is_named_by_its_towns_the_most_lycees_first(study: Study) -> None:
    assert zone_name(lycees(study, CARQUEFOU, COUERON, *NANTES)) == "Nantes – Carquefou – Couëron"


def test_a_zone_of_one_town_is_named_by_its_greatest_lycee_whose_name_is_free(study: Study) -> None:
    own = lycees(study, *NANTES)
    first = zone_name(own)
    greatest = max(own, key=lambda lycee: lycee.pupils or 0)
    assert first == f"Nantes – {greatest.name}"
    assert zone_name(own, {first}).startswith("Nantes – ")
    assert zone_name(own, {first}) != first
