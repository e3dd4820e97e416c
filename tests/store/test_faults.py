"""Bad days: each is one French sentence that says what to do, and nothing is half-written."""

import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from geozones.common.errors import InputError
from geozones.domain import Event, Scenario, StoreError
from geozones.store import Store, open_store
from geozones.store.database import Address, store_error
from geozones.store.store import HEAD
from helpers.fixture_types import Make
from helpers.stored import StoredScenarios, order

WRITERS = Path(__file__).with_name("writers.py")


class Cluster(Protocol):
    """What conftest.py starts."""

    port: int
    password: str

    def start(self) -> None: ...
    def stop(self, mode: str = "fast") -> None: ...
    def url(self, database: str = "postgres") -> str: ...
    def execute(self, order: str, database: str = "postgres") -> None: ...


@contextmanager
def refused(*words: str) -> Iterator[None]:
    """The block raises a StoreError of one sentence with these words, that shows no password."""
    with pytest.raises(StoreError) as caught:
        yield
    message = str(caught.value)
    assert all(word in message for word in words), message
    assert message.startswith("La base de scénarios ")
    assert message.endswith(".")
    assert "\n" not in message


def writer(*arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(WRITERS), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


# -- both kinds ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("revision", "said"),
    [
        ("9999", ("plus récente", "Mettez geozones à jour")),
        ("0009", ("plus ancienne", "scenarios backup FICHIER", "admin restore FICHIER")),
    ],
)
def test_a_database_of_another_version_is_refused_and_left_as_it_is(
    opened: Make[Store], url: str, scenario_of: Make[Scenario],
    revision: str, said: tuple[str, ...],
) -> None:  # fmt: skip
    store = opened(url)
    created = StoredScenarios(store).create(scenario_of())
    order(url, f"UPDATE geozones_revision SET version_num = '{revision}'")  # noqa: S608
    with refused(*said, "rien n'a changé"):
        open_store(url)
    assert StoredScenarios(store).get(created.id) == created
    order(url, f"UPDATE geozones_revision SET version_num = '{HEAD}'")  # noqa: S608
    assert StoredScenarios(opened(url)).get(created.id) == created


def test_tables_that_are_gone_are_said(opened: Make[Store], url: str) -> None:
    store = opened(url)
    names = ("events", "members", "presence", "scenarios")
    order(url, *(f"DROP TABLE geozones_{name}" for name in names))
    with refused("n'a plus les tables attendues"):
        StoredScenarios(store).list()


def test_a_database_locked_by_another_is_said_and_the_next_try_works(
    opened: Make[Store], url: str, scenario_of: Make[Scenario], event_of: Make[Event]
) -> None:
    store = opened(url, wait_s=0.05)
    key = StoredScenarios(store).create(scenario_of()).id
    with holder(url, key):
        with refused("occupée", "rien n'a changé", "réessayez"):
            StoredScenarios(store).append(key, [event_of("a")], "a", version=1)
        assert StoredScenarios(store).get(key).events == ()
    assert StoredScenarios(store).append(key, [event_of("a")], "a", version=1) == 2


@contextmanager
def holder(url: str, key: str) -> Iterator[None]:
    """Someone else is writing the scenario."""
    if url.startswith("sqlite"):
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()
    else:
        with psycopg.connect(url) as connection:
            connection.execute("SELECT 1 FROM geozones_scenarios WHERE id = %s FOR UPDATE", (key,))
            yield


def test_more_sessions_at_once_than_connections_is_said(opened: Make[Store], url: str) -> None:
    store = opened(url, wait_s=0.01)
    with ExitStack() as held:
        for _ in range(15):
            held.enter_context(store.context.database.reading())
        with refused("trop de connexions", "réessayez"):
            StoredScenarios(store).list()
    assert StoredScenarios(store).list() == ()


@pytest.mark.parametrize(
    "url",
    [
        "mysql://planner:secret@127.0.0.1/base",
        "postgresql+psycopg2://planner:secret@127.0.0.1/base",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///a.db?mode=ro&secret=1",
        "postgresql://planner:secret@127.0.0.1:port/base",
        "n'importe quoi, secret",
    ],
)
def test_an_address_that_is_not_one_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(InputError, match="GEOZONES_DATABASE_URL") as caught:
        open_store(url)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


# -- SQLite --------------------------------------------------------------------------------------


def test_without_a_url_the_store_is_in_the_home_folder_for_its_owner_alone(
    opened: Make[Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "new" / "home"))
    opened()
    file = tmp_path / "new" / "home" / "scenarios.db"
    assert file.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("GEOZONES_DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
    opened()
    assert (tmp_path / "other.db").exists()


def test_a_file_that_is_gone_is_said_and_never_made_anew_in_silence(
    opened: Make[Store], sqlite_file: Path, scenario_of: Make[Scenario]
) -> None:
    store = opened(sqlite_file)
    created = StoredScenarios(store).create(scenario_of())
    away = sqlite_file.rename(sqlite_file.with_name("away.db"))
    for call in (StoredScenarios(store).list, lambda: StoredScenarios(store).create(scenario_of())):
        with refused("introuvable", "rien n'a changé"):
            call()
    assert not sqlite_file.exists()
    away.rename(sqlite_file)
    assert StoredScenarios(store).get(created.id) == created


def test_a_file_put_in_the_place_of_another_is_read_not_the_one_that_left(
    opened: Make[Store], sqlite_file: Path, scenario_of: Make[Scenario]
) -> None:
    other = opened(sqlite_file.with_name("other.db"))
    there = StoredScenarios(other).create(scenario_of())
    other.close()
    store = opened(sqlite_file)
    StoredScenarios(store).create(scenario_of())
    StoredScenarios(store).list()
    sqlite_file.with_name("other.db").replace(sqlite_file)
    sqlite_file.with_name(sqlite_file.name + "-wal").unlink()
    assert [line.id for line in StoredScenarios(store).list()] == [there.id]


def test_a_new_file_that_another_process_is_opening_is_waited_for(
    opened: Make[Store], sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(sqlite_file, isolation_level=None)
    other.execute("CREATE TABLE t (x)")
    other.execute("BEGIN IMMEDIATE")
    with refused("occupée"):
        open_store(f"sqlite:///{sqlite_file}", wait_s=0)
    # The first wait is when the other one ends.
    monkeypatch.setattr("time.sleep", lambda _: other.close())
    assert StoredScenarios(opened(sqlite_file, wait_s=0.05)).list() == ()


def test_a_file_that_is_not_a_database_is_refused_and_left_as_it_is(sqlite_file: Path) -> None:
    sqlite_file.write_text("Ceci n'est pas une base. " * 100)
    with refused("n'est pas une base lisible"):
        open_store(f"sqlite:///{sqlite_file}")
    assert sqlite_file.read_text().startswith("Ceci")


def test_a_place_where_no_file_can_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "a.db", tmp_path):
        with refused("rien"):
            open_store(f"sqlite:///{path}")


def test_a_full_disk_is_said_and_what_was_acknowledged_stays(
    opened: Make[Store], sqlite_file: Path, scenario_of: Make[Scenario], event_of: Make[Event]
) -> None:
    store = opened(sqlite_file)
    created = StoredScenarios(store).create(scenario_of())

    @event.listens_for(store.context.database.engine, "checkout")
    def no_more_room(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # as many as there are

    with refused("disque plein", "rien n'a changé", "libérez"):
        StoredScenarios(store).append(
            created.id, [event_of("a"), event_of("b", data={"x": "y" * 99_999})], "a", version=1
        )
    assert StoredScenarios(opened(sqlite_file)).get(created.id) == created


def test_a_disk_that_refuses_to_write_more_is_said_and_what_was_acknowledged_stays(
    opened: Make[Store], sqlite_file: Path, scenario_of: Make[Scenario]
) -> None:
    store = opened(sqlite_file)
    key = StoredScenarios(store).create(scenario_of()).id
    store.close()
    answer = writer("small-files", f"sqlite:///{sqlite_file}", key, "150000")
    assert "disque" in answer["error"]
    assert "rien n'a changé" in answer["error"]
    scenario = StoredScenarios(opened(sqlite_file)).get(key)
    assert [entry.id for entry in scenario.events] == answer["acknowledged"]
    assert len(answer["acknowledged"]) > 1


@pytest.mark.slow
def test_a_file_that_may_only_be_read_is_said(
    opened: Make[Store], scenario_of: Make[Scenario]
) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own is for this user alone
        file = Path(folder) / "scenarios.db"
        store = opened(file)
        created = StoredScenarios(store).create(scenario_of())
        store.close()
        file.chmod(0o444)
        Path(folder).chmod(0o555)
        answer = writer("as-nobody", f"sqlite:///{file}", created.id)
        Path(folder).chmod(0o755)
        assert "lecture seule" in answer["error"]
        assert "rien n'a changé" in answer["error"]
        assert answer["acknowledged"] == []
        store = opened(file)
        assert StoredScenarios(store).get(created.id) == created
        store.close()


# -- PostgreSQL ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_server_that_restarts_is_found_again_by_the_next_call(
    opened: Make[Store],
    cluster: Cluster,
    postgresql_url: str,
    scenario_of: Make[Scenario],
    event_of: Make[Event],
    mode: str,
) -> None:
    store = opened(postgresql_url)
    key = StoredScenarios(store).create(scenario_of()).id
    StoredScenarios(store).append(key, [event_of("a")], "a", version=1)
    cluster.stop(mode)
    try:
        with refused("ne répond pas", "rien n'a changé", f"127.0.0.1:{cluster.port}"):
            StoredScenarios(store).append(key, [event_of("b")], "b", version=2)
    finally:
        cluster.start()
    assert StoredScenarios(store).append(key, [event_of("b")], "b", version=2) == 3
    cluster.stop(mode)
    cluster.start()
    assert [entry.id for entry in StoredScenarios(store).get(key).events] == ["a", "b"]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("before_cursor_execute", ("ne répond pas", "rien n'a changé")),
        ("commit", ("au moment d'enregistrer", "Rouvrez le scénario")),
    ],
)
def test_a_connection_cut_during_a_save_is_said_and_nothing_is_half_written(
    opened: Make[Store],
    cluster: Cluster,
    database: str,
    scenario_of: Make[Scenario],
    event_of: Make[Event],
    moment: str,
    words: tuple[str, ...],
) -> None:
    store = opened(cluster.url(database))
    created = StoredScenarios(store).create(scenario_of())
    cuts = []

    def cut(_connection: object, *details: Any) -> None:
        if not cuts and (moment == "commit" or details[1].startswith("UPDATE")):
            cuts.append(moment)
            cluster.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "  # noqa: S608
                f"WHERE datname = '{database}'"
            )

    event.listen(store.context.database.engine, moment, cut)
    with refused(*words):
        StoredScenarios(store).append(
            created.id, [event_of("a"), event_of("b", "a")], "b", version=1
        )
    assert cuts == [moment]
    assert StoredScenarios(store).get(created.id) == created
    assert StoredScenarios(store).append(created.id, [event_of("a")], "a", version=1) == 2


def test_a_database_that_may_only_be_read_is_said(
    opened: Make[Store], cluster: Cluster, database: str, scenario_of: Make[Scenario]
) -> None:
    opened(cluster.url(database))
    cluster.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    with refused("lecture seule"):
        StoredScenarios(opened(cluster.url(database))).create(scenario_of())


def test_a_refused_connection_is_said_without_the_password(cluster: Cluster) -> None:
    wrong = f"postgresql://planner:not-{cluster.password}@127.0.0.1:{cluster.port}/postgres"
    for url in (wrong, cluster.url("nulle-part"), wrong.replace("planner", "personne")):
        with refused("refuse la connexion", "GEOZONES_DATABASE_URL"):
            open_store(url)
        with pytest.raises(StoreError) as caught:
            open_store(url)
        assert cluster.password not in str(caught.value)
        assert cluster.password not in repr(caught.value.__cause__)


def test_a_server_with_too_many_connections_is_said(cluster: Cluster) -> None:
    cluster.execute("CREATE ROLE crowd LOGIN PASSWORD 'crowd' CONNECTION LIMIT 1")
    url = f"postgresql://crowd:crowd@127.0.0.1:{cluster.port}/postgres"
    with psycopg.connect(url), refused("trop de connexions", "réessayez"):
        open_store(url)


@pytest.mark.parametrize("doing", ["starting up", "shutting down"])
def test_a_server_that_is_starting_is_not_taken_for_a_wrong_password(doing: str) -> None:
    said = psycopg.OperationalError(f"FATAL:  the database system is {doing}")
    error = store_error(OperationalError("", {}, said), Address(Path("x"), None))
    assert "ne répond pas" in str(error)


def test_a_server_that_is_not_there_is_said() -> None:
    with refused("ne répond pas", "base sur 127.0.0.1:1"):
        open_store("postgres://planner:secret@127.0.0.1:1/base")


def test_a_driver_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"pip install geozones\[postgres\]"):
        open_store("postgresql://planner@127.0.0.1:1/base")
