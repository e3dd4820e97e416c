"""New or worse, ended: one definition, for a verdict, a change refused and a proposal described."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain import Plan
from geozones.rules import RuleOrigin, Severity, Violation, difference, may_move
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import vigilance
from geozones.workspace.moves.new_points import points_told
from geozones.workspace.moves.preview import preview_all
from geozones.workspace.roles import Actor, Role
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.service import Scenarios
from helpers.fixture_types import Draw

ORIGIN = RuleOrigin.DOCUMENT


@pytest.fixture
def service(toy: Study, tmp_path: Path) -> Iterator[Scenarios]:
    store = open_store(f"sqlite:///{tmp_path}/scenarios.db")
    yield Scenarios(toy.analysis, lambda: store, Actor("Ada", Role.PLANNER))
    store.close()


def breach(measure: float, message: str = "", zone: str = "N1") -> Violation:
    return Violation("zone_size", Severity.WARNING, ORIGIN, zone, ("A", "B"), message, measure)


def test_a_breach_is_new_by_its_key_worse_by_its_measure_and_ended_by_its_key() -> None:
    new, grown, gone = breach(1, zone="N2"), breach(2), breach(1, zone="S1")
    change = difference([breach(1), gone], [new, grown])
    assert change.introduced == (new, grown)
    assert (change.new, change.more) == ((new,), 0)
    assert change.resolved == (gone,)


def test_information_is_noted_and_neither_new_nor_ended() -> None:
    told, grave = replace(breach(1), severity=Severity.INFO), breach(1)
    assert difference([], [told]).introduced == ()
    assert difference([], [told]).noted == (told,)
    assert difference([told], []) == difference([told], [replace(told, measure=2.0)])
    assert difference([told], [grave]).introduced == (grave,)
    assert difference([grave], [told]).resolved == (grave,)


def test_a_zone_breaks_a_rule_once_whichever_its_lycees_or_once_for_each(
    toy: Study, toy_of: Draw
) -> None:
    def leaving(plan: Plan) -> list[Violation]:
        found = [each for each in toy.analysis.check(plan) if each.rule == "sector_change"]
        return [replace(each, severity=Severity.WARNING) for each in found]

    of_g = leaving(toy_of(N1="ABC", N2="DEFG", S1="HI"))
    of_h = leaving(toy_of(N1="ABC", N2="DEFH", S1="GI"))
    of_both = leaving(toy_of(N1="ABC", N2="DEFGH", S1="I"))
    assert difference(of_g, of_h).introduced == tuple(of_h)
    assert [breach.lycees for breach in difference(of_g, of_both).introduced] == [("H",)]
    other = Violation("zone_size", Severity.WARNING, ORIGIN, "N1", ("A", "C"), "")
    assert difference([breach(1)], [other]).introduced == ()


@pytest.mark.parametrize("measure", [1, 2])
def test_a_breach_told_otherwise_that_is_no_worse_is_neither_new_nor_ended(measure: float) -> None:
    change = difference([breach(2, "compte 7 lycées")], [breach(measure, "compte 6 lycées")])
    assert change.introduced == change.resolved == ()


def test_a_warning_that_shrinks_is_not_told_of_a_proposal(toy: Study, toy_of: Draw) -> None:
    """It was, as its sentence holds the number of lycées."""
    seven = toy_of(N1="ABCDEFG", S1="HI")
    assert toy.analysis.check(seven.move("G", "S1"), ["N1"])
    said = preview_all(toy.with_plan(seven), {"G": "S1"}).lines
    assert not [sentence for sentence in said if "Les Sources compte" in sentence]


def test_a_centre_out_of_its_sector_does_not_wander_further(toy: Study, service: Scenarios) -> None:
    """Its sentence is the same in both zones, and let it: the verdict refused it already."""
    work = service.new(toy.plan.move("A", "S1"))
    work = service.record(work, "create_zone", {"zone": "S2", "name": "Le Port", "sector": "sud"})
    assert not may_move(work.plan, "A", "S2", toy.analysis.context).allowed
    with pytest.raises(InputError, match=r"Changement refusé\..*centre support"):
        service.record(work, "move", {"moves": {"A": "S2"}})
    assert service.record(work, "move", {"moves": {"B": "S2"}}).plan.zone_of("B").id == "S2"


lycees, zones = st.sampled_from("ABCDEFGHI"), st.sampled_from(["N1", "N2", "S1"])


@given(steps=st.lists(st.tuples(lycees, zones)), lycee=lycees, zone=zones)
def test_what_is_told_of_a_proposal_is_what_the_verdict_says(
    toy: Study, steps: list[tuple[str, str]], lycee: str, zone: str
) -> None:
    plan = toy.plan
    for step in steps:
        plan = plan.move(*step)
    if plan.zone_of(lycee).id != zone:
        effect = preview_all(toy.with_plan(plan), {lycee: zone})
        whom = {*effect.change.lost, *effect.change.gained}
        said = [line for line in effect.lines if line not in whom]
        figures = (
            "Ce qui se dégrade :",
            "Ce qui s'améliore :",
            "Dans la marge d'erreur",
            "Sans appréciation :",
            "Inchangé :",
            "Route des T.I.S.",
            "Au total",
        )
        posts = re.compile(r"(Un|Deux|Trois) postes? (de plus|de moins|passe)")
        breaches = [
            sentence
            for sentence in said
            if not sentence.startswith(figures) and not posts.match(sentence)
        ]
        # what the whole plan breaks before and after, not the zones touched alone
        before, after = (toy.with_plan(each) for each in (plan, plan.move(lycee, zone)))
        noted = difference(before.check(), after.check()).noted
        told = points_told(difference(vigilance(before), vigilance(after))).lines
        if may_move(plan, lycee, zone, toy.analysis.context).allowed:
            assert sorted(breaches) == sorted((*told, *(breach.message for breach in noted)))
