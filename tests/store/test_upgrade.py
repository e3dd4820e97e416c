"""The migrations lead to the tables that the code reads."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import geozones.store
from geozones.domain import Scenario
from geozones.store import Store, state
from geozones.store.tables import METADATA
from helpers.fixture_types import Make
from helpers.stored import StoredScenarios


def test_the_migrations_make_the_tables_of_the_code_which_names_the_last(store: Store) -> None:
    config = Config()
    folder = Path(geozones.store.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    assert ScriptDirectory.from_config(config).get_current_head() == state.HEAD
    with store.context.database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": state.REVISION_TABLE}
        )
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
