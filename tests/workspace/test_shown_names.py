"""Names of zones, lycées and scenarios as they are shown and printed."""

import io
import json
from dataclasses import replace
from html import unescape

import openpyxl
import pytest

from geozones.common.errors import InputError
from geozones.domain.places import Spot
from geozones.export import Dossier
from geozones.export.attributes import csv_bytes
from geozones.export.geo import geojson
from geozones.export.html import page
from geozones.export.xlsx import xlsx
from geozones.ui.widgets.panel import lycee_card
from geozones.workspace.figures.study import Study, baseline_study
from geozones.workspace.moves.preview import preview
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline

#: The only lycée of Beaupréau.
BEAUPREAU = "0492430A"
OWN, SHOWN = "Cholet – Beaupréau – Chemillé", "Cholet – Chemillé-en-Anjou"


@pytest.fixture
def left(service: Scenarios) -> Work:
    """A stored scenario whose zone has lost a town of its name."""
    return service.record(service.new(), "move", {"moves": {BEAUPREAU: "SLC-3"}})


def test_a_preview_a_refusal_and_a_baseline_name_zones_as_the_map_does(
    study: Study, service: Scenarios, left: Work
) -> None:
    effect = preview(study, BEAUPREAU, "SLC-3")
    assert effect.after.zone("SLC-4").name == SHOWN
    with pytest.raises(InputError) as refused:
        service.record(left, "delete_zone", {"zone": "SLC-4"})
    assert f"La zone {SHOWN} a encore" in str(refused.value)
    in_force = study.analysis.with_baseline(replace(study.analysis.baseline, plan=left.plan))
    assert in_force.reference.zone("SLC-4").name == SHOWN
    assert baseline_study(in_force).plan.zone("SLC-4").name == SHOWN


def test_history_and_names_of_scenarios_say_what_the_map_shows(
    service: Scenarios, study: Study, left: Work
) -> None:
    (event,) = left.timeline.events
    assert describe_event(study.territory, left, event).endswith(
        "→ Clisson – Montaigu – Les Herbiers"
    )
    joined = service.record(left, "move", {"moves": {"0490055U": "SLC-4"}})
    last = joined.timeline.events[-1]
    assert describe_event(study.territory, joined, last).endswith(f"→ {SHOWN} – Saumur")
    alone = service.record(service.new(), "rename_zone", {"zone": "SLC-4", "name": "Laval"})
    alone = service.record(alone, "move", {"moves": {"0490055U": "SLC-4"}})
    assert alone.name == "Sadi Carnot – Jean Bertin → Cholet – Beaupréau-en-Mauges"


def test_a_plan_file_has_the_name_shown_and_gives_the_own_one_back(
    study: Study,
) -> None:
    moved = study.with_plan(study.plan.move(BEAUPREAU, "SLC-3"))
    document = moved.plan_json()
    zones = {zone["id"]: zone for sector in document["sectors"] for zone in sector["zones"]}
    assert (zones["SLC-4"]["name"], zones["SLC-4"]["own_name"]) == (SHOWN, OWN)
    assert "own_name" not in zones["SLC-3"]
    read = study.atlas.plan_of_json(document).plan
    assert read == moved.plan
    assert study.with_plan(read.move(BEAUPREAU, "SLC-4")).plan.zone("SLC-4").name == OWN


RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2


def test_one_move_names_the_lycee_and_its_zone_and_more_name_their_sector(
    service: Scenarios, study: Study
) -> None:
    zone = study.plan.zone("SAR-4")
    work = service.record(service.new(), "move", {"moves": {RACAN: zone.id}})
    assert work.name == f"Racan → {zone.name}"
    mate = study.plan.members("SAR-1")[0]
    work = service.record(work, "move", {"moves": {mate: "SAR-4"}})
    assert work.name.replace("\N{NO-BREAK SPACE}", " ") == "2 lycées déplacés, Sarthe"
    # an undo, and what is stored, say so too
    work = service.step(work, "undo")
    assert work.name == f"Racan → {zone.name}"
    assert [entry.name for entry in service.list()] == [work.name]
    work = service.step(work, "undo")
    assert work.name == "Scénario sans changement"


def test_a_name_that_somebody_gave_stays_but_one_with_a_date_of_an_earlier_version(
    service: Scenarios,
) -> None:
    work = service.record(service.new(), "move", {"moves": {RACAN: "SAR-4"}})
    work = service.describe(work, name="Pour la réunion")
    work = service.record(work, "move", {"moves": {RACAN: "SAR-1"}})
    assert (work.name, service.open(work.saved.id).name) == ("Pour la réunion",) * 2
    work = service.record(service.new(), "move", {"moves": {RACAN: "SAR-4"}})
    work = service.describe(work, name="Essai du 28 novembre 2026, 11 h 41 (UTC)")
    work = service.record(work, "move", {"moves": {RACAN: "SAR-1"}})
    assert work.name.startswith("Racan → ")


def test_without_a_move_the_last_change_names_it(service: Scenarios, study: Study) -> None:
    work = service.record(service.new(), "set_needs", {"needs": {RACAN: 7}})
    assert work.name.replace("\N{NO-BREAK SPACE}", " ") == (
        f"Besoins, {study.name(RACAN)} : 7 demi-journées"
    )
    place = study.territory.lycees[RACAN]
    work = service.place(work, RACAN, Spot(place.lat + 0.001, place.lon), insist=True)
    assert "Racan" in work.name


LA_MODE, RENAUDEAU, DAGUET, FLECHE = "0490020F", "0490054T", "0721680K", "0720021G"
THREE = "Raphael Elize Centre de Soins Daguet Estournelle de Constant"


@pytest.fixture(scope="module")
def mayenne(study: Study) -> Dossier:
    return dossier(of_baseline(study.analysis), ExportView("sector", "mayenne"))


def test_a_name_is_told_as_it_was_printed_and_where_if_it_is_not_the_usual_one(
    study: Study,
) -> None:
    printed = study.territory.printed_name
    assert printed(FLECHE) == (THREE, "dans le document")
    assert printed("0440069L") is None or printed("0440069L")[1] == "dans l'annuaire"
    drafts = [key for key in study.plan.lycees_of("nantes") if printed(key)]
    assert {printed(key)[1] for key in drafts} == {"dans l'annuaire"}
    assert printed("0530012A") == ("Réaumur et Buron", "dans le document")
    assert printed("0530010Y") is None  # « Ambroise Paré » in both


def test_the_card_of_a_lycee_has_its_printed_name_and_what_is_not_sure(study: Study) -> None:
    card = unescape(str(lycee_card(study, FLECHE)))
    assert f"<dt>Nom dans le document</dt><dd>{THREE}</dd>" in card
    daguet = unescape(str(lycee_card(study, DAGUET)))
    assert "<dd>annexe</dd>" in daguet
    assert "Annexe pédagogique du lycée Raphaël Élizé" in daguet
    assert "À savoir" not in unescape(str(lycee_card(study, "0530010Y")))


def test_files_have_the_printed_name_beside_the_usual_one(mayenne: Dossier) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(mayenne)))["Mayenne"]
    head = [cell.value for cell in sheet[1]]
    rows = [dict(zip(head, (cell.value for cell in row), strict=True)) for row in sheet]
    named = {row["UAI"]: (row["Lycée"], row["Nom imprimé"]) for row in rows}
    assert named[FLECHE] == ("Estournelles de Constant", THREE)
    assert named["0530010Y"] == ("Ambroise Paré", "Ambroise Paré")
    # each figure stands under its own head
    by_code = {row["UAI"]: row for row in rows}
    buron = by_code["0530012A"]
    assert (buron["Centre support"], buron["Élèves"]) == ("oui", 1302)
    assert (buron["Besoin (demi-journées)"], buron["Besoin d’après"]) == (12, "d’après les élèves")
    assert isinstance(buron["Relève (min)"], float)
    features = json.loads(geojson(mayenne))["features"]
    lycees = {f["properties"].get("uai"): f["properties"] for f in features}
    assert lycees[FLECHE]["nom_imprime"] == THREE
    assert (lycees[FLECHE]["eleves"], lycees[FLECHE]["besoin_demi_journees"]) == (1326, 12)
    assert "black-born/prix-eleve-ecole" in lycees[FLECHE]["eleves_source"]
    assert "Annexe pédagogique" in lycees[DAGUET]["remarque"]
    assert ";nom_imprime;" in csv_bytes(mayenne).decode("utf-8-sig").splitlines()[0]
    text = unescape(page(mayenne).decode()).replace("\u00a0", " ")
    assert f"« {THREE} »" in text
