"""Several processes on one store: killed while writing, writing at once, opening at once."""

import json
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from geozones.domain import Scenario
from geozones.store import Store
from helpers.fixture_types import Make
from helpers.stored import StoredLinks, StoredScenarios, damaged_in, published_in

WRITERS = Path(__file__).with_name("writers.py")
#: How many times a writer is killed; the many are slow.
KILLS = [10, pytest.param(50, marks=pytest.mark.slow)]


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WRITERS), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def killings(killer: subprocess.Popen[str], kills: int) -> Iterator[list[str]]:
    """Have a writer killed many times; give what was acknowledged before each."""
    assert killer.stdin
    assert killer.stdout
    moments = random.Random(4)  # noqa: S311 - not a secret
    for number in range(kills):
        # One in five at any moment after its start, while it opens the store.
        wait_ms = -moments.uniform(0, 60) if number % 5 == 0 else moments.uniform(0, 30)
        killer.stdin.write(f"{wait_ms}\n")
        killer.stdin.flush()
        yield json.loads(killer.stdout.readline())
    killer.stdin.close()


@pytest.mark.parametrize("kills", KILLS)
def test_every_acknowledged_event_is_there_after_each_of_many_sigkills(
    opened: Make[Store], url: str, scenario_of: Make[Scenario], kills: int
) -> None:
    key = StoredScenarios(opened(url)).create(scenario_of()).id
    acknowledged: list[str] = []
    with start("kill", url, key) as killer:
        for number, killed in enumerate(killings(killer, kills)):
            acknowledged += killed
            store = opened(url)
            stored = StoredScenarios(store).get(key)
            log = StoredScenarios(store).actions(key)[1:]
            faults = StoredScenarios(store).log_state().faults
            store.close()
            ids = [event.id for event in stored.events]
            # Neither a write without its entry in the log, nor an entry without its write.
            assert [entry.detail["ids"] for entry in log] == [[each] for each in ids]
            assert faults == ()
            # An event may be on disk and its word lost with the process: one a kill at most.
            assert set(acknowledged) <= set(ids)
            assert len(ids) <= len(acknowledged) + number + 1
            assert (stored.head, stored.version) == (ids[-1] if ids else None, 1 + len(ids))
            assert [event.parent for event in stored.events] == [None, *ids][: len(ids)]
    assert killer.returncode == 0
    assert len(acknowledged) >= kills * 4 // 5
    check_file(url)


@pytest.mark.parametrize("kills", KILLS)
def test_every_acknowledged_publication_is_there_after_each_of_many_sigkills(
    opened: Make[Store], url: str, scenario_of: Make[Scenario], kills: int
) -> None:
    created = StoredScenarios(opened(url)).create(scenario_of())
    acknowledged: list[str] = []
    with start("kill-publishing", url, created.id) as killer:
        for number, killed in enumerate(killings(killer, kills)):
            acknowledged += killed
            store = opened(url)
            stored = published_in(store)
            # Each is whole: the copy that was frozen with it is there, and nothing else is.
            copies = {StoredLinks(store).get(entry.frozen).name for entry in stored}
            assert damaged_in(store) == ()
            store.close()
            ids = [entry.id for entry in stored]
            assert set(acknowledged) <= set(ids)
            assert len(ids) <= len(acknowledged) + number + 1
            assert [entry.position for entry in stored] == [*range(1, len(ids) + 1)]
            assert copies == ({created.name} if ids else set())
    assert killer.returncode == 0
    assert len(acknowledged) >= kills * 4 // 5
    check_file(url)


def check_file(url: str) -> None:
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()


def test_two_writers_keep_every_event_and_no_conflict_is_silent(
    store: Store, url: str, scenario_of: Make[Scenario]
) -> None:
    key = StoredScenarios(store).create(scenario_of()).id
    count = 200
    with (
        start("race", url, key, "a", str(count)) as a,
        start("race", url, key, "b", str(count)) as b,
    ):
        for writer in (a, b):
            assert writer.stdout
            assert writer.stdout.readline() == "ready\n"
        answers = []
        for writer in (a, b):
            assert writer.stdin
            writer.stdin.write("go\n")
            writer.stdin.flush()
        for writer in (a, b):
            assert writer.stdout
            answers.append(json.loads(writer.stdout.readline()))
    stored = StoredScenarios(store).get(key)
    ids = [event.id for event in stored.events]
    assert sorted(ids) == sorted(answers[0]["acknowledged"] + answers[1]["acknowledged"])
    assert len(ids) == 2 * count
    # A write is one version; each began at version 1, so that the second to write was told.
    assert stored.version == 1 + 2 * count
    assert answers[0]["conflicts"] + answers[1]["conflicts"] > 0
    for name in "ab":
        assert [key for key in ids if key[0] == name] == [f"{name}{n}" for n in range(count)]


def test_processes_that_open_a_new_store_at_once_all_do(
    opened: Make[Store], url: str, scenario_of: Make[Scenario]
) -> None:
    program = (
        "import sys\n"
        "from geozones.store import open_store\n"
        "from geozones.store.rows import summaries\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "store = open_store(sys.argv[1])\n"
        "with store.context.reading() as connection:\n"
        "    print(summaries(connection, archived=False)[0])\n"
        "store.close()\n"
    )
    openers = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", program, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for opener in openers:
        assert opener.stdout
        assert opener.stdout.readline() == "ready\n"
    for opener in openers:
        assert opener.stdin
        opener.stdin.write("go\n")
        opener.stdin.flush()
    assert [opener.communicate()[0] for opener in openers] == ["()\n"] * 4
    assert [opener.returncode for opener in openers] == [0] * 4
    assert StoredScenarios(opened(url)).create(scenario_of()).version == 1
