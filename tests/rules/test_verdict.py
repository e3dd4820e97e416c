"""The verdict before a move, and what the check says after it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.domain import Plan, UnknownLyceeError, UnknownZoneError
from geozones.domain.decisions import Locks
from geozones.rules import Severity, is_allowed, may_move
from geozones.workspace.figures.study import Study
from helpers.fixture_types import Draw

lycees = st.sampled_from("ABCDEFGHI")
zones = st.sampled_from(["N1", "N2", "S1"])


def predicts(study: Study, plan: Plan, lycee: str, zone: str) -> None:
    """Check that the verdict of a move is what the two plans' own checks say."""
    touched = {plan.zone_of(lycee).id, zone}
    verdict = may_move(plan, lycee, zone, study.analysis.context)
    moved = plan.move(lycee, zone)
    before = {breach.key: breach for breach in study.with_plan(plan).alerts()}
    after = {breach.key: breach for breach in study.with_plan(moved).alerts()}
    touched |= {plan.zone(key).sector for key in touched}
    introduced = {breach.key for breach in verdict.introduced}
    resolved = {breach.key for breach in verdict.resolved}
    assert introduced <= after.keys()
    assert resolved <= before.keys()
    assert not resolved & after.keys()
    assert after.keys() == (before.keys() | introduced) - resolved
    for key, breach in after.items():
        if key[1] not in touched:
            assert breach == before[key]
        elif key not in introduced:
            assert breach.measure <= before[key].measure
    assert all(breach == after[breach.key] for breach in verdict.introduced)


@given(steps=st.lists(st.tuples(lycees, zones)), lycee=lycees, zone=zones)
def test_the_verdict_before_a_move_predicts_the_check_after_it(
    toy: Study, steps: list[tuple[str, str]], lycee: str, zone: str
) -> None:
    plan = toy.plan
    for step in steps:
        plan = plan.move(*step)
    predicts(toy, plan, lycee, zone)


@given(data=st.data())
def test_the_same_holds_on_the_real_territory(study: Study, data: st.DataObject) -> None:
    plan = study.plan
    anyone = st.sampled_from(plan.lycees)
    anywhere = st.sampled_from([zone.id for zone in plan.zones])
    for step in data.draw(st.lists(st.tuples(anyone, anywhere), max_size=5)):
        plan = plan.move(*step)
    predicts(study, plan, data.draw(anyone), data.draw(anywhere))


@given(steps=st.lists(st.tuples(lycees, zones)), lycee=lycees, zone=zones)
def test_a_move_is_allowed_unless_it_brings_a_forbidden_breach(
    toy: Study, steps: list[tuple[str, str]], lycee: str, zone: str
) -> None:
    plan = toy.plan
    for step in steps:
        plan = plan.move(*step)
    verdict = may_move(plan, lycee, zone, toy.analysis.context)
    brings = any(breach.severity is Severity.FORBIDDEN for breach in verdict.introduced)
    assert verdict.allowed == (plan.zone_of(lycee).id != zone and not brings)
    assert is_allowed(plan, lycee, zone, toy.analysis.context) == verdict.allowed


def test_moving_the_support_centre_out_of_its_sector_is_refused_with_the_reason(
    toy: Study,
) -> None:
    verdict = may_move(toy.plan, "A", "S1", toy.analysis.context)
    assert not verdict.allowed
    assert verdict.reasons[0].startswith("Ampère (Aubigny) est le centre support du secteur Nord")


def test_moving_the_support_centre_inside_its_sector_or_back_home_is_allowed(
    toy: Study,
) -> None:
    assert may_move(toy.plan, "A", "N2", toy.analysis.context).allowed
    strayed = toy.plan.move("A", "S1")
    verdict = may_move(strayed, "A", "N1", toy.analysis.context)
    assert verdict.allowed
    assert "support_centre" in {breach.rule for breach in verdict.resolved}


def test_a_centre_that_strayed_forbids_no_other_move(toy: Study) -> None:
    strayed = toy.plan.move("A", "S1")
    assert may_move(strayed, "B", "S1", toy.analysis.context).allowed
    assert is_allowed(strayed, "B", "S1", toy.analysis.context)


def test_a_lock_refuses_a_move_and_is_the_first_reason(toy: Study, toy_of: Draw) -> None:
    plan, context = toy_of(N1="ABCDE", N2="FG", S1="HI"), toy.analysis.context
    free = may_move(plan, "G", "N1", context)
    assert (free.allowed, free.refusal) == (True, "")
    locks = Locks().with_lock("lycee", "G", "fait").with_lock("lycee", "A", "fait")
    held = may_move(plan, "G", "N1", context, locks)
    assert not held.allowed
    assert held.refusal == "Le lycée Galilée (Guérande) est verrouillé : fait."
    assert held.reasons == (held.refusal, *free.reasons) != (held.refusal,)
    assert held.introduced == free.introduced
    assert not is_allowed(plan, "G", "N1", context, locks)
    assert is_allowed(plan, "G", "N1", context, locks.without("lycee", "G"))
    centre = may_move(plan, "A", "S1", context, locks)
    assert "centre support du secteur Nord" in centre.refusal
    assert centre.reasons[0] == "Le lycée Ampère (Aubigny) est verrouillé : fait."


def test_a_move_without_effect_has_no_reason_and_one_that_ends_breaches_says_which(
    toy: Study, toy_of: Draw
) -> None:
    verdict = may_move(toy_of(N1="ABCD", N2="EFI", S1="GH"), "D", "N2", toy.analysis.context)
    assert verdict.allowed
    assert (verdict.reasons, verdict.introduced, verdict.resolved) == ((), (), ())
    verdict = may_move(toy_of(N1="ABCI", N2="DEF", S1="GH"), "I", "S1", toy.analysis.context)
    assert verdict.introduced == ()
    assert {(breach.rule, breach.zone) for breach in verdict.resolved} == {
        ("sector_average", None),  # two lycées in the one zone of « Sud »
        ("zone_size", "S1"),
        ("zone_minutes", "N1"),  # 50 minutes from A to I
        ("zone_in_one_piece", "N1"),  # I far from the others
    }


def test_a_breach_that_grows_is_told_again(toy: Study, toy_of: Draw) -> None:
    two = toy_of(N1="ABCDE", N2="FG", S1="HI")
    verdict = may_move(two, "G", "N1", toy.analysis.context)
    (size,) = [breach for breach in verdict.introduced if breach.rule == "zone_size"]
    assert (size.zone, size.measure) == ("N2", 2)
    assert "compte 1" in size.message


def test_information_is_a_remark_and_no_reason_and_a_breach_that_shrinks_is_not_told(
    toy: Study, toy_of: Draw
) -> None:
    verdict = may_move(toy_of(N1="ABCDE", N2="FI", S1="GH"), "F", "N1", toy.analysis.context)
    assert "zone_size" not in {breach.rule for breach in verdict.introduced if breach.zone == "N1"}
    (remark,) = verdict.remarks
    assert "Les Sources compte 6" in remark
    assert remark not in verdict.reasons
    seven = toy_of(N1="ABCDEFG", S1="HI")
    verdict = may_move(seven, "G", "S1", toy.analysis.context)
    assert not [breach for breach in verdict.introduced if breach.rule == "zone_size"]
    assert {breach.zone for breach in verdict.resolved if breach.rule == "zone_size"} == {"S1"}


def test_a_move_is_told_what_it_does_to_the_average_of_both_sectors(
    toy: Study, toy_of: Draw
) -> None:
    six = toy_of(N1="ABC", N2="DEF", S1="GHI")
    verdict = may_move(six, "F", "S1", toy.analysis.context)
    assert [b.sector for b in verdict.introduced if b.rule == "sector_average"] == ["nord"]
    back = may_move(six.move("F", "S1"), "F", "N2", toy.analysis.context)
    assert [b.sector for b in back.resolved if b.rule == "sector_average"] == ["nord"]


def test_a_move_to_its_own_zone_is_refused_and_of_an_unknown_lycee_or_zone_an_error(
    toy: Study,
) -> None:
    verdict = may_move(toy.plan, "C", "N1", toy.analysis.context)
    assert not verdict.allowed
    assert verdict.reasons == ("Curie (Clisson) est déjà dans la zone Les Sources.",)
    with pytest.raises(UnknownLyceeError):
        may_move(toy.plan, "Z", "N1", toy.analysis.context)
    with pytest.raises(UnknownZoneError):
        may_move(toy.plan, "A", "N9", toy.analysis.context)
