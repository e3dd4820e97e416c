"""A damaged scenario is named where scenarios are listed; a damaged base costs no work."""

import html
import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from geozones.common.french import NBSP
from geozones.ui import opened_data
from geozones.workspace.scenarios.service import Scenarios
from helpers.chosen import aim, choose
from helpers.page_texts import opened, said
from helpers.slow_params import slow_but

#: A name that Markdown would make a link of.
BAD = "Variante [abîmée](https://ailleurs.example)"


@pytest.fixture
def two(service: Scenarios) -> tuple[str, str]:
    """Two scenarios: the ids of one that is to be damaged and of another."""
    made = []
    for name in (BAD, "Variante saine"):
        work = service.record(service.new(), "move", {"moves": {"0720012X": "SAR-4"}})
        work = service.describe(work, name=name)
        assert work.scenario is not None
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
