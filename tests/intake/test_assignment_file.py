"""An assignment of two columns, site and zone, goes in and out of a plan."""

import pytest

from geozones.domain import Plan, PlanFileError
from geozones.intake.site_tables import assignment_csv, read_assignment
from geozones.workspace.figures.study import Study


@pytest.fixture
def plan(toy: Study) -> Plan:
    """The plan of the toy region: N1 (A, B, C), N2 (D, E, F) and S1 (G, H, I)."""
    return toy.plan


def read(text: str, plan: Plan) -> tuple[Plan, frozenset[str]]:
    file = read_assignment(text.encode(), plan)
    return file.plan, file.places.excluded


def test_what_goes_out_comes_in_with_sites_out_of_the_plan_too(plan: Plan) -> None:
    text = assignment_csv(plan, plan.lycees)
    assert text.splitlines()[:2] == ["site,zone", f"{plan.lycees[0]},N1"]
    assert read(text, plan) == (plan, frozenset())
    *_, last = plan.members("S1")
    other, excluded = read(f"site;zone\n{last};\n", plan)
    assert excluded == {last}
    assert last not in other.lycees
    assert len(other.lycees) == len(plan.lycees) - 1
    assert f"{last}," in assignment_csv(other, plan.lycees).splitlines()


def test_zones_are_named_by_id_or_name_and_a_new_one_is_in_the_sector_of_its_sites(
    plan: Plan,
) -> None:
    first, second, third = plan.members("S1")
    name = plan.zone("N1").name
    other, _ = read(f"UAI;Zone\n{first};Plateau\n{second};plateau\n{third};{name.upper()}\n", plan)
    assert other.zone_of(first) == other.zone_of(second)
    assert other.zone_of(first).name == "Plateau"
    assert other.sector_of(first) == plan.sector_of(first)
    assert other.zone_of(third).id == "N1"
    # no one is left in S1
    assert not other.has_zone("S1")


def test_an_unknown_site_one_twice_and_a_support_centre_left_out_are_refused(plan: Plan) -> None:
    first, second, _ = plan.members("N2")
    with pytest.raises(PlanFileError, match=r"inconnus : Z9.*présents deux fois : "):
        read(f"site,zone\nZ9,N1\n{first},N1\n{first},N2\n{second},N2\n", plan)
    (centre,) = {sector.support_centre for sector in plan.sectors if sector.support_centre}
    with pytest.raises(PlanFileError, match=f"laisse de côté un centre support : {centre}"):
        read(f"site,zone\n{centre},\n", plan)


def test_another_table_is_no_assignment(plan: Plan) -> None:
    assert read_assignment(b"nom,commune\nA,Brest\n", plan) is None
    assert read_assignment(b'{"sectors": []}', plan) is None
    assert read_assignment(b"", plan) is None
