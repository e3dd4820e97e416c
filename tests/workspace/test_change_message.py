"""Message of a change, and the list of all that it changes, for scenarios of every kind."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geozones.common.french import typeset
from geozones.domain.events import State
from geozones.domain.places import LocationOverrides, Spot
from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import Post
from geozones.export.change_scenes import near_changes
from geozones.export.messages import message_of
from geozones.store import open_store
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study, study_of
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.briefing import Briefing, briefing_of
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_plan, of_work

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
    lines = (message.posts, *message.figures, message.points, message.tis, *message.beside)
    said = plain((f"{message.title}.", *filter(None, lines)))
    assert "heures de route de plus" in said[0]
    *figures, tis = plain(change.told)
    assert said[1 : 1 + len(figures)] == figures
    points, told_tis, drives, *_ = said[1 + len(figures) :]
    assert told_tis == tis
    assert tis.startswith("Route des T.I.S. par an ")
    assert re.fullmatch(r"Points de vigilance : (\d+ \w+(, )?)+\.", points)
    assert drives.startswith("Dans la zone Mamers")
    assert "le plus long trajet passe de 68 à 8" in drives
    # on a page: figures that get worse and better, then the rest in one paragraph
    brief = plain(told(("move", {"moves": moved})).message)
    assert brief[0] == said[0]
    assert brief[-1].endswith(" ".join((drives, *said[4 + len(figures) :])))
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
    assert first.change is not None
    named = {study.plan.zone(code).name for code in ("MAY-2", "SAR-3", "SAR-4")}
    assert {name for _, name in first.change.zones} <= named


def test_who_has_no_rns_any_more_is_worse_than_before(told: Told, study: Study) -> None:
    rns = study.plan.sector("mayenne").rns
    assert rns
    assert study.plan.sector("sarthe").rns is None
    joined = told(("move", {"moves": {RACAN: "SAR-4"}}))
    (line,) = plain(joined.without_rns)
    assert line == f"Racan (Montval-sur-Loir) n’a plus de RNS nommé ; c’était {rns}."
    assert plain(joined.message)[-1].endswith("Sans RNS nommé désormais : 1 lycée.")
    unnamed = told(("edit_sector", {"sector": "mayenne", "changes": {"rns": None}}))
    count = len(study.plan.lycees_of("mayenne"))
    assert f"{count} lycées n’ont plus de RNS nommé" in plain(unnamed.without_rns)[0]
    renamed = told(("edit_sector", {"sector": "sarthe", "changes": {"name": "Est"}}))
    assert renamed.without_rns == ()


def test_posts_alone_are_a_change(told: Told) -> None:
    posts = [post_to_json(Post("tip-1", "SAR-4"))]
    said = told(("set_posts", {"zones": ["SAR-4"], "posts": posts}))
    assert plain(said.proposed) == ["1 poste de T.I.P. ; le plan d’avant n’en définit pas."]
