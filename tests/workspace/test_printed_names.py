"""How lycées were printed beside how they are called; what is not sure of two of them."""

import io
import json
from html import unescape

import openpyxl
import pytest

from geozones.export import Dossier
from geozones.export.attributes import csv_bytes
from geozones.export.geo import geojson
from geozones.export.html import page
from geozones.export.xlsx import xlsx
from geozones.ui.widgets.panel import lycee_card
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline

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
