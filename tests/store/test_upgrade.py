"""The migrations lead to the tables that the code reads."""

import json
from collections.abc import Callable
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import geozones.store
from geozones.domain import Decision, Scenario, ScenarioStatus
from geozones.store import Store, state
from geozones.store.tables import METADATA
from tests.store.test_damage import order
from tests.store.test_publications import publication


def test_the_last_migration_is_the_one_the_code_names() -> None:
    config = Config()
    folder = Path(geozones.store.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    assert ScriptDirectory.from_config(config).get_current_head() == state.HEAD


def test_the_migrations_make_the_tables_that_the_code_reads(store: Store) -> None:
    with store.context.database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": state.REVISION_TABLE}
        )
        assert compare_metadata(context, METADATA) == []


def test_a_store_that_is_up_to_date_opens_without_a_write(
    opened: Callable[..., Store], url: str, scenario_of: Callable[..., Scenario]
) -> None:
    first = opened(url)
    key = first.scenarios.create(scenario_of()).id
    with first.context.database.writing():
        assert opened(url, wait_s=0).scenarios.get(key).id == key


def test_sqlite_writes_ahead_and_waits_for_the_disk(
    opened: Callable[..., Store], sqlite_file: Path
) -> None:
    with opened(sqlite_file).context.database.reading() as connection:
        values = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert values == ["wal", 2, 1, 5000]


#: The tables as the code before publications made them, with a scenario, an event and a copy.
BEFORE_PUBLICATIONS = """
CREATE TABLE geozones_revision (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO geozones_revision VALUES ('0001');
CREATE TABLE geozones_scenarios (
    id VARCHAR(100) NOT NULL PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL,
    status TEXT NOT NULL, decisions TEXT NOT NULL, base TEXT NOT NULL, origin TEXT NOT NULL,
    author TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL, head VARCHAR(100),
    moves INTEGER NOT NULL, version INTEGER NOT NULL, archived BOOLEAN NOT NULL
);
CREATE TABLE geozones_events (
    scenario VARCHAR(100) NOT NULL REFERENCES geozones_scenarios (id) ON DELETE CASCADE,
    position INTEGER NOT NULL, id VARCHAR(100) NOT NULL, parent VARCHAR(100),
    depth INTEGER NOT NULL, kind TEXT NOT NULL, data TEXT NOT NULL, author TEXT NOT NULL,
    at TEXT NOT NULL, why TEXT NOT NULL,
    PRIMARY KEY (scenario, position),
    CONSTRAINT geozones_events_id UNIQUE (scenario, id),
    CONSTRAINT geozones_events_parent FOREIGN KEY (scenario, parent)
        REFERENCES geozones_events (scenario, id) ON DELETE CASCADE
);
CREATE TABLE geozones_frozen (
    token VARCHAR(100) NOT NULL PRIMARY KEY, at TEXT NOT NULL, content TEXT NOT NULL
);
INSERT INTO geozones_scenarios VALUES (
    'ancien', 'Rattacher Racan', '', 'retenu',
    '[{"at":"2025-03-12","text":"retenu en comité","author":"Grace"}]',
    '{"format":"geozones.plan","version":1,"sectors":[]}', 'le plan livré', 'Ada',
    '2025-03-01T09:00:00Z', '2025-03-12T09:00:00.000+00:00', 'a', 1, 3, FALSE
);
INSERT INTO geozones_events VALUES (
    'ancien', 1, 'a', NULL, 1, 'move', '{"lycee":"A","zone":"N1"}', 'Ada',
    '2025-03-01T09:00:00Z', ''
);
"""


def test_a_store_of_before_publications_is_brought_up_to_date_and_loses_nothing(
    opened: Callable[..., Store], url: str, tmp_path: Path
) -> None:
    for statement in BEFORE_PUBLICATIONS.split(";\n"):
        if statement.strip():
            order(url, statement)
    store = opened(url)
    old = store.scenarios.get("ancien")
    assert (old.name, old.status, old.version, old.head) == (
        "Rattacher Racan", ScenarioStatus.KEPT, 3, "a",
    )  # fmt: skip
    assert old.decisions == (Decision("2025-03-12", "retenu en comité", "Grace"),)
    assert (old.decisions[0].version, old.decisions[0].frozen) == (0, "")
    assert [event.id for event in old.events] == ["a"]
    # nothing was published, and a publication can be made of it
    assert store.publications.list() == ()
    kept = store.publications.publish(
        publication(scenario="ancien", scenario_version=3), expected_last=0
    )
    assert opened(url).publications.list() == (kept,)
    assert opened(url).scenarios.get("ancien") == old
    document = json.loads(store.backup(tmp_path / "b.json").path.read_text())
    assert document["scenarios"][0]["decisions"] == [
        {"at": "2025-03-12", "text": "retenu en comité", "author": "Grace"}
    ]
