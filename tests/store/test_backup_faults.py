"""A database that fails while it is backed up: it is said, and the backup before stays."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from geozones.domain import Scenario, StoreError
from geozones.store import Store
from helpers.fixture_types import Make
from helpers.stored import StoredScenarios
from tests.store.conftest import Cluster


def test_a_server_that_restarts_during_a_backup_is_said_and_the_next_one_is_whole(
    opened: Make[Store],
    cluster: Cluster,
    postgresql_url: str,
    scenario_of: Make[Scenario],
    tmp_path: Path,
) -> None:
    store = opened(postgresql_url)
    StoredScenarios(store).create(scenario_of())
    before = store.backup(tmp_path / "b.json").path.read_bytes()
    restarts = []

    def restart(_connection: object, *details: Any) -> None:
        if not restarts and "geozones_comments" in details[1]:
            restarts.append(True)
            cluster.stop("immediate")
            cluster.start()

    event.listen(store.context.database.engine, "before_cursor_execute", restart)
    with pytest.raises(StoreError, match="ne répond pas"):
        store.backup(tmp_path / "b.json")
    assert restarts
    assert (tmp_path / "b.json").read_bytes() == before
    assert store.backup(tmp_path / "b.json").scenarios == 1


def test_a_database_that_may_only_be_read_is_backed_up(
    opened: Make[Store],
    cluster: Cluster,
    database: str,
    scenario_of: Make[Scenario],
    tmp_path: Path,
) -> None:
    created = StoredScenarios(opened(cluster.url(database))).create(scenario_of())
    cluster.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    done = opened(cluster.url(database)).backup(tmp_path / "b.json")
    other = opened(tmp_path / "other.db")
    assert other.restore(done.path).left_out == ()
    assert StoredScenarios(other).get(created.id) == created


def test_a_database_that_is_gone_leaves_the_backup_before(
    opened: Make[Store], sqlite_file: Path, scenario_of: Make[Scenario], tmp_path: Path
) -> None:
    store = opened(sqlite_file)
    StoredScenarios(store).create(scenario_of())
    before = store.backup(tmp_path / "b.json").path.read_bytes()
    sqlite_file.unlink()
    with pytest.raises(StoreError, match="introuvable"):
        store.backup(tmp_path / "b.json")
    assert (tmp_path / "b.json").read_bytes() == before
