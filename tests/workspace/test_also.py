"""What a change also does, a line each: who changes RNS, kilometres, a smaller plan, who pays."""

import re
from itertools import combinations

import pytest

from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import also_does, pays_elsewhere


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def moved(study: Study, **zones: str) -> Study:
    plan = study.plan
    for lycee, zone in zones.items():
        plan = plan.move(lycee.removeprefix("x"), zone)
    return study.with_plan(plan)


def test_who_changes_of_named_rns_is_told_and_who_loses_theirs_is_not_here(study: Study) -> None:
    (zone, *_) = (zone.id for zone in study.plan.zones if zone.sector == "maine-et-loire")
    after = study.with_plan(study.plan.move("0530016E", zone))
    said = " ".join(also_does(study, after))
    had, has = (one.plan.sector_of("0530016E").rns for one in (study, after))
    assert f"change de RNS : {has}, au lieu de {had}." in said
    assert "RNS" not in " ".join(also_does(study, moved(study, x0720012X="SAR-4")))


def test_kilometres_and_euros_are_those_of_the_cost(study: Study) -> None:
    after = moved(study, x0720012X="SAR-4")
    (said,) = (plain(one) for one in also_does(study, after) if one.startswith("Kilomètres"))
    km, euros = (
        round(getattr(after.cost(), key) - getattr(study.cost(), key)) for key in ("km", "euros")
    )
    found = re.fullmatch(
        r"Kilomètres par an : \+([\d ]+) km, soit \+([\d ]+) € d'indemnités\.", said
    )
    assert found is not None
    assert [int(number.replace(" ", "")) for number in found.groups()] == [km, euros]
    assert also_does(study, study) == ()


@pytest.fixture(scope="module")
def spoiled(study: Study) -> Study:
    """The plan with four lycées in zones of their sector where they cost more, posts the same."""
    now, done = study, 0
    for lycee in study.plan.lycees:
        home = now.plan.zone_of(lycee)
        others = [z.id for z in now.plan.zones if z.sector == home.sector and z.id != home.id]
        if len(now.plan.members(home.id)) < 3 or not others:
            continue
        then = now.with_plan(now.plan.move(lycee, others[-1]))
        dear = then.cost().total_hours > now.cost().total_hours + 5
        if dear and then.cost().posts == study.cost().posts:
            now, done = then, done + 1
        if done == 4:
            return now
    pytest.fail("no four moves")


def test_a_smaller_plan_gives_the_part_of_the_gain_that_is_told(
    study: Study, spoiled: Study
) -> None:
    back = {lycee: zone for lycee, zone, _ in spoiled.plan.moves_from(study.plan)}
    (said,) = (plain(one) for one in also_does(spoiled, study) if one.startswith("Avec"))
    found = re.match(r"Avec (\d) déplacements? sur 4 \((.*)\), (\d+) % du gain\.", said)
    assert found is not None
    count, share = int(found[1]), int(found[3])
    gain = spoiled.cost().total_hours - study.cost().total_hours
    shares = {}
    for some in combinations(back, count):
        plan = spoiled.plan
        for lycee in some:
            plan = plan.move(lycee, back[lycee])
        cost = spoiled.with_plan(plan).cost()
        shares[some] = 100 * (spoiled.cost().total_hours - cost.total_hours) / gain
    (named,) = (some for some in shares if all(study.name(one) in found[2] for one in some))
    assert round(shares[named]) == share >= 80
    # none of fewer moves gives as much, and a plan of two moves has no smaller one
    few = study.with_plan(study.plan.move("0720012X", "SAR-4"))
    assert not any(one.startswith("Avec") for one in also_does(few, study))


def test_sectors_that_pay_are_named_with_what_gets_worse(study: Study) -> None:
    after = moved(study, x0720012X="SAR-4")
    said = plain(pays_elsewhere(study, after, "mayenne"))
    more = after.cost(sector_id="sarthe").road_hours - study.cost(sector_id="sarthe").road_hours
    assert said.startswith(f"Ce qui se dégrade ailleurs : Sarthe (route +{round(more)} h")
    assert "Mayenne" not in said
    assert pays_elsewhere(study, study, "mayenne") == ""
