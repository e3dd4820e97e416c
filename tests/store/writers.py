"""Processes that write to a store, for the tests of SIGKILL and of two writers. Run as a script.

``kill URL SCENARIO``: for each number of milliseconds read on stdin, forks a process that appends
events, kills it with SIGKILL that long after its first acknowledged event (a negative number: after
its start), and prints the ids of those it acknowledged as one line of JSON.

``kill-publishing URL SCENARIO``: the same, with publications of that scenario in place of events.

``kill-speaking URL SCENARIO``: the same, with comments on versions of that scenario.

``race URL SCENARIO NAME COUNT``: once a line is read on stdin, appends COUNT events, each tried
again after a conflict; prints the ids acknowledged and the number of conflicts.

``as-nobody URL SCENARIO``: drops root's rights if it has them, then tries to write; prints the
error.

``small-files URL SCENARIO BYTES``: no file may grow over BYTES; writes until refused; prints the
error and the ids acknowledged.
"""

import json
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from geozones.common.files import new_code
from geozones.domain import ConflictError, Event, Publication, StoreError
from geozones.domain.comments import About, Comment, PlaceKind
from geozones.features.publications.use_cases import append
from geozones.store import Store, open_store

sys.path.append(str(Path(__file__).parents[1]))
from helpers.feedback import StoredComments
from helpers.stored import StoredLinks, StoredScenarios, published_in

type Forever = Callable[[str, str, int], None]


def event(key: str, parent: str | None) -> Event:
    return Event(key, parent, "move", {"lycee": "A", "zone": "N1"}, "Ada", "2025-06-11")


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - read by the test


def forever(url: str, scenario: str, pipe: int) -> None:
    """Append events after the head until killed; each acknowledged one is written to the pipe."""
    store = open_store(url)
    stored = StoredScenarios(store).get(scenario)
    head, version = stored.head, stored.version
    while True:
        key = new_code()
        version = StoredScenarios(store).append(scenario, [event(key, head)], key, version=version)
        os.write(pipe, f"{key}\n".encode())
        head = key


def publish_forever(url: str, scenario: str, pipe: int) -> None:
    """Publish a scenario until killed; each acknowledged id is written to the pipe."""
    store = open_store(url)
    last = len(published_in(store))
    version = StoredScenarios(store).get(scenario).version
    while True:
        asked = Publication(
            new_code(), "2026-09-01", "Ada", {"sectors": []}, scenario=scenario,
            scenario_version=version,
        )  # fmt: skip
        last = append(store.context, asked, expected_last=last).position
        os.write(pipe, f"{asked.id}\n".encode())


def speak_forever(url: str, scenario: str, pipe: int) -> None:
    """Leave comments until killed, each on a version of its own; each id is written to the pipe."""
    store = open_store(url)
    version = StoredScenarios(store).get(scenario).version
    about = About(PlaceKind.ZONE, "N1", "Nord")
    while True:
        token = StoredLinks(store).freeze(scenario, version=version, comments=True)
        left = StoredComments(store).leave(
            Comment(new_code(), token, "", about, "Ada", "Trop loin."), "", "2026-06-12"
        )
        os.write(pipe, f"{left.id}\n".encode())


def kill(url: str, scenario: str, write_forever: Forever = forever) -> None:
    for line in sys.stdin:
        wait_s = float(line) / 1000
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            write_forever(url, scenario, write)
        os.close(write)
        if wait_s >= 0:
            select.select([read], [], [])
        # The random moment: nothing is written to this set of signals, so it lasts wait_s.
        signal.sigtimedwait([signal.SIGUSR1], abs(wait_s))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(read, "rb") as pipe:
            say(json.dumps(pipe.read().decode().split()))


def kill_publishing(url: str, scenario: str) -> None:
    kill(url, scenario, publish_forever)


def kill_speaking(url: str, scenario: str) -> None:
    kill(url, scenario, speak_forever)


def race(url: str, scenario: str, name: str, count: str) -> None:
    store = open_store(url)
    version = StoredScenarios(store).get(scenario).version
    acknowledged: list[str] = []
    conflicts = 0
    say("ready")
    sys.stdin.readline()
    while len(acknowledged) < int(count):
        key = f"{name}{len(acknowledged)}"
        try:
            version = StoredScenarios(store).append(
                scenario, [event(key, None)], key, version=version
            )
        except ConflictError as error:
            version, conflicts = error.version, conflicts + 1
        else:
            acknowledged.append(key)
    store.close()
    say(json.dumps({"acknowledged": acknowledged, "conflicts": conflicts}))


def as_nobody(url: str, scenario: str) -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    until_refused(lambda: open_store(url), scenario)


def small_files(url: str, scenario: str, size: str) -> None:
    store = open_store(url)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))
    until_refused(lambda: store, scenario)


def until_refused(opening: Callable[[], Store], scenario: str) -> None:
    acknowledged: list[str] = []
    try:
        store = opening()
        stored = StoredScenarios(store).get(scenario)
        head, version = stored.head, stored.version
        while True:
            key = new_code()
            version = StoredScenarios(store).append(
                scenario, [event(key, head)], key, version=version
            )
            acknowledged.append(key)
            head = key
    except StoreError as error:
        say(json.dumps({"error": str(error), "acknowledged": acknowledged}))


if __name__ == "__main__":
    roles: dict[str, Callable[..., None]] = {
        "kill": kill,
        "kill-publishing": kill_publishing,
        "kill-speaking": kill_speaking,
        "race": race,
        "as-nobody": as_nobody,
        "small-files": small_files,
    }
    roles[sys.argv[1]](*sys.argv[2:])
