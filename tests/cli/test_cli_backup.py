"""A backup without a damaged scenario is written, and names it; a list exits 1."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geozones.cli import command_line, main
from geozones.domain import Scenario
from geozones.store import Store, open_store
from helpers.stored import StoredScenarios

DAY = "2025-06-11T09:00:00.000+00:00"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of two scenarios, that the commands open."""
    url = f"sqlite:///{tmp_path}/scenarios.db"
    monkeypatch.setenv("GEOZONES_DATABASE_URL", url)
    opened = open_store(url)
    for key in ("bad", "good"):
        StoredScenarios(opened).create(
            Scenario(key, f"Variante {key}", {}, "le plan", "Ada", DAY, DAY)
        )
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
    assert main(["admin", "backup", str(tmp_path / "s.json"), "--json"]) == 0
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
    }
    assert err == ""


LEFT_OUT = "geozones : Laissé de côté : scénario « Variante bad » (bad) : « status » doit être"


@pytest.mark.usefixtures("damaged")
@pytest.mark.parametrize("keep", [[], ["--keep", "3"]])
def test_a_backup_that_left_something_out_is_written_names_it_and_exits_0(
    keep: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["admin", "backup", str(tmp_path / "s"), *keep, "--json"]) == 0
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert [row["what"] for row in answer["left_out"]] == ["scénario « Variante bad » (bad)"]
    written = json.loads(Path(answer["file"]).read_text(encoding="utf-8"))["scenarios"]
    assert [scenario["id"] for scenario in written] == ["good"]
    warning, named = err.splitlines()
    assert warning.startswith("geozones : La sauvegarde est écrite, mais 1\u00a0élément illisible")
    assert named.startswith(LEFT_OUT)


def test_the_log_says_who_did_what_and_an_unguarded_one_exits_1(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    StoredScenarios(store).delete("bad")
    assert main(["scenarios", "log", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [entry["what"] for entry in answer["actions"]] == ["create", "create", "delete"]
    assert (answer["sealed"], answer["faults"]) == (0, [])
    assert answer["state"] == "3\u00a0actions."
    assert main(["scenarios", "log", "bad", "--limit", "1"]) == 0
    assert "poste local : supprimé pour toujours · Variante bad (bad)" in capsys.readouterr().out
    connection = sqlite3.connect(tmp_path / "scenarios.db")
    connection.execute("DROP TRIGGER geozones_actions_update")
    connection.commit()
    connection.close()
    assert main(["scenarios", "log"]) == 1
    out = capsys.readouterr().out
    assert "geozones_actions_update (la modification d'une ligne)" in out


@pytest.mark.usefixtures("damaged")
def test_a_list_names_what_is_left_out_on_both_outputs_and_exits_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["scenarios", "list", "--json"]) == 1
    out, err = capsys.readouterr()
    (row,) = json.loads(out)["damaged"]
    assert (row["id"], row["name"]) == ("bad", "Variante bad")
    assert "« status » doit être" in row["why"]
    assert err.startswith(LEFT_OUT)
    assert err.count("\n") == 1


@pytest.mark.usefixtures("damaged")
def test_a_backup_each_night_warns_each_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(act: Callable[[], bool], *_: object) -> None:
        assert [act(), act()] == [True, True]

    monkeypatch.setattr("geozones.workspace.scenarios.backups.again_and_again", twice)
    monkeypatch.setattr(command_line.signal, "signal", lambda *_: None)
    assert main(["admin", "backup", str(tmp_path / "s"), "--every", "24"]) == 0
    assert capsys.readouterr().err.count("La sauvegarde est écrite, mais") == 2
