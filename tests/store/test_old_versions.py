"""Stores and backups that earlier versions wrote open with nothing lost, on either database.

``expected.json`` is what the earlier code itself read back: see tests/fixtures/old_stores/make.py.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geozones.domain.access import Access
from geozones.store import Store
from tests.fixtures.old_stores.make import COMMITS, HERE, NAMES, ONLY_SQLITE
from tests.fixtures.old_stores.reading import read_all
from tests.store.conftest import Cluster

type Opened = Callable[..., Store]
type OpenCopy = Callable[[str, str], Store]

#: The stores there are: a kind of database, and a name.
WRITTEN = [
    *(("sqlite", name) for name in NAMES),
    *(("postgresql", name) for name in NAMES if name not in ONLY_SQLITE),
]


@pytest.fixture(params=COMMITS)
def commit(request: pytest.FixtureRequest) -> str:
    commit: str = request.param
    return commit


@pytest.fixture
def open_copy(
    request: pytest.FixtureRequest, commit: str, opened: Opened, tmp_path: Path
) -> OpenCopy:
    """Open a copy of a store of the commit: a kind of database, and its name."""

    def build(kind: str, name: str) -> Store:
        if kind == "sqlite":
            return opened(Path(shutil.copy(HERE / commit / f"{name}.db", tmp_path)))
        cluster: Cluster = request.getfixturevalue("cluster")
        database: str = request.getfixturevalue("database")
        cluster.execute((HERE / commit / f"{name}.sql").read_text(encoding="utf-8"), database)
        return opened(cluster.url(database))

    return build


def expected(commit: str, name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((HERE / commit / "expected.json").read_bytes())[name]
    return document


def losses_of(store: Store, commit: str, name: str) -> list[str]:
    """Return what the earlier code read in one of its stores and is not in this one."""
    before = expected(commit, name)
    held, now = before["holds"], read_all(store, before.get("copies", ()), before.get("gone", ()))
    for key in ("members", "actions"):
        now[key] = as_before(key, now[key], held.get(key))
    return list(differences(held, now, ""))


def as_before(kind: str, now: Any, before: Any) -> Any:
    """Leave out what may be new: entries of the log after the last, owners where none was valid."""
    if before is None:
        return now
    if kind == "actions":
        return now[: len(before)]
    return {key: now.get(key) if has_owner(people) else people for key, people in before.items()}


def has_owner(people: dict[str, str]) -> bool:
    """Tell whether a scenario has an owner who may log in."""
    owners = [person for person, access in people.items() if access == "owner"]
    return any(0 < len(person.strip()) <= 320 and person != "*" for person in owners)


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


@pytest.mark.parametrize(("kind", "name"), WRITTEN)
def test_a_store_opens_with_nothing_lost(
    open_copy: OpenCopy, commit: str, kind: str, name: str
) -> None:
    assert losses_of(open_copy(kind, name), commit, name) == []


@pytest.mark.parametrize("commit", ["f53e7dd"])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "backup"])
def test_a_scenario_from_before_there_were_members_is_its_authors_and_open_to_all(
    open_copy: OpenCopy, opened: Opened, tmp_path: Path, commit: str, kind: str
) -> None:
    if kind == "backup":
        store = opened(tmp_path / "empty.db")
        store.restore(HERE / commit / "full.backup.json")
    else:
        store = open_copy(kind, "full")
    for line in store.scenarios.list(archived=True):
        assert store.scenarios.members(line.id) == {
            "*": Access.EDITOR,
            line.author.lower(): Access.OWNER,
        }


def test_a_backup_restores_whole_in_an_empty_store(store: Store, commit: str) -> None:
    done = store.restore(HERE / commit / "full.backup.json")
    assert (done.skipped, done.renamed, done.left_out) == (0, (), ())
    assert losses_of(store, commit, "full") == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_store_that_was_opened_is_all_in_its_next_backup(
    open_copy: OpenCopy, opened: Opened, commit: str, kind: str, tmp_path: Path
) -> None:
    done = open_copy(kind, "full").backup(tmp_path / "today.json")
    assert done.left_out == ()
    restored = opened(tmp_path / "empty.db")
    restored.restore(done.path)
    assert losses_of(restored, commit, "full") == []


def test_the_stores_hold_something_of_each_kind() -> None:
    held = expected("bca6666", "full")["holds"]
    assert all(held.values())
    assert {"members", "links", "comments", "opinions", "journal_months"} <= held.keys()
    assert all(expected("f53e7dd", "full")["holds"].values())


@pytest.mark.parametrize(("kind", "name"), WRITTEN)
def test_every_scenario_of_a_store_has_an_owner(open_copy: OpenCopy, kind: str, name: str) -> None:
    assert without_owner(open_copy(kind, name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_of_a_backup_is_restored_and_has_an_owner(
    store: Store, commit: str, name: str
) -> None:
    store.restore(HERE / commit / f"{name}.backup.json")
    assert losses_of(store, commit, name) == []
    assert without_owner(store) == []


def without_owner(store: Store) -> list[str]:
    """Return the scenarios (ids) that nobody who may log in owns."""
    members = read_all(store)["members"]
    return [key for key, people in members.items() if not has_owner(people)]
