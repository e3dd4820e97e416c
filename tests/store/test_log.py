"""Protections of the log, seals of earlier versions, the clock that dates: on both databases."""

import json
from pathlib import Path

import pytest

from geozones.domain import Event, Scenario
from geozones.store import LogState, Store, open_store
from helpers.fixture_types import Make
from helpers.stored import StoredScenarios, left_out_of
from tests.store.test_damage import order

#: What an administrator of the database gives to be able to change the log.
UNGUARDED = {
    "sqlite": [
        "DROP TRIGGER geozones_actions_update",
        "DROP TRIGGER geozones_actions_delete",
        "DROP TRIGGER geozones_actions_insert",
    ],
    "postgresql": ["DROP TRIGGER geozones_actions_kept ON geozones_actions"],
}

#: Triggers of the same names that refuse nothing.
_NEVER = (
    "CREATE TRIGGER geozones_actions_update BEFORE UPDATE ON geozones_actions "
    "WHEN 0 BEGIN SELECT RAISE(ABORT, 'no'); END"
)
_NOTHING = (
    "CREATE OR REPLACE FUNCTION geozones_actions_refuse() RETURNS trigger "
    "LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
)


@pytest.fixture
def written(store: Store, scenario_of: Make[Scenario]) -> Store:
    """A store with three entries in its log."""
    for _ in range(3):
        StoredScenarios(store).create(scenario_of())
    return store


def unguard(url: str) -> None:
    for statement in UNGUARDED[url.partition(":")[0]]:
        order(url, statement)


def rewrite(url: str, rank: int, /, **cells: str) -> None:
    """Write cells of an entry, each as SQL."""
    values = ", ".join(f"{name} = {value}" for name, value in cells.items())
    order(url, f"UPDATE geozones_actions SET {values} WHERE position = {rank}")  # noqa: S608 - of this test


def test_entries_follow_one_another_without_a_seal(written: Store) -> None:
    log = StoredScenarios(written).actions()
    assert [(entry.position, entry.seal) for entry in log] == [(1, ""), (2, ""), (3, "")]
    found = StoredScenarios(written).log_state()
    assert (found.entries, found.sealed, found.faults) == (3, 0, ())
    assert found.text == "3\u00a0actions."


def test_seals_of_earlier_versions_are_counted_and_stay_in_backups(
    written: Store, url: str, opened: Make[Store], tmp_path: Path, scenario_of: Make[Scenario]
) -> None:
    unguard(url)
    seals = {1: "a" * 64, 2: "e5c226a9.SIbHK7ZkHK14YUpXrc.FCclAdybLwxvXwm7Z"}
    for rank, seal in seals.items():
        rewrite(url, rank, seal=f"'{seal}'")
    StoredScenarios(written).create(scenario_of())
    found = StoredScenarios(written).log_state()
    assert (found.entries, found.sealed) == (4, 2)
    assert "2\u00a0sceaux d'une version antérieure : plus vérifiés" in found.text
    file = written.backup(tmp_path / "b.json").path
    kept = [entry["seal"] for entry in json.loads(file.read_text())["actions"]]
    assert kept == [*seals.values(), "", ""]
    other = opened(tmp_path / "other.db")
    assert other.restore(file).left_out == ()
    assert [entry.seal for entry in StoredScenarios(other).actions()] == [*kept, ""]


def test_a_backup_with_the_seal_of_an_earlier_version_is_restored(
    written: Store, opened: Make[Store], tmp_path: Path
) -> None:
    file = written.backup(tmp_path / "b.json").path
    document = json.loads(file.read_text())
    assert "seal" not in document
    file.write_text(json.dumps(document | {"seal": {"position": 3, "seal": "a.b.c"}}))
    other = opened(tmp_path / "other.db")
    assert (other.restore(file).left_out, len(StoredScenarios(other).actions())) == ((), 4)


def guards(url: str) -> list[tuple[str, str]]:
    """Orders that take a protection of the log away, and what is said of it."""
    if url.startswith("sqlite"):
        return [
            (f"DROP TRIGGER geozones_actions_{what}", f"geozones_actions_{what}")
            for what in ("update", "delete", "insert")
        ] + [(_NEVER, "geozones_actions_update")]
    return [
        ("ALTER TABLE geozones_actions DISABLE TRIGGER geozones_actions_kept", "désactivé"),
        ("ALTER TABLE geozones_actions ENABLE REPLICA TRIGGER geozones_actions_kept", "désactivé"),
        (_NOTHING, "modifié"),
        ("DROP TRIGGER geozones_actions_kept ON geozones_actions", "geozones_actions_kept"),
    ]


def test_each_protection_taken_away_is_named(written: Store, url: str) -> None:
    assert StoredScenarios(written).log_state().unguarded == ()
    for statement, told in guards(url):
        order(url, statement)
        assert any(told in guard for guard in StoredScenarios(written).log_state().unguarded), (
            statement
        )
    found: LogState = StoredScenarios(written).log_state()
    assert "La base a perdu une protection du journal" in found.faults[0]


def test_cells_of_the_log_that_are_spoilt_are_named_and_stop_nothing(
    written: Store, url: str, scenario_of: Make[Scenario]
) -> None:
    unguard(url)
    spoilt = [("detail", "'['"), ("at", "'x'")]
    if url.startswith("sqlite"):
        spoilt += [("who", "x'ff41'"), ("seal", "x'ff41'"), ("what", "7")]
    for cell in spoilt:
        rewrite(url, 3, **dict([cell]))
        assert [notice.key for notice in left_out_of(written)] == ["3"], cell
        assert StoredScenarios(written).log_state().entries == 3
    most = 2**31 - 1
    rewrite(url, 3, position=str(most))
    StoredScenarios(written).create(scenario_of())
    assert [entry.position for entry in StoredScenarios(written).actions()][:3] == [1, 2, 3]


def test_what_is_written_after_the_clock_went_back_a_day_comes_after(
    url: str, scenario_of: Make[Scenario], event_of: Make[Event], tmp_path: Path
) -> None:
    now = ["2026-03-02T09:00:00.000+00:00"]
    store = open_store(url, clock=lambda: now[0])
    made = StoredScenarios(store).create(scenario_of())
    version = StoredScenarios(store).append(made.id, [event_of("a")], "a", version=made.version)
    now[0] = "2026-03-01T09:00:00.000+00:00"
    version = StoredScenarios(store).append(made.id, [event_of("b", "a")], "b", version=version)
    version = StoredScenarios(store).update(made.id, version=version, name="Renommée la veille")
    kept = StoredScenarios(store).get(made.id)
    assert [event.id for event in kept.events] == ["a", "b"]
    assert (kept.head, kept.name, kept.version) == ("b", "Renommée la veille", version)
    assert kept.created == made.created
    store.backup(tmp_path / "s.json")
    store.close()
    other: Store = open_store(f"sqlite:///{tmp_path}/autre.db")
    other.restore(tmp_path / "s.json")
    assert StoredScenarios(other).get(made.id).events == kept.events
    other.close()
