"""Data that is not whole, or not there: the page says so in French, without a traceback."""

import re
from pathlib import Path

import pytest

from geozones.features.imports.model import ListImport
from geozones.features.imports.parts import ListView
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.service import Scenarios
from helpers.page_texts import opened, plain, said


def test_before_the_first_scenario_no_control_has_nothing_to_do(service: Scenarios) -> None:
    app = opened("scenarios")
    assert "Comparer" not in re.findall(r"<h2[^>]*>([^<]*)", said(app))
    assert not app.multiselect
    assert not app.checkbox
    app.switch_page("pages/equipes.py").run()
    assert not [each for each in app.toggle if each.label == "Garder les postes existants"]

    moved = service.record(service.new(), "move", {"moves": {"0720012X": "SAR-4"}})
    service.archive(moved, archived=True)
    app.switch_page("pages/scenarios.py").run()
    assert [each.label for each in app.checkbox] == ["Montrer aussi les archivés"]


@pytest.mark.parametrize("mode", ["regarder", "modifier", "proposer"])
def test_each_mode_of_the_map_is_opened_by_its_address(mode: str) -> None:
    app = opened(mode=mode)
    # the map has no other modes now: their addresses lead to it
    assert f'data-mode="{"proposer" if mode == "proposer" else "carte"}"' in said(app)


@pytest.mark.parametrize("name", ["secteurs.json", "travel_times.parquet"])
def test_a_missing_data_file_is_said_on_the_page(opened_copy: Path, name: str) -> None:
    (opened_copy / name).unlink()
    app = opened()
    assert name in said(app)
    assert "reconstruisez-le" in said(app)


@pytest.mark.parametrize("has_it", [pytest.param(True, marks=pytest.mark.slow), False])
def test_an_installation_without_the_ground_of_close_zooms_draws_the_map_of_the_region(
    opened_copy: Path, *, has_it: bool
) -> None:
    if not has_it:
        (opened_copy / "close_ground.parquet").unlink()
    app = opened()
    (shown,) = app.get("component_instance")
    assert ("/ground-" in shown.proto.json_args) is has_it


@pytest.mark.slow
def test_without_the_data_of_france_one_line_says_how_to_have_it() -> None:
    app = opened("donnees", partie="territoires")
    assert "make data-france" in said(app)
    offered = {button.label for button in app.button}
    assert "Voir ses lycées" not in offered
    assert "Lire la liste" in offered


def test_an_import_counts_in_the_singular_and_says_that_a_table_goes_on(
    service: Scenarios, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geozones.features.imports.parts._SHOWN", 10)
    text = """Secteur;Zone;UAI;Lycée;Commune
Sarthe;Nord;;Lycée de la Lune;Mamers
Sarthe;Nord;0720012X;Racan;Montval-sur-Loir"""
    read = ListImport.opened(study.territory, text, "liste")
    app = opened("donnees", ListView(current=read, step=5, proposed="Import de liste"))
    caption = "<caption>Ce qui change dans le plan : les 10 premières lignes sur 16</caption>"
    # it is read on a phone without scrolling aside
    assert f'<table class="gz-table gz-stacks">{caption}' in plain(app)
    app.button(key="donnees.creer").click().run()
    made = service.open(service.list()[0].id).saved.description
    assert made.startswith("2\u00a0lycées, 1\u00a0réparation, 0\u00a0ligne laissée.")
