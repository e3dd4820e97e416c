"""« nightly »: one month forgotten a night, what was erased leaves the files."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from geozones import cli
from geozones.domain.field_journal import Intervention, by_month, journal_of
from geozones.store import Store, open_store
from helpers.fixture_types import Run
from helpers.stored import StoredScenarios, journal_file, months_of, store_journal

OLD = journal_of([Intervention(date(2020, month, 6), 0, "A", "tip-1") for month in (1, 2, 3)])


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store of a home folder, with three months too old in its journal."""
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    monkeypatch.delenv("GEOZONES_DATABASE_URL", raising=False)
    made = open_store()
    store_journal(made, journal_file("f", OLD), by_month(OLD))
    yield made
    made.close()


def test_each_run_forgets_one_month_and_logs_it(answer: Run, store: Store) -> None:
    assert answer("admin", "nightly") == {"forgotten": "2020-01", "purged": True}
    assert answer("admin", "nightly")["forgotten"] == "2020-02"
    assert len(months_of(store)) == 1
    assert [entry.detail for entry in StoredScenarios(store).actions()] == [
        {"month": "2020-01"}, {"month": "2020-02"},
    ]  # fmt: skip


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("former", "name"),
    [(("nightly",), "admin nightly"), (("scenarios", "backup", "{home}/b.json"), "admin backup")],
)
def test_a_former_name_that_timers_run_still_runs_with_a_warning(
    former: tuple[str, ...], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word.format(home=tmp_path) for word in former]
    assert cli.main([*words, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)
    said = " ".join(words[: 1 if len(former) == 1 else 2])
    assert err == (
        f"geozones : La commande « {said} » est remplacée par « {name} », qui est lancée.\n"
    )


def test_without_a_store_there_is_nothing_to_do_and_none_is_made(
    answer: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    assert answer("admin", "nightly")["forgotten"] is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_service_does_it_again_until_stopped(
    store: Store,
) -> None:
    command = [sys.executable, "-m", "geozones.cli", "admin", "nightly", "--every", "24", "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as service:
        assert service.stdout
        assert json.loads(service.stdout.readline())["forgotten"] == "2020-01"
        service.send_signal(signal.SIGTERM)
        service.communicate()
    assert service.returncode == 0
    assert [entry.detail for entry in StoredScenarios(store).actions()] == [{"month": "2020-01"}]
