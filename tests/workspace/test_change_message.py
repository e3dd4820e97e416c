"""Message of a change, and the list of all that it changes, for scenarios of every kind."""

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from geozones.common.french import typeset
from geozones.domain.events import State
from geozones.domain.places import LocationOverrides, Spot
from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import Post, Teams
from geozones.export.change_scenes import near_changes
from geozones.export.messages import message_of
from geozones.store import open_store
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study, study_of
from geozones.workspace.maps import SceneOptions, build_scene
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.dossier import also_does, dossier, pays_elsewhere
from geozones.workspace.sharing.exported_plan import (
    Briefing,
    ExportView,
    briefing_of,
    of_baseline,
    of_plan,
    of_work,
)
from geozones.workspace.teams import post_sentences

type Told = Callable[..., Briefing]
RACAN = "0720012X"


@pytest.fixture
def told(study: Study, tmp_path: Path) -> Iterator[Told]:
    store = open_store(f"sqlite:///{tmp_path / 'scenarios.db'}")
    service = Scenarios(study.analysis, lambda: store, LOCAL)

    def tell(*events: tuple[str, dict[str, Any]], why: str = "") -> Briefing:
        work = service.new()
        for kind, data in events:
            work = service.record(work, kind, data, why)
        return briefing_of(dossier(of_work(study.analysis, work), ExportView("before-after")))

    yield tell
    store.close()


def plain(lines: tuple[str, ...]) -> list[str]:
    return [typeset(line).replace("\u00a0", " ").replace("\u202f", " ") for line in lines]


def test_the_net_effect_comes_first_then_all_figures_then_drives(told: Told, study: Study) -> None:
    moved = dict.fromkeys(study.plan.members("MAY-2"), "SAR-4")
    then = study.with_plan(study.plan.move_all(moved))
    change = plan_change(study, then)
    shown = dossier(of_plan(then, "essai.json"), ExportView("before-after"))
    assert shown.comparison is not None
    message = message_of(shown.comparison)
    beside = (message.drives, message.without_rns, message.whole)
    lines = (message.posts, *message.figures, message.points, message.tis, *beside)
    said = plain((f"{message.title}.", *filter(None, lines)))
    assert "heures de route de plus" in said[0]
    who = plain((*change.lost, *change.gained))
    assert plain(change.told)[: len(who)] == who
    *figures, tis = plain(change.told)[len(who) :]
    assert said[1 : 1 + len(figures)] == figures
    points, told_tis, drives, *_ = said[1 + len(figures) :]
    assert told_tis == tis
    assert tis.startswith("Route des T.I.S. par an ")
    assert re.fullmatch(r"Points de vigilance : (\d+ \w+(, )?)+\.", points)
    assert drives.startswith("Dans la zone Mamers")
    assert "le plus long trajet passe de 68 à 8" in drives
    # on a page: what gets worse, what gets better, the rest in one paragraph; nobody moves twice
    brief = plain(told(("move", {"moves": moved})).message)
    assert brief[0] == said[0]
    assert brief[-1].endswith(drives)
    (worse,) = (line for line in brief if line.startswith("Ce qui se dégrade"))
    assert worse.endswith("Sans RNS nommé désormais : 5 lycées.")
    assert any(line.startswith("Ce qui s’améliore : ") for line in brief)
    assert " ".join(brief).count("changent de zone") == 1
    assert points.removeprefix("Points de vigilance : ").rstrip(".") in " ".join(brief)


def test_a_name_alone_is_told_as_what_it_is_and_changes_no_figure(told: Told) -> None:
    said = told(("rename_zone", {"zone": "SAR-4", "name": "Perche"}))
    assert said.message[0].endswith("s’appelle désormais Perche.")
    assert plain(said.message)[1].startswith("Inchangé : ")
    assert said.points.lines == ()
    said = told(("edit_sector", {"sector": "sarthe", "changes": {"name": "Sarthe et Loir"}}))
    assert said.verdict == "Aucun chiffre ne change."


def test_all_that_is_proposed_is_listed_moves_by_zone_with_their_reason(told: Told) -> None:
    said = plain(
        told(
            ("move", {"moves": {RACAN: "SAR-4", "0720003M": "SAR-4"}}),
            ("edit_sector", {"sector": "sarthe", "changes": {"rns": "Jeanne Martin"}}),
            why="plus près",
        ).proposed
    )
    assert (
        "Racan (Montval-sur-Loir) rejoint la zone Mamers – La Ferté-Bernard – Saint-Calais, dans "
        "un autre secteur : Sarthe ; raison : plus près."
    ) in said
    assert "Jeanne Martin est RNS du secteur Sarthe." in said
    assert "Le secteur Sarthe passe de « brouillon » à « proposé »." in said


def test_a_position_alone_is_told_by_its_distance_for_its_own_zone_and_those_around(
    told: Told, study: Study
) -> None:
    place = study.territory.lycees[RACAN]
    data = {"lycee": RACAN, "lat": place.lat + 0.02, "lon": place.lon, "precision": "manuel"}
    said = plain(told(("place", data)).proposed)
    assert said == ["La position de Racan (Montval-sur-Loir) change de 2,2 km."]
    lycee = study.territory.lycees[RACAN]
    spot = LocationOverrides().with_spot(lycee.id, Spot(lycee.lat + 0.02, lycee.lon + 0.03))
    here = study_of(study.analysis, State(study.plan, places=spot))
    scenes = (build_scene(each, SceneOptions()) for each in (study, here))
    first, _ = near_changes(next(scenes), next(scenes))
    named = {study.plan.zone(code).name for code in ("MAY-2", "SAR-3", "SAR-4")}
    assert {name for _, name in first.change.zones} <= named


def test_who_has_no_rns_any_more_is_worse_than_before(told: Told, study: Study) -> None:
    rns = study.plan.sector("mayenne").rns
    assert rns
    assert study.plan.sector("sarthe").rns is None
    joined = told(("move", {"moves": {RACAN: "SAR-4"}}))
    (line,) = plain(joined.without_rns)
    assert line == f"Racan (Montval-sur-Loir) n’a plus de RNS nommé ; c’était {rns}."
    lost, better, _ = plain(joined.message)[-3:]
    assert "Sans RNS nommé désormais : 1 lycée." in lost
    assert better.startswith("Ce qui s’améliore")
    unnamed = told(("edit_sector", {"sector": "mayenne", "changes": {"rns": None}}))
    count = len(study.plan.lycees_of("mayenne"))
    assert f"{count} lycées n’ont plus de RNS nommé" in plain(unnamed.without_rns)[0]
    renamed = told(("edit_sector", {"sector": "sarthe", "changes": {"name": "Est"}}))
    assert renamed.without_rns == ()


def test_posts_alone_are_a_change(told: Told) -> None:
    posts = [post_to_json(Post("tip-1", "SAR-4"))]
    said = told(("set_posts", {"zones": ["SAR-4"], "posts": posts}))
    assert plain(said.proposed) == ["1 poste de T.I.P. ; le plan d’avant n’en définit pas."]


def test_without_a_change_it_says_so_and_that_no_reason_was_written(study: Study) -> None:
    said = briefing_of(dossier(of_baseline(study.analysis), ExportView()))
    assert "ni position, ni poste ne change" in said.message[0]
    assert "pas été écrite" in said.why[0]
    assert said.points.lines == said.without_rns == ()


def test_a_reason_for_many_moves_is_told_without_their_list(
    study: Study, service: Scenarios
) -> None:
    moved = dict.fromkeys(study.plan.members("MAY-2"), "SAR-4")
    work = service.record(service.new(), "move", {"moves": moved}, "moins de route")
    said = briefing_of(dossier(of_work(study.analysis, work), ExportView("before-after")))
    assert said.why == ("Moins de route.",)


def spaced(text: str) -> str:
    return text.replace("\u202f", "").replace("\u00a0", " ")


def test_a_zone_that_its_needs_fill_is_one_half_day_from_another_post(toy: Study) -> None:
    needs = dict.fromkeys("ABCDEFGHI", 5) | {"C": 4}
    before = toy.with_teams(Teams(needs=needs))
    after = before.with_plan(toy.plan.move("C", "N2"))
    # A and B need 10 half-days, C to F 19
    assert [after.cost(zone_id=zone).posts for zone in ("N1", "N2")] == [1, 2]
    more = "Une demi-journée de besoin de plus y demande un poste de plus."
    assert post_sentences(before, after) == (f"Postes complets : Les Sources (1). {more}",)
    fuller = Teams(needs=needs | {"C": 5})
    assert post_sentences(before.with_teams(fuller), after.with_teams(fuller)) == (
        f"Postes complets : Les Sources (1) et Le Bocage (2). {more}",
    )
    assert after.with_teams(Teams(needs=needs | {"B": 6})).cost(zone_id="N1").posts == 2
    assert post_sentences(before, before) == ()


def test_a_zone_that_a_plan_makes_says_that_its_proposal_needs_a_post_more(study: Study) -> None:
    """Ancenis, Châteaubriant and Nort-sur-Erdre, in a plan where they were not together."""
    members = study.plan.members("NOL-1")
    apart = study.with_plan(study.plan.move(members[0], "NOL-5"))
    said = [spaced(sentence) for sentence in post_sentences(apart, study)]
    assert any(
        f"{study.plan.zone('NOL-1').name} : la proposition d'équipe demande un poste de plus : 4 "
        "au lieu de 3" in sentence
        for sentence in said
    )


def with_spaces(text: str) -> str:
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
    (said,) = (with_spaces(one) for one in also_does(study, after) if one.startswith("Kilomètres"))
    km, euros = (
        round(getattr(after.cost(), key) - getattr(study.cost(), key)) for key in ("km", "euros")
    )
    found = re.fullmatch(
        r"Kilomètres par an : \+([\d ]+) km, soit \+([\d ]+) € d'indemnités\.", said
    )
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
    (said,) = (with_spaces(one) for one in also_does(spoiled, study) if one.startswith("Avec"))
    found = re.match(r"Avec (\d) déplacements? sur 4 \((.*)\), (\d+) % du gain\.", said)
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
    said = with_spaces(pays_elsewhere(study, after, "mayenne"))
    more = after.cost(sector_id="sarthe").road_hours - study.cost(sector_id="sarthe").road_hours
    assert said.startswith(f"Ce qui se dégrade ailleurs : Sarthe (route +{round(more)} h")
    assert "Mayenne" not in said
    assert pays_elsewhere(study, study, "mayenne") == ""
