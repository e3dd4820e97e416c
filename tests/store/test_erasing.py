"""Names erased: logged without the name, and gone from the bytes of the files."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from geozones.common.errors import InputError
from geozones.domain import Scenario
from geozones.domain.comments import About, Comment, PlaceKind, Stance
from geozones.domain.field_journal import Intervention, by_month, journal_of
from geozones.store import Store
from geozones.store.tables import purge
from geozones.workspace.roles import Actor, Role
from geozones.workspace.upkeep import erase_person, run_nightly
from helpers.feedback import StoredComments, StoredOpinions
from helpers.fixture_types import Make
from helpers.holders import read_holders, write_holders
from helpers.stored import (
    StoredLinks,
    StoredScenarios,
    journal_file,
    months_of,
    store_journal,
)
from tests.store.conftest import Cluster
from tests.store.test_comments import TODAY, ask

#: A name that nothing else holds.
NAME = "Zéphyrine Quatrebarbes"
of_files = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
ROOT = Actor("root@r.example", Role.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("GEOZONES_HOME", str(folder))
    return folder


@pytest.fixture
def signed(store: Store, scenario_of: Make[Scenario]) -> Store:
    """A store of each kind where someone signed."""
    return sign(store, scenario_of())


def sign(store: Store, scenario: Scenario, signature: str = NAME) -> Store:
    """Have one person sign two comments and an opinion twice, and be in the journal."""
    key = StoredScenarios(store).create(scenario).id
    token = StoredLinks(store).freeze(key, version=1, comments=True)
    about = About(PlaceKind.ZONE, "N1", "Nantes 1")
    for number in (1, 2):
        comment = Comment(f"c{number}", token, "", about, signature, "x" * 3000)
        StoredComments(store).leave(comment, "", TODAY)
    ask(store, token)
    ((_, (opinion, *_)),) = StoredOpinions(store).personal_links(key)
    for name in (signature, signature.upper()):
        given = replace(opinion, stance=Stance.FAVOURABLE, author=name)
        StoredOpinions(store).give(given, TODAY)
    rows = [Intervention(date(2026, 2, day), 0, "A", signature) for day in (2, 3, 4)]
    journal = journal_of(rows)
    store_journal(store, journal_file("f1", journal), by_month(journal))
    write_holders({"p1": signature, "p2": "Alan Turing"})
    return store


def bytes_held(file: Path) -> bytes:
    names = (file.name + end for end in ("", "-wal", "-shm"))
    return b"".join(path.read_bytes() for name in names if (path := file.with_name(name)).exists())


def holds_the_name(file: Path) -> bool:
    held = bytes_held(file)
    written = (NAME, NAME.upper(), json.dumps(NAME), json.dumps(NAME.upper()))
    return any(name.strip('"').encode() in held for name in written)


@contextmanager
def reader_of(store: Store) -> Iterator[None]:
    """A connection that goes on reading what there was at its first line."""
    with store.context.database.reading() as connection:
        connection.execute(text("SELECT count(*) FROM geozones_comments")).scalar()
        yield


def test_an_erasure_is_logged_with_what_it_erased_and_never_the_name(
    signed: Store, home: Path
) -> None:
    done = erase_person(lambda: signed, ROOT, f"  {NAME.lower()} ")
    assert (done.comments, done.opinions, done.posts, done.journal) == (2, 1, 1, 3)
    entry = StoredScenarios(signed).actions()[-1]
    assert (entry.who, entry.what, entry.scenario) == ("root@r.example", "erase_name", "")
    assert entry.detail == {"comments": 2, "opinions": 1, "posts": 1, "journal": 3}
    assert NAME.casefold() not in str(StoredScenarios(signed).actions()).casefold()
    assert StoredScenarios(signed).log_state().faults == ()
    assert {comment.author for comment in StoredComments(signed).list()} == {""}
    assert "Quatrebarbes" not in "".join(months_of(signed))
    assert "Quatrebarbes" not in (home / "names.json").read_text()
    assert done.purged
    assert "trace" not in done.sentence


@pytest.mark.parametrize(
    "spelt",
    [
        "Zoé d’Ozouville",
        unicodedata.normalize("NFD", "Zoé d'Ozouville"),
        "Zoé\u200b d'Ozou\u00adville\ufeff",
        "ZOÉ\u00a0 D’OZOUVILLE",
    ],
)
def test_a_name_is_erased_however_it_was_spelt(
    store: Store, scenario_of: Make[Scenario], home: Path, spelt: str
) -> None:
    sign(store, scenario_of(), spelt)
    done = erase_person(lambda: store, ROOT, "Zoé d'Ozouville")
    assert (done.comments, done.opinions, done.posts, done.journal) == (2, 1, 1, 3)
    assert {comment.author for comment in StoredComments(store).list()} == {""}
    assert spelt not in "".join(months_of(store))
    assert read_holders(home) == {"p2": "Alan Turing"}


@of_files
def test_nothing_erased_is_left_in_the_files_while_the_server_has_them_open(
    opened: Make[Store], sqlite_file: Path, signed: Store
) -> None:
    server = opened(sqlite_file)
    # what earlier versions deleted is still in pages that are free
    with closing(sqlite3.connect(sqlite_file)) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("DELETE FROM geozones_comments WHERE id = 'c2'")
        connection.commit()
    assert len(StoredComments(server).list()) == 1
    assert holds_the_name(sqlite_file)
    assert erase_person(lambda: signed, ROOT, NAME).purged
    assert sqlite_file.with_name("scenarios.db-wal").exists()
    assert not holds_the_name(sqlite_file)
    assert {comment.author for comment in StoredComments(server).list()} == {""}


@pytest.mark.parametrize("later", ["the next write", "the night"])
@of_files
def test_a_reader_that_keeps_the_name_there_is_told_and_it_goes_later(
    opened: Make[Store], sqlite_file: Path, signed: Store, scenario_of: Make[Scenario], later: str
) -> None:
    server = opened(sqlite_file)
    with reader_of(server):
        done = erase_person(lambda: signed, ROOT, NAME)
        assert not done.purged
        assert "en garde encore une trace" in done.sentence
        assert holds_the_name(sqlite_file)
        # a write meanwhile neither waits for the reader nor fails
        StoredScenarios(server).create(scenario_of())
        assert holds_the_name(sqlite_file)
    if later == "the next write":
        StoredScenarios(server).create(scenario_of())
    else:
        assert purge(server.context.database.engine)
    assert not holds_the_name(sqlite_file)


def test_a_name_that_nobody_bears_is_neither_erased_nor_logged(signed: Store) -> None:
    before = StoredScenarios(signed).actions()
    with pytest.raises(InputError, match="Rien n'est signé « Personne »"):
        erase_person(lambda: signed, ROOT, "Personne")
    assert StoredScenarios(signed).actions() == before


def tables_hold_the_name(cluster: Cluster, database: str) -> bool:
    """Whether a table of a database of PostgreSQL does, once all of them are on disk."""
    cluster.execute("CHECKPOINT")
    with psycopg.connect(cluster.url()) as connection:
        query = "SELECT oid FROM pg_database WHERE datname = %s"
        (folder,) = connection.execute(query, [database]).fetchall()[0]
    files = (cluster.folder / "data" / "base" / str(folder)).iterdir()
    return any(NAME.encode() in file.read_bytes() for file in files)


def test_the_tables_of_postgresql_are_written_anew_unless_someone_reads_them(
    opened: Make[Store], cluster: Cluster, database: str, scenario_of: Make[Scenario]
) -> None:
    signed = sign(opened(cluster.url(database)), scenario_of())
    assert tables_hold_the_name(cluster, database)
    impatient = opened(cluster.url(database), wait_s=0.01)
    with reader_of(signed):
        assert not erase_person(lambda: impatient, ROOT, NAME).purged
    assert tables_hold_the_name(cluster, database)
    assert run_nightly(lambda: signed, ROOT, date(2026, 3, 1)).purged
    assert not tables_hold_the_name(cluster, database)


def test_a_damaged_file_of_holders_is_told_and_nothing_is_erased(signed: Store, home: Path) -> None:
    (home / "names.json").write_text('{"names": [', encoding="utf-8")
    with pytest.raises(InputError, match="illisible"):
        erase_person(lambda: signed, ROOT, NAME)
    assert {comment.author for comment in StoredComments(signed).list()} == {NAME}
