"""Backups in a folder: named by their date, the last ones kept, restored in an empty database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from geozones.common import clock
from geozones.common.errors import InputError
from geozones.domain import Scenario, StoreError
from geozones.store import Store, open_store
from geozones.workspace.doctor import backup_finding
from geozones.workspace.scenarios.backups import again_and_again, backup_into
from helpers.still_clock import put_forward
from helpers.stored import StoredScenarios

DAY = "2025-06-11T09:00:00.000+00:00"
NIGHT = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/scenarios.db")
    StoredScenarios(opened).create(Scenario("code", "Variante", {}, "le plan", "Ada", DAY, DAY))
    yield opened
    opened.close()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_last_ones_are_kept_and_nothing_else_is_removed(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "sauvegardes"
    folder.mkdir()
    (folder / "avant la migration.json").touch()
    removed = [
        backup_into(store, folder, NIGHT + timedelta(days=day), keep=2).removed for day in range(4)
    ]
    assert names(folder) == [
        "avant la migration.json",
        "geozones-2026-11-28T02-30-00Z.json",
        "geozones-2026-11-29T02-30-00Z.json",
    ]
    assert [len(gone) for gone in removed] == [0, 0, 1, 1]
    assert {path.stat().st_mode & 0o777 for path in folder.glob("geozones-*")} == {0o600}


def test_where_the_clock_was_set_back_the_new_one_is_kept(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "sauvegardes"
    for hours in (0, 1, -48):
        last = backup_into(store, folder, NIGHT + timedelta(hours=hours), keep=1).backup.path
    assert names(folder) == [last.name] == ["geozones-2026-11-24T02-30-00Z.json"]


def test_backups_of_a_clock_set_forward_go_first_once_it_is_right_again(
    store: Store, tmp_path: Path
) -> None:
    folder = tmp_path / "b"
    backup_into(store, folder, NIGHT, keep=3)
    ahead = backup_into(store, folder, NIGHT + timedelta(days=70 * 365), keep=3).backup.path
    backup_into(store, folder, NIGHT + timedelta(days=1), keep=3)
    kept = backup_into(store, folder, NIGHT + timedelta(days=2), keep=3)
    assert kept.removed == (ahead.name,)


def test_a_backup_of_a_clock_set_forward_is_no_recent_one_once_it_is_right_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as ahead:
        put_forward(ahead, timedelta(days=1))
        backup_into(store, tmp_path / "b", clock.now(), keep=3)
    assert "relue à une date à venir : faites une sauvegarde." in backup_finding().message
    backup_into(store, tmp_path / "b", clock.now(), keep=3)
    assert backup_finding().message.endswith("relue en entier.")


def test_a_backup_that_fails_removes_none(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "sauvegardes"
    backup_into(store, folder, NIGHT, keep=1)
    (tmp_path / "scenarios.db").rename(tmp_path / "ailleurs.db")
    with pytest.raises(StoreError):
        backup_into(store, folder, NIGHT + timedelta(days=1), keep=1)
    (tmp_path / "ailleurs.db").rename(tmp_path / "scenarios.db")
    (folder / "geozones-2026-11-27T02-30-00Z.json").mkdir()
    with pytest.raises(InputError):
        backup_into(store, folder, NIGHT + timedelta(days=1), keep=1)
    assert "geozones-2026-11-26T02-30-00Z.json" in names(folder)


def test_it_begins_again_until_stopped_and_after_a_failure() -> None:
    stopped, tries = Event(), []

    def act() -> bool:
        tries.append(len(tries))
        if len(tries) == 3:
            stopped.set()
        return len(tries) != 2

    again_and_again(act, 0.001, stopped)
    assert len(tries) == 3
