"""Faults of a page, of data and of the store: said in French, the work kept, the details logged."""

import html
import json
import logging
import os
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from geozones.common.french import NBSP
from geozones.features.imports.model import ListImport
from geozones.features.imports.parts import ListView
from geozones.ui import opened_data
from geozones.ui.server import launcher
from geozones.ui.server.serve import ServedAddress
from geozones.ui.server.web_guard import show_gesture_fault
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.service import Scenarios
from helpers.chosen import aim, choose, open_drawer
from helpers.page_texts import APP, opened, plain, said
from helpers.slow_params import slow_but

TITLE = ">Carte des secteurs et des zones de continuité</h1>"
BROKEN = "geozones.ui.widgets.panel.details"


def broken(*_: object, **__: object) -> tuple[str, ...]:
    msg = "a fault of the tool"
    raise KeyError(msg)


def test_a_page_that_fails_says_what_to_do_and_logs_the_rest(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(BROKEN, broken)
        with caplog.at_level(logging.ERROR):
            app = opened()
    assert "votre travail est gardé" in said(app)
    assert "a fault of the tool" not in said(app)
    (fault,) = [
        record for record in caplog.records if record.name == "geozones.ui.server.web_guard"
    ]
    code = fault.getMessage().removeprefix("Fault ")
    assert code in said(app)
    assert "a fault of the tool" in str(fault.exc_info[1])
    # mended, it is drawn again, as it was
    app.button(key="porte.reessayer").click().run()
    assert "votre travail est gardé" not in said(app)
    assert TITLE in said(app)


def test_a_fault_of_what_is_selected_is_left_behind_with_the_work_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = opened(mode="modifier")
    choose(app, lycee="0720012X")
    aim(app, "SAR-4")
    app.button(key="atelier.deplacer").click().run()
    with monkeypatch.context() as patched:
        patched.setattr("geozones.ui.widgets.panel.lycee_card", broken)
        app.run()
        assert "votre travail est gardé" in said(app)
        app.button(key="porte.sans-selection").click().run()
        assert "votre travail est gardé" not in said(app)
    assert TITLE in said(app)
    assert 'data-mode="carte"' in said(app)
    assert "1\u00a0changement fait" in said(open_drawer(app))


def test_what_stops_or_reruns_a_page_passes_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def first_again_then_stop(*_: object, **__: object) -> tuple[str, ...]:
        drawn.append(True)
        if len(drawn) == 1:
            st.rerun()
        st.stop()

    monkeypatch.setattr(BROKEN, first_again_then_stop)
    app = opened()
    assert len(drawn) == 2
    assert "votre travail est gardé" not in said(app)
    assert TITLE in said(app)


def test_gestures_that_fail_are_said_at_the_same_door(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {}

    class Server:
        def __init__(self, _script: Path, **given: object) -> None:
            options.update(given)

        def run(self, **_: object) -> None:
            """Serve nothing."""

    monkeypatch.setattr(st, "App", Server)
    monkeypatch.setattr(launcher, "PATCHES", ())  # they would stay for the next tests
    monkeypatch.setattr(launcher, "load_config_options", lambda _: None)
    monkeypatch.setattr("sys.argv", ["app.py"])
    launcher.main(APP, ServedAddress())
    assert options["on_script_error"] is show_gesture_fault


#: A name that Markdown would make a link of.
BAD = "Variante [abîmée](https://ailleurs.example)"


@pytest.fixture
def two(service: Scenarios) -> tuple[str, str]:
    """Two scenarios: the ids of one that is to be damaged and of another."""
    made = []
    for name in (BAD, "Variante saine"):
        work = service.record(service.new(), "move", {"moves": {"0720012X": "SAR-4"}})
        work = service.describe(work, name=name)
        made.append(work.scenario.id)
    return made[0], made[1]


def damage(scenario: str, column: str, value: str) -> None:
    file = os.environ["GEOZONES_DATABASE_URL"].removeprefix("sqlite:///")
    connection = sqlite3.connect(file)
    connection.execute(
        f"UPDATE geozones_scenarios SET {column} = ? WHERE id = ?",  # noqa: S608 - of this file
        (value, scenario),
    )
    connection.commit()
    connection.close()


@pytest.mark.parametrize("page", slow_but(["scenarios", "partager"], "scenarios"))
def test_a_line_that_cannot_be_read_is_named_and_the_others_are_offered(
    page: str, two: tuple[str, str]
) -> None:
    bad, good = two
    damage(bad, "status", "décidé")
    app = opened(page)
    assert BAD in said(app)
    assert "est abîmé dans la base" in said(app)
    offered = [option for box in app.selectbox for option in box.options]
    offered += [part.proto.json for part in app.get("bidi_component")]  # rows of a list
    assert any("Variante saine" in option for option in offered)
    assert not any(BAD in option for option in offered)
    assert good != bad


@pytest.mark.parametrize("page", ["carte", "scenarios", "partager"])
def test_a_scenario_that_cannot_be_opened_says_so_where_it_is_asked(
    page: str, two: tuple[str, str]
) -> None:
    bad, _ = two
    damage(bad, "base", "{")
    assert "est abîmé dans la base" in said(opened(page, scenario=bad))


def test_what_a_scenario_has_and_cannot_be_read_is_named_where_it_is_shown(
    two: tuple[str, str],
) -> None:
    file = os.environ["GEOZONES_DATABASE_URL"].removeprefix("sqlite:///")
    connection = sqlite3.connect(file)
    connection.execute("UPDATE geozones_members SET access = 'roi' WHERE person = '*'")
    connection.commit()
    connection.close()
    app = opened("scenarios")
    text = html.unescape(said(app)).replace(NBSP, " ")
    assert "laissé de côté : droit d'accès" in text
    assert "« access » doit être l'un de" in text
    assert two


def test_a_store_that_cannot_be_written_keeps_the_work_on_screen_and_offers_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    database = tmp_path / "abimee.db"
    database.write_bytes(b"not a database, by far" * 200)
    monkeypatch.setenv("GEOZONES_DATABASE_URL", f"sqlite:///{database}")
    opened_data.store.clear()
    request.addfinalizer(opened_data.store.clear)
    offered = downloads(monkeypatch)
    app = opened(mode="modifier")
    aim(choose(app, lycee="0720012X"), "SAR-4")
    app.button(key="atelier.deplacer").click().run()
    assert not app.exception
    assert "n'est pas une base lisible" in html.unescape(said(app))
    assert "non enregistré" in said(app)
    assert app.download_button(key="scenario.secours").label == "Télécharger le plan"
    (plan,) = {content for content in offered if '"sectors"' in content}
    zones = [zone for sector in json.loads(plan)["sectors"] for zone in sector["zones"]]
    (zone,) = [zone for zone in zones if zone["id"] == "SAR-4"]
    assert "0720012X" in zone["lycees"]
    database.unlink()
    app.button(key="scenario.reessayer").click().run()
    assert "· enregistré" in said(app)


def downloads(patch: pytest.MonkeyPatch) -> list[str]:
    """Follow what a page gives its buttons to download."""
    found: list[str] = []
    load = MemoryMediaFileStorage.load_and_get_id

    def load_and_note(self: MemoryMediaFileStorage, content: str | bytes, *given: Any) -> str:
        found.append(content if isinstance(content, str) else content.decode(errors="replace"))
        return load(self, content, *given)

    patch.setattr(MemoryMediaFileStorage, "load_and_get_id", load_and_note)
    return found


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
