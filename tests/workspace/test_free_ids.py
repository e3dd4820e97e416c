"""Free ids, with spaces and accents: kept in scenarios, read again, in files and in questions."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from geozones.common.errors import InputError
from geozones.domain.places import read_coordinates
from geozones.export.registry import format_of
from geozones.features.comments.use_cases import Opinions
from geozones.store import Store
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.roles import Actor, Role
from geozones.workspace.scenarios.open_scenario import study_of_work
from geozones.workspace.scenarios.openings import AskedLycee, opening, site_at, site_of
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_work
from helpers.other_folder import other_folder

ADA = Actor("Ada", Role.PLANNER)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    """The other territory, opened."""
    with other_folder(tmp_path / "data", monkeypatch) as folder:
        yield open_study(folder)


@pytest.fixture
def service(elsewhere: Study, store: Store) -> Scenarios:
    return Scenarios(elsewhere.analysis, lambda: store, ADA)


def test_a_move_of_a_free_id_is_kept_and_exported(elsewhere: Study, service: Scenarios) -> None:
    work = service.record(service.new(), "move", {"moves": {"agence 4": "V-1"}})
    work = service.open(work.scenario.id)
    assert study_of_work(elsewhere.analysis, work).plan.zone_of("agence 4").id == "V-1"
    table = format_of("csv").make(dossier(of_work(elsewhere.analysis, work), ExportView()))
    assert "agence 4" in table.decode("utf-8-sig")


def test_a_site_is_opened_without_communes_under_a_code_of_its_own(
    elsewhere: Study, service: Scenarios
) -> None:
    site = site_at(elsewhere, read_coordinates("60.25, 24.90"))
    asked = AskedLycee("Munkkiniemi", "", site, "numéro 13", None)
    work = service.record(service.new(), "open_lycee", opening(elsewhere, asked, "V-1"))
    now = study_of_work(elsewhere.analysis, work)
    assert now.plan.zone_of("numéro 13").id == "V-1"
    assert set(now.territory.cells) == set(now.plan.lycees)
    assert "numéro 13" in json.dumps(service.export(work), ensure_ascii=False)
    with pytest.raises(InputError, match="hors"):
        site_at(elsewhere, read_coordinates("47.2, -1.55"))
    with pytest.raises(InputError, match="pas de liste de communes"):
        site_of(elsewhere, "12 rue de la Paix, Helsinki")


def test_a_question_is_put_to_a_site_with_a_free_id(
    elsewhere: Study, service: Scenarios, store: Store
) -> None:
    work = service.record(service.new(), "move", {"moves": {"agence 4": "V-1"}})
    token = service.links.freeze(work)
    opinions = Opinions(lambda: store, ADA)
    asked = opinions.ask(token, elsewhere, "Qu'en dites-vous ?", ["agence 4"], "2099-01-01")
    assert [one.lycee for one in asked] == ["agence 4"]
