"""A backup without a damaged scenario is written, named as such, and exits 1."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from geozones.cli import main
from geozones.domain import Scenario
from geozones.store import Store, open_store

DAY = "2025-06-11T09:00:00.000+00:00"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of two scenarios, that the commands open."""
    url = f"sqlite:///{tmp_path}/scenarios.db"
    monkeypatch.setenv("GEOZONES_DATABASE_URL", url)
    opened = open_store(url)
    for key in ("bad", "good"):
        opened.scenarios.create(Scenario(key, f"Variante {key}", {}, "le plan", "Ada", DAY, DAY))
    yield opened
    opened.close()


@pytest.fixture
def damaged(store: Store, tmp_path: Path) -> Store:
    connection = sqlite3.connect(tmp_path / "scenarios.db")
    connection.execute("UPDATE geozones_scenarios SET status = 'x' WHERE id = 'bad'")
    connection.commit()
    connection.close()
    return store


@pytest.mark.usefixtures("store")
def test_a_whole_backup_exits_0_and_names_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scenarios", "backup", str(tmp_path / "s.json"), "--json"]) == 0
    out, err = capsys.readouterr()
    path = str(tmp_path / "s.json")
    assert json.loads(out) == {
        "path": path,
        "file": path,
        "restorable": True,
        "scenarios": 2,
        "events": 0,
        "publications": 0,
        "left_out": [],
        "log_faults": [],
    }
    assert err == ""


@pytest.mark.usefixtures("damaged")
@pytest.mark.parametrize("command", ["backup", "list"])
def test_what_is_left_out_is_named_on_both_outputs_and_the_status_is_1(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = [str(tmp_path / "s.json")] if command == "backup" else []
    assert main(["scenarios", command, *file, "--json"]) == 1
    out, err = capsys.readouterr()
    (row,) = json.loads(out)["damaged"]
    assert (row["id"], row["name"]) == ("bad", "Variante bad")
    assert "« status » doit être" in row["why"]
    assert err.startswith(
        "geozones : Laissé de côté : scénario « Variante bad » (bad) : « status »"
    )
    assert err.count("\n") == 1
    if file:
        written = json.loads(Path(file[0]).read_text())["scenarios"]
        assert [scenario["id"] for scenario in written] == ["good"]


def test_the_log_says_who_did_what_and_a_broken_one_exits_1(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.scenarios.delete("bad")
    assert main(["scenarios", "log", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [entry["what"] for entry in answer["actions"]] == ["create", "create", "delete"]
    assert (answer["broken"], answer["unkeyed"], answer["foreign"]) == (None, 0, {})
    assert answer["faults"] == []
    assert "le journal est intact" in answer["state"]
    assert main(["scenarios", "log", "bad", "--limit", "1"]) == 0
    assert "poste local : supprimé pour toujours · Variante bad (bad)" in capsys.readouterr().out
    connection = sqlite3.connect(tmp_path / "scenarios.db")
    connection.execute("DROP TRIGGER geozones_actions_update")
    connection.execute("UPDATE geozones_actions SET who = 'eve' WHERE position = 2")
    connection.commit()
    connection.close()
    assert main(["scenarios", "log"]) == 1
    out = capsys.readouterr().out
    assert "Le journal a été altéré : sa ligne 2 ne suit pas la précédente" in out
    assert "geozones_actions_update (la modification d'une ligne)" in out
