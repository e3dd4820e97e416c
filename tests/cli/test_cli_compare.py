"""« scenarios compare »: figures side by side, and how sure the difference is."""

import re
from pathlib import Path

import pytest

from geozones import cli
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.service import Scenarios
from helpers.fixture_types import Run


@pytest.fixture
def moved(study: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A stored scenario where Racan of Montval is, far from all, in a zone of Angers."""
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    store = open_store()
    service = Scenarios(study.analysis, lambda: store, LOCAL)
    work = service.record(service.new(), "move", {"moves": {"0720012X": "SAR-4"}})
    store.close()
    return work.scenario.id


def test_a_scenario_is_compared_with_the_shipped_plan(answer: Run, moved: str) -> None:
    told = answer("scenarios", "compare", "plan", moved)
    assert told["before"] == {"id": "plan", "name": "Plan de départ"}
    assert told["after"]["id"] == moved
    assert (told["verdict"], told["turns_at"]) == ("défavorable", None)
    assert told["moves"] == [{"lycee": "0720012X", "from": "MAY-2", "to": "SAR-4"}]
    figures = {figure["key"]: figure for figure in told["figures"]}
    assert figures["objective"]["better"] is False
    assert "défavorable" in figures["objective"]["verdict"]
    assert figures["breaches"]["verdict"] == "défavorable"
    back = answer("scenarios", "compare", moved, "plan")
    assert back["verdict"] == "favorable"


def test_without_json_it_is_told_in_french(moved: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["scenarios", "compare", "plan", moved]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Territoire : Pays de la Loire\nPlan de départ → ")
    assert "défavorable" in said
    assert "- Racan (Montval-sur-Loir) : MAY-2 → SAR-4" in said


def test_a_terminal_gives_names_and_dates_where_scripts_have_codes_and_instants(
    moved: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["destinations", "0850027T"]) == 0
    said = capsys.readouterr().out
    taken = re.findall(r"Reprendre (.+?) de [A-Z][a-zé]", said)
    assert taken
    assert all("(" in name and not re.search(r"\d{7}[A-Z]", name) for name in taken)
    assert cli.main(["scenarios", "show", moved]) == 0
    assert not re.search(r"\d{4}-\d\d-\d\dT", capsys.readouterr().out)
