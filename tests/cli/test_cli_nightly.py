"""« nightly »: one month forgotten, the seal told to the service log, a log cut short told."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geozones import cli
from geozones.domain.field_journal import Intervention, journal_of
from geozones.store import Store, open_store
from tests.store.test_damage import order
from tests.store.test_journal import by_month, file_of

OLD = journal_of([Intervention(date(2020, month, 6), 0, "A", "tip-1") for month in (1, 2, 3)])


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store of a home folder, with three months too old in its journal."""
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    monkeypatch.delenv("GEOZONES_DATABASE_URL", raising=False)
    made = open_store()
    made.field_journal.add(file_of("f", OLD), by_month(OLD))
    yield made
    made.close()


def test_each_run_forgets_one_month_and_logs_it(answer: Callable[..., Any], store: Store) -> None:
    assert answer("nightly") == {"forgotten": "2020-01", "purged": True, "fault": None}
    assert answer("nightly")["forgotten"] == "2020-02"
    assert len(store.field_journal.months()) == 1
    assert [entry.detail for entry in store.log.actions()] == [
        {"month": "2020-01"}, {"month": "2020-02"},
    ]  # fmt: skip


def test_a_log_cut_short_since_the_last_night_is_told_and_exits_1(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["nightly"]) == 0
    assert "janv.\u00a02020" in capsys.readouterr().out
    url = f"sqlite:///{tmp_path / 'scenarios.db'}"
    order(url, "DROP TRIGGER geozones_actions_delete")
    order(url, "DELETE FROM geozones_actions")
    store.field_journal.drop()
    assert cli.main(["nightly"]) == 1
    assert "Le journal a été réécrit : sa ligne 1" in capsys.readouterr().out


def test_without_a_store_there_is_nothing_to_do_and_none_is_made(
    answer: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    assert answer("nightly")["forgotten"] is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_service_does_it_again_until_stopped_and_its_log_has_the_seal(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_LOG", "json")
    command = [sys.executable, "-m", "geozones.cli", "nightly", "--every", "24", "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as service:
        assert service.stdout
        assert json.loads(service.stdout.readline())["forgotten"] == "2020-01"
        service.send_signal(signal.SIGTERM)
        _, told = service.communicate()
    assert service.returncode == 0
    (line,) = (json.loads(line) for line in told.splitlines() if "log_sealed" in line)
    (entry,) = store.log.actions()
    assert (line["position"], f"{line['key']}.{line['digest']}.{line['mac']}") == (1, entry.seal)
