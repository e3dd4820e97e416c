"""Seals of the log under a key, noted outside the database, on SQLite and PostgreSQL."""

import json
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from geozones.common.json_log import LOGGER
from geozones.domain import Scenario
from geozones.domain.actions import Action, anchor_of, chain_faults, check_chain, key_id
from geozones.store import LogState, Store
from geozones.store.log import anchors_file
from geozones.store.permissions import key_file, known_keys, sealing_key
from tests.store.test_damage import order

type Make[T] = Callable[..., T]

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


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own: that of this machine."""
    folder = tmp_path / "home"
    monkeypatch.setenv("GEOZONES_HOME", str(folder))
    return folder


@pytest.fixture
def written(store: Store, scenario_of: Make[Scenario]) -> Store:
    """A store with three entries in its log."""
    for _ in range(3):
        store.scenarios.create(scenario_of())
    return store


def unguard(url: str) -> None:
    for statement in UNGUARDED[url.partition(":")[0]]:
        order(url, statement)


def rewrite(url: str, rank: int, /, **cells: str) -> None:
    """Write cells of an entry, each as SQL."""
    values = ", ".join(f"{name} = {value}" for name, value in cells.items())
    order(url, f"UPDATE geozones_actions SET {values} WHERE position = {rank}")  # noqa: S608 - of this test


def seal_again(url: str, log: list[Action], seal: Callable[[Action, str], str]) -> None:
    """Write a log over the one there is, each entry sealed anew."""
    order(url, "DELETE FROM geozones_actions")
    before = ""
    for rank, entry in enumerate(log, 1):
        moved = replace(entry, position=rank)
        before = seal(moved, before)
        texts = (entry.at, entry.who, entry.what, entry.scenario, entry.name)
        detail = json.dumps(dict(entry.detail))
        values = ", ".join(f"'{value}'" for value in (rank, *texts, detail, before))
        order(url, f"INSERT INTO geozones_actions VALUES ({values})")  # noqa: S608 - of this test


def test_each_entry_is_sealed_by_a_key_that_only_its_owner_may_read(
    written: Store, home: Path
) -> None:
    assert stat.S_IMODE((home / "actions.key").stat().st_mode) == 0o600
    key = sealing_key()
    assert {entry.seal.split(".")[0] for entry in written.log.actions()} == {key_id(key)}
    assert all(len(entry.seal) == 64 for entry in written.log.actions())
    found = written.log.state()
    assert found.faults == ()
    assert found.chain == check_chain(written.log.actions(), known_keys())
    assert (found.chain.entries, found.chain.unkeyed, found.chain.foreign) == (3, 0, {})
    assert "intact" in found.chain.text


@pytest.mark.parametrize("seal", ["again without a key", "again with another key"])
def test_a_log_sealed_again_by_who_has_not_the_key_is_told(
    written: Store, url: str, seal: str
) -> None:
    assert written.log.note_seal() == ""
    log = list(written.log.actions())
    unguard(url)

    def forged(entry: Action, before: str) -> str:
        return (
            entry.sealed_without_key(before)
            if seal == "again without a key"
            else entry.sealed(before, b"x" * 32)
        )

    seal_again(url, [log[0], log[2]], forged)
    found = written.log.state()
    # its chain holds, but not what was noted outside the database, and it is not called intact
    assert found.chain.broken is None
    assert found.chain.foreign or found.chain.unkeyed == 2
    assert "arrête à la ligne 2" in found.lost
    assert any("perdu une protection du journal" in fault for fault in found.faults)


def test_an_entry_changed_and_sealed_again_breaks_the_chain(written: Store, url: str) -> None:
    log = list(written.log.actions())
    unguard(url)
    seals = {entry.position: entry.seal for entry in log}

    def forged(entry: Action, before: str) -> str:
        if entry.position == 2:
            return f"{key_id(sealing_key())}.{entry.digest(before)}.{'A' * 27}"
        return seals[entry.position]

    seal_again(url, [log[0], replace(log[1], who="eve"), log[2]], forged)
    assert written.log.state().chain.broken == 2


def test_an_entry_without_a_key_after_one_that_has_one_breaks_the_chain(
    written: Store, url: str
) -> None:
    log = list(written.log.actions())
    unguard(url)

    def forged(entry: Action, before: str) -> str:
        return log[0].seal if entry.position == 1 else entry.sealed_without_key(before)

    seal_again(url, [log[0], replace(log[1], who="eve"), log[2]], forged)
    assert written.log.state().chain.broken == 2


def test_entries_of_before_there_were_keys_stay_valid(
    written: Store, url: str, scenario_of: Make[Scenario]
) -> None:
    unguard(url)
    seal_again(url, list(written.log.actions()), Action.sealed_without_key)
    assert written.log.state().chain.unkeyed == 3
    written.scenarios.create(scenario_of())
    chain = written.log.state().chain
    assert (chain.broken, chain.unkeyed, chain.foreign) == (None, 3, {})
    assert "3\u00a0actions sont scellées sans clé" in chain.text
    rewrite(url, 2, who="'eve'")
    assert written.log.state().chain.broken == 2


def test_a_key_that_is_lost_is_said_and_what_follows_is_sealed_by_a_new_one(
    written: Store, url: str, scenario_of: Make[Scenario]
) -> None:
    lost = key_id(sealing_key())
    key_file().unlink()
    written.scenarios.create(scenario_of())
    found = written.log.state()
    assert found.faults == ()
    assert found.chain.foreign == {lost: 3}
    assert "3\u00a0actions non vérifiables ici" in found.chain.text
    assert "intact" not in found.chain.text
    unguard(url)
    rewrite(url, 2, who="'eve'")
    # without the key, the links still show it
    assert written.log.state().chain.broken == 2


def test_two_machines_on_one_database_each_verify_their_own(
    written: Store, url: str, scenario_of: Make[Scenario], monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    here, one = sealing_key(), str(tmp_path / "home")
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "other"))
    written.scenarios.create(scenario_of())
    there = sealing_key()
    assert written.log.note_seal() == ""
    assert written.log.state().chain.foreign == {key_id(here): 3}
    monkeypatch.setenv("GEOZONES_HOME", one)
    written.scenarios.create(scenario_of())
    assert written.log.state().chain.foreign == {key_id(there): 1}
    assert written.log.state().faults == ()
    # who has both keys verifies all
    both = {key_id(key): key for key in (here, there)}
    assert check_chain(written.log.actions(), both).foreign == {}
    unguard(url)
    # the other's entry, changed with its link made again: what this machine sealed after it tells
    (entry,) = (each for each in written.log.actions() if each.position == 4)
    before = next(each.seal for each in written.log.actions() if each.position == 3)
    forged = replace(entry, who="eve")
    seal = f"{key_id(there)}.{forged.digest(before)}.{entry.seal.split('.')[2]}"
    rewrite(url, 4, who="'eve'", seal=f"'{seal}'")
    assert written.log.state().chain.broken == 5


@pytest.mark.parametrize("content", ["", "{}", '{"key": "00"}', "x" * 2000])
def test_a_spoilt_key_stops_nothing_and_is_told(
    written: Store, scenario_of: Make[Scenario], content: str
) -> None:
    key_file().write_text(content)
    written.scenarios.create(scenario_of())
    found = written.log.state()
    assert found.faults == ()
    assert "altéré" in found.key
    assert sum(found.chain.foreign.values()) == 3
    assert key_file().read_text() == content


def test_a_log_cut_short_is_told_by_the_seal_noted_outside_the_database(
    written: Store, url: str, scenario_of: Make[Scenario]
) -> None:
    assert written.log.note_seal() == ""
    unguard(url)
    order(url, "DELETE FROM geozones_actions WHERE position = 3")
    assert written.log.state().chain.broken is None
    assert "arrête à la ligne 2" in written.log.state().lost
    # what it holds is not noted over what tells
    assert "arrête à la ligne 2" in written.log.note_seal()
    written.scenarios.create(scenario_of())
    assert "ligne 3 n'a plus le sceau" in written.log.state().lost
    order(url, "DELETE FROM geozones_actions")
    assert "il est vide" in written.log.note_seal()


def test_each_backup_notes_the_last_seal_and_a_restored_base_begins_from_its_own(
    written: Store, opened: Make[Store], tmp_path: Path, caplog: pytest.LogCaptureFixture,
    scenario_of: Make[Scenario],
) -> None:  # fmt: skip
    with caplog.at_level("INFO", logger=LOGGER):
        written.backup(tmp_path / "b.json")
    (told,) = (record for record in caplog.records if record.event == "log_sealed")
    last = written.log.actions()[-1]
    facts = told.facts
    assert facts["position"] == 3
    assert f"{facts['key']}.{facts['digest']}.{facts['mac']}" == last.seal
    (noted,) = json.loads(anchors_file().read_text()).values()
    assert (noted["position"], noted["seal"]) == (3, last.seal)
    assert stat.S_IMODE(anchors_file().stat().st_mode) == 0o600
    # the file of the database is put in place of another one, of which more was noted
    other = opened(tmp_path / "other.db")
    for _ in range(9):
        other.scenarios.create(scenario_of())
    other.log.note_seal()
    other.close()
    (tmp_path / "other.db").unlink()
    again = opened(tmp_path / "other.db")
    assert "perdu des lignes" in again.log.state().lost
    again.restore(tmp_path / "b.json")
    assert again.log.state().faults == ()


def test_the_log_of_a_backup_is_checked_with_the_keys_that_are_here(written: Store) -> None:
    log = list(written.log.actions())
    assert chain_faults(log, known_keys(), anchor_of(log)) == ()
    assert chain_faults(log, {}) == ()
    assert "ligne 2 ne suit pas" in chain_faults([log[0], log[2]], known_keys())[0]
    (told,) = chain_faults(log[:2], known_keys(), anchor_of(log))
    assert "arrête à la ligne 2" in told


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
    assert written.log.state().unguarded == ()
    for statement, told in guards(url):
        order(url, statement)
        assert any(told in guard for guard in written.log.state().unguarded), statement
    found: LogState = written.log.state()
    assert "La base a perdu une protection du journal" in found.faults[0]


def test_cells_of_the_log_that_are_spoilt_break_the_chain_and_stop_nothing(
    written: Store, url: str, scenario_of: Make[Scenario]
) -> None:
    unguard(url)
    spoilt = [("seal", "''"), ("seal", "'é'"), ("seal", "'a.b'"), ("detail", "'['"), ("at", "'x'")]
    if url.startswith("sqlite"):
        spoilt += [("who", "x'ff41'"), ("seal", "x'ff41'"), ("what", "7")]
    for cell in spoilt:
        rewrite(url, 3, **dict([cell]))
        assert written.log.state().chain.broken == 3, cell
        written.log.note_seal()
    most = 2**31 - 1
    rewrite(url, 3, position=str(most))
    written.scenarios.create(scenario_of())
    assert [entry.position for entry in written.log.actions()][:3] == [1, 2, 3]
