"""Every column of every table, damaged in every way its database takes: named, the rest restored.

Tables and columns are found by introspection: a new one is in this test without a line.
"""

import contextlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Integer, Table, select, text
from sqlalchemy.exc import SQLAlchemyError

from geozones.domain import DamagedScenarioError, Scenario, UnknownScenarioError
from geozones.features.comments.model import UnknownOpinionError
from geozones.store import Store, open_store
from geozones.store.backup import LISTS, read_store
from geozones.store.tables import METADATA
from geozones.workspace.ledger import fingerprint_of
from helpers.feedback import StoredComments, StoredOpinions
from helpers.fixture_types import Make
from helpers.slow_params import slow_but
from helpers.stored import (
    StoredLinks,
    StoredScenarios,
    damaged_in,
    files_of,
    left_out_of,
    months_of,
    published_in,
)
from tests.store.test_rehearsal import fill

#: What is refused or damaged is found by the same code on both.
DATABASES = slow_but(["sqlite", "postgresql"], "sqlite")

type Content = dict[tuple[str, Any], dict[str, Any]]

TEXTS: tuple[Any, ...] = ("x" * 100_001, "", "hier", "{", "[]", '{"a": NaN}', "a/b <c>")
#: What only a column of SQLite takes, whatever its type.
SQLITE: tuple[Any, ...] = (b"\xff\xfe", "CAST(x'ff41' AS TEXT)", 2**63 - 1, 1.5)
NUMBERS: tuple[Any, ...] = (-1, 0, 2**31 - 1)


def damages(column: Column[Any], *, is_sqlite: bool) -> tuple[Any, ...]:
    """Return what a fault may leave in a cell of this column."""
    if isinstance(column.type, Boolean):
        own: tuple[Any, ...] = (7, "x") if is_sqlite else ()
    elif isinstance(column.type, Integer):
        own = (*NUMBERS, "x") if is_sqlite else NUMBERS
    else:
        own = TEXTS
    return (*(SQLITE if is_sqlite else ()), *own)


@pytest.fixture
def full(store: Store, scenario_of: Make[Scenario], event_of: Make[Any]) -> Store:
    """A store in which each table holds something of two scenarios, and its log may be damaged."""
    for name in ("one", "two"):
        fill(store, scenario_of(id=name), event_of)
    with store.context.database.writing() as connection:
        if store.context.database.is_sqlite:
            query = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for trigger in connection.execute(query).scalars().all():
                connection.execute(text(f"DROP TRIGGER {trigger}"))
        else:
            connection.execute(text("ALTER TABLE geozones_actions DISABLE TRIGGER USER"))
    return store


@pytest.fixture
def empty(tmp_path: Path) -> Callable[[], Store]:
    """Give an empty store, another one each time."""
    made = tmp_path / "empty.db"
    open_store(f"sqlite:///{made}").close()

    def give() -> Store:
        return open_store(f"sqlite:///{shutil.copy(made, tmp_path / 'restored.db')}")

    return give


def content_of(store: Store) -> Content:
    """Return what a backup of a store holds, each entry by its list and what names it."""
    with store.context.database.reading() as connection:
        held, _ = read_store(connection)
    return {
        (each.name, each.identities[0](value)): each.record.to_json(value)
        for each in LISTS
        for value in held[each.name]
    }


def write_cell(store: Store, table: Table, row: dict[str, Any], name: str, value: Any) -> bool:
    """Write a cell behind the store's back; return whether the database took it."""
    keys = [column.name for column in table.primary_key]
    where = " AND ".join(f"{key} = :key_{key}" for key in keys)
    raw = isinstance(value, str) and value.startswith("CAST(")
    order = f"UPDATE {table.name} SET {name} = {value if raw else ':value'} WHERE {where}"  # noqa: S608
    values = {f"key_{key}": row[key] for key in keys} | ({} if raw else {"value": value})
    if store.context.database.is_sqlite:
        with closing(sqlite3.connect(str(store.context.database.address.file))) as connection:
            try:
                connection.execute(order, values)
            except sqlite3.IntegrityError:
                return False
            connection.commit()
        return True
    try:
        with store.context.database.engine.begin() as connection:
            connection.execute(text(order), values)
    except SQLAlchemyError:
        return False
    return True


def mend_cell(store: Store, table: Table, row: dict[str, Any], name: str, value: Any) -> None:
    """Write back what a cell held, found by what it holds now where it is a part of the key."""
    before = row[name]
    now = {**row, name: value}
    if isinstance(value, str) and value.startswith("CAST("):
        keys = [column.name for column in table.primary_key if column.name != name]
        where = " AND ".join([f"hex({name}) = 'FF41'", *(f"{key} = :{key}" for key in keys)])
        order = f"UPDATE {table.name} SET {name} = :value WHERE {where}"  # noqa: S608
        with closing(sqlite3.connect(str(store.context.database.address.file))) as connection:
            connection.execute(order, {"value": before} | {key: row[key] for key in keys})
            connection.commit()
        return
    assert write_cell(store, table, now, name, before)


def read_everything(store: Store) -> None:
    """Read as every page does; one that is damaged may say so, and nothing else may fail."""
    scenarios, links = StoredScenarios(store), StoredLinks(store)
    for read in (scenarios.list, scenarios.damaged, scenarios.actions, StoredComments(store).list,
                 StoredOpinions(store).questions, lambda: published_in(store),
                 lambda: damaged_in(store), lambda: files_of(store),
                 lambda: months_of(store), lambda: left_out_of(store),
                 lambda: fingerprint_of(store)):  # fmt: skip
        read()
    for key in ("one", "two"):
        for of_it in (
            scenarios.get,
            links.links,
            scenarios.members,
            StoredComments(store).list,
            scenarios.left_out,
        ):
            try:
                of_it(key)
            except (DamagedScenarioError, UnknownScenarioError):
                continue
        scenarios.attending(key, "2000-01-01")
        for link in links.links(key):
            StoredOpinions(store).on_version(link.token)
            StoredComments(store).on_version(link.token)
            links.link(link.token)
            for opinion in StoredOpinions(store).on_version(link.token):
                with contextlib.suppress(UnknownOpinionError):
                    StoredOpinions(store).asked(opinion.token)


@pytest.mark.parametrize("each", [1, pytest.param(99, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", sorted(METADATA.tables))
def test_each_damage_is_named_and_the_rest_is_restored(
    full: Store, empty: Callable[[], Store], name: str, each: int, tmp_path: Path
) -> None:
    table = METADATA.tables[name]
    with full.context.database.reading() as connection:
        row = dict(connection.execute(select(table).limit(1)).mappings().one())
    done = 0
    before = content_of(full)
    for column in table.columns:
        for value in damages(column, is_sqlite=full.context.database.is_sqlite)[:each]:
            if value == row[column.name] or not write_cell(full, table, row, column.name, value):
                continue
            where = f"{name}.{column.name} = {str(value)[:40]!r}"
            try:
                read_everything(full)
                backup = full.backup(tmp_path / "backup.json")
                with closing(empty()) as restored:
                    again = restored.restore(backup.path)
                    after = content_of(restored)
            finally:
                mend_cell(full, table, row, column.name, value)
            assert again.left_out == (), where
            explain(where, before, after, [*backup.left_out])
            done += 1
    assert content_of(full) == before
    assert done or each == 1, "nothing of this table could be damaged"


def explain(where: str, before: Content, after: Content, notices: list[Any]) -> None:
    """Check that all came back, but for what is named, its parts, and one plausible other value."""
    gone = [key for key in before if key not in after]
    changed = [key for key, entry in before.items() if key in after and after[key] != entry]
    if not notices:
        # the value is one that the tool could have written: nobody can tell, and nothing is lost
        assert len(gone) <= 1 >= len(changed), (where, gone, changed)
        new = [key for key in after if key not in before and key != ("actions", len(before))]
        assert len(new) >= len(gone), (where, gone, new)
        return
    assert all(str(notice.what) and notice.reason for notice in notices), where
    named = {notice.kind for notice in notices}
    labels = {each.name: each.record.label for each in LISTS}
    parts = {each.name: labels[each.parent[0]] for each in LISTS if each.parent is not None}
    # an answer is a part of a comment or an opinion: no list of a backup is of answers
    answers = named - set(labels.values())
    # one that came back under another plausible key is not lost; what depends on it is named
    moved = {kind for kind, key in after if (kind, key) not in before} - {"actions"}
    for kind, key in [*gone, *changed]:
        told = labels[kind] in named or parts.get(kind) in named or kind in moved
        told = told or bool(answers and (kind, key) in changed)
        assert told, (where, kind, key, notices)
