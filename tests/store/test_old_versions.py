"""A store and a backup of an earlier version open with nothing lost, on either database.

``expected.json`` is what the earlier code itself read back, as `read_all` gives it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import geozones.store
from geozones.domain import Scenario
from geozones.store import Store
from geozones.store.store import HEAD, REVISION_TABLE
from geozones.store.tables import METADATA
from helpers.fixture_types import Make
from helpers.stored import StoredScenarios, left_out_of, never_approved_in, published_in
from tests.fixtures.old_stores.reading import HERE, read_all
from tests.store.conftest import Cluster

type Opened = Make[Store]

EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_bytes())
BACKUP = HERE / "store.backup.json"


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, opened: Opened, tmp_path: Path) -> Store:
    """A copy of the store of the earlier version."""
    if request.param == "sqlite":
        return opened(Path(shutil.copy(HERE / "store.db", tmp_path)))
    cluster: Cluster = request.getfixturevalue("cluster")
    database: str = request.getfixturevalue("database")
    cluster.execute((HERE / "store.sql").read_text(encoding="utf-8"), database)
    return opened(cluster.url(database))


def losses_of(store: Store) -> list[str]:
    """Return what the earlier code read in the store and is not in this one."""
    held, now = EXPECTED["holds"], read_all(store, EXPECTED["copies"], EXPECTED["gone"])
    now["actions"] = now["actions"][: len(held["actions"])]  # a restore adds an entry
    return list(differences(held, now, ""))


def differences(before: Any, now: Any, where: str) -> Iterator[str]:
    """Yield each place where a value is not as before; an object may have gained fields."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key, value in before.items():
            if key in now:
                yield from differences(value, now[key], f"{where}/{key}")
            else:
                yield f"{where}/{key}: gone"
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for rank, pair in enumerate(zip(before, now, strict=True)):
            yield from differences(*pair, f"{where}/{rank}")
    elif before != now or type(before) is not type(now):
        yield f"{where}: {str(before)[:200]} is now {str(now)[:200]}"


def test_a_store_opens_with_nothing_lost(old: Store) -> None:
    assert losses_of(old) == []
    assert left_out_of(old) == ()
    assert StoredScenarios(old).log_state().faults == ()


def test_what_it_has_of_features_that_went_is_left_aside_and_named(old: Store) -> None:
    assert StoredScenarios(old).log_state().sealed == len(EXPECTED["holds"]["actions"])
    assert [entry.id for entry in never_approved_in(old)] == ["p5"]
    assert [entry.id for entry in published_in(old)] == ["p1", "p2", "p3", "p4"]


def test_a_backup_restores_whole_in_an_empty_store(store: Store) -> None:
    done = store.restore(BACKUP)
    assert (done.skipped, done.renamed, done.left_out) == (0, (), ())
    assert losses_of(store) == []


def test_a_store_that_was_opened_is_all_in_its_next_backup(
    old: Store, opened: Opened, tmp_path: Path
) -> None:
    done = old.backup(tmp_path / "today.json")
    assert done.left_out == ()
    before, now = (json.loads(path.read_bytes()) for path in (BACKUP, done.path))
    for document in (before, now):
        del document["written"]
    del before["seal"]  # each entry of the log has its own
    assert now == before
    restored = opened(tmp_path / "empty.db")
    restored.restore(done.path)
    assert losses_of(restored) == []


def test_the_store_holds_something_of_each_kind() -> None:
    assert all(EXPECTED["holds"].values())
    assert all(json.loads(BACKUP.read_bytes()).values())


def test_a_new_database_has_the_same_tables(old: Store, opened: Opened, request: Any) -> None:
    is_sqlite = old.context.database.is_sqlite
    new = opened(request.getfixturevalue("sqlite_file" if is_sqlite else "postgresql_url"))
    assert schema_of(new) == schema_of(old)


def schema_of(store: Store) -> Any:
    """Return the tables of a database: columns, keys, what is unique, indexes, triggers."""
    with store.context.database.reading() as connection:
        found = inspect(connection)
        names = sorted(name for name in found.get_table_names() if name.startswith("geozones"))
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if store.context.database.is_sqlite
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal "
            "AND tgrelid = to_regclass('geozones_actions')"
        )
        triggers = sorted(connection.execute(text(query)).scalars())
        return triggers, {name: table_of(found, name) for name in names}


def table_of(found: Any, name: str) -> Any:
    """Return what a database says of a table, but the schema that other tables are in."""
    columns = sorted(
        (
            each["name"],
            str(each["type"]),
            each["nullable"],
            str(each["default"]).upper().replace("FALSE", "0"),
        )
        for each in found.get_columns(name)
    )
    keys = sorted(
        (each["constrained_columns"], each["referred_table"], each["options"])
        for each in found.get_foreign_keys(name)
    )
    unique = sorted(each["column_names"] for each in found.get_unique_constraints(name))
    indexes = sorted((each["name"], each["column_names"]) for each in found.get_indexes(name))
    primary = found.get_pk_constraint(name)["constrained_columns"]
    return columns, primary, keys, unique, indexes


def test_the_migrations_make_the_tables_of_the_code_which_names_the_last(store: Store) -> None:
    config = Config()
    folder = Path(geozones.store.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD
    with store.context.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": REVISION_TABLE})
        assert compare_metadata(context, METADATA) == []


def test_a_store_that_is_up_to_date_opens_without_a_write(
    opened: Make[Store], url: str, scenario_of: Make[Scenario]
) -> None:
    first = opened(url)
    key = StoredScenarios(first).create(scenario_of()).id
    with first.context.database.writing():
        assert StoredScenarios(opened(url, wait_s=0)).get(key).id == key


def test_sqlite_writes_ahead_and_waits_for_the_disk(opened: Make[Store], sqlite_file: Path) -> None:
    with opened(sqlite_file).context.database.reading() as connection:
        values = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert values == ["wal", 2, 1, 5000]
