"""Many planners at once: seconds of a move, lost and wrong ones, conflicts told, memory.

Each planner is a client that speaks Streamlit's own protocol (`streamlit_client`), opens the Carte
in the mode « modifier » and drops a lycée in another zone every 3 s, later if the last answer was
late. The server is `geozones serve` on a new store; `--database` names a PostgreSQL.
"""

import argparse
import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from streamlit_client import Answer, Planner
from websockets.exceptions import WebSocketException

from geozones.domain import Plan
from geozones.rules import may_move
from geozones.store import open_store
from geozones.workspace.figures.analysis import Analysis, analysis_of
from geozones.workspace.folder.atlas import open_atlas
from geozones.workspace.folder.territory import territory_of
from geozones.workspace.roles import Actor, Role
from geozones.workspace.scenarios.service import Scenarios

EVERY_S = 3.0
#: The button by which one keeps one's own change where somebody else made another.
MINE = "scenario.remettre"
#: The one by which one tries again to save a change that is on screen only.
AGAIN = "scenario.reessayer"


@dataclass
class Tally:
    """Counts of the moves of a run."""

    answers: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    acknowledged: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    refused: int = 0
    conflicts: int = 0
    unsaved: int = 0
    cut_off: int = 0
    unanswered: int = 0
    processor_s: float = 0.0
    seconds: float = 0.0

    def take(
        self, scenario: str | None, move: tuple[str, str], before: str | None, a: Answer
    ) -> None:
        """Count an answer."""
        self.answers.append(a.seconds)
        self.sizes.append(a.size)
        if MINE in a.asks:
            self.conflicts += 1
        elif AGAIN in a.asks:
            self.unsaved += 1
        elif a.head is None or a.head == before or scenario is None:
            self.refused += 1
        else:
            self.acknowledged.setdefault(scenario, []).append((*move, a.head))

    def settle(self, scenario: str | None, move: tuple[str, str], answer: Answer) -> None:
        """Count a move as acknowledged if the answer to its conflict kept it."""
        if scenario is not None and answer.head is not None and MINE not in answer.asks:
            self.acknowledged.setdefault(scenario, []).append((*move, answer.head))


# -- the server ----------------------------------------------------------------------------------


@contextmanager
def served(home: Path, options: Sequence[str], database: str | None) -> Iterator[tuple[str, int]]:
    """Start the app on a free port; yield its address and the id of its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GEOZONES_")}
    environment["GEOZONES_HOME"] = str(home)
    if database:
        environment["GEOZONES_DATABASE_URL"] = database
    command = [sys.executable, "-m", "geozones.cli", "serve", "--port", str(port), *options]
    with (home / "server.log").open("ab") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    base = options[options.index("--base-path") + 1] if "--base-path" in options else ""
    url = f"http://127.0.0.1:{port}{base}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):  # noqa: S310
                    break
            except OSError:
                if time.monotonic() > deadline or server.poll() is not None:
                    raise
                time.sleep(0.1)
        yield url, server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


def processes(pid: int) -> list[psutil.Process]:
    """Return a process and those that it started."""
    first = psutil.Process(pid)
    return [first, *first.children(recursive=True)]


def processor_s(pid: int) -> float:
    """Return the seconds of processor of a server so far."""
    times = [process.cpu_times() for process in processes(pid)]
    return sum(spent.user + spent.system for spent in times)


def memory_mb(pid: int) -> float:
    """Return the resident memory of a server, in MB."""
    return sum(process.memory_info().rss for process in processes(pid)) / 2**20


# -- moves ---------------------------------------------------------------------------------------


def walk(analysis: Analysis, rng: random.Random, count: int) -> list[tuple[str, str]]:
    """Return moves one after the other, each allowed after those before."""
    plan, found = analysis.baseline.plan, []
    lycees, zones = sorted(plan.lycees), [zone.id for zone in plan.zones]
    while len(found) < count:
        lycee, zone = rng.choice(lycees), rng.choice(zones)
        if zone != plan.zone_of(lycee).id and may_move(plan, lycee, zone, analysis.context).allowed:
            found.append((lycee, zone))
            plan = plan.move(lycee, zone)
    return found


def shares(analysis: Analysis, planners: int, count: int) -> list[list[tuple[str, str]]]:
    """Return moves for each planner of one scenario: lycées of its own, between two zones."""
    plan, rng = analysis.baseline.plan, random.Random(20)  # noqa: S311
    lycees = sorted(plan.lycees)
    rng.shuffle(lycees)
    taken = []
    for lycee in lycees:
        home = plan.zone_of(lycee).id
        others = [zone.id for zone in plan.zones if zone.id != home]
        allowed = [zone for zone in others if may_move(plan, lycee, zone, analysis.context).allowed]
        if allowed:
            there = rng.choice(allowed)
            taken.append([(lycee, (there, home)[turn % 2]) for turn in range(count)])
    return [taken[rank % len(taken)] for rank in range(planners)]


# -- a run ---------------------------------------------------------------------------------------


async def planner(
    client: Planner, moves: Sequence[tuple[str, str]], start: float, until: float, tally: Tally
) -> None:
    """Open the page, then make a move every 3 s."""
    try:
        tally.opened.append(await client.open())
        head = None
        for rank, (lycee, zone) in enumerate(moves):
            due = start + rank * EVERY_S
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            if time.monotonic() > until:
                break
            answer = await client.gesture(event="drop", id=lycee, lat=47.2, lon=-1.5, zone=zone)
            tally.take(client.scenario, (lycee, zone), head, answer)
            if MINE in answer.asks:
                answer = await client.press(MINE)
                tally.settle(client.scenario, (lycee, zone), answer)
            head = answer.head
    except (OSError, EOFError, WebSocketException) as error:
        print(f"  a planner was cut off: {error!r}", file=sys.stderr)
        tally.unanswered += 1
    finally:
        tally.cut_off += client.cut_off
        await client.close()


def opening_s(planners: int) -> float:
    """Return the seconds that planners have to open their pages before the first move."""
    return 2.0 + 0.4 * planners


async def run(
    url: str, pid: int, walks: Sequence[list[tuple[str, str]]], seconds: float, query: str
) -> Tally:
    """Have as many planners as there are walks at work for some seconds."""
    tally = Tally()
    clients = [Planner(url, query) for _ in walks]
    start = time.monotonic() + opening_s(len(walks))
    until = start + seconds
    before = processor_s(pid)
    tasks = [
        planner(client, moves, start + EVERY_S * rank / len(walks), until, tally)
        for rank, (client, moves) in enumerate(zip(clients, walks, strict=True))
    ]
    await asyncio.gather(*tasks)
    tally.processor_s = processor_s(pid) - before
    tally.seconds = seconds
    return tally


def checked(tally: Tally, analysis: Analysis, database: str) -> tuple[int, int]:
    """Return how many acknowledged moves are not in the store, and how many lycées are wrong."""
    lost = wrong = 0
    with_store = open_store(database)
    service = Scenarios(analysis, lambda: with_store, Actor("load", Role.READER))
    for scenario, moves in tally.acknowledged.items():
        work = service.open(scenario)
        kept = {event.id for event in work.timeline.events}
        lost += sum(head not in kept for _, _, head in moves)
        plan: Plan = work.plan
        wanted = {lycee: zone for lycee, zone, _ in moves}
        wrong += sum(plan.zone_of(lycee).id != zone for lycee, zone in wanted.items())
    with_store.close()
    return lost, wrong


def row(name: str, tally: Tally, lost: int, wrong: int) -> str:
    """Write a run as a row of a table."""
    times = sorted(tally.answers) or [float("nan")]
    rank = max(0, -(-95 * len(times) // 100) - 1)
    moves = max(1, len(tally.answers))
    opened = statistics.median(tally.opened) if tally.opened else float("nan")
    cells = [
        name, str(len(tally.answers)), f"{statistics.median(times):.2f}", f"{times[rank]:.2f}",
        f"{times[-1]:.2f}", f"{opened:.2f}", str(lost), str(wrong), str(tally.conflicts),
        str(tally.unsaved),
        str(tally.refused), str(tally.cut_off), str(tally.unanswered),
        f"{1000 * tally.processor_s / moves:.0f}",
        f"{statistics.mean(tally.sizes or [0]) / 1000:.0f}",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


HEADS = (
    "run", "moves", "p50 s", "p95 s", "slowest s", "opening s", "lost", "wrong", "conflicts told",
    "not saved told",
    "refused", "connections lost", "given up", "ms of processor a move", "kB a move",
)  # fmt: skip


# -- the table -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """Conditions of a run: all on one scenario, a search running, a process killed half-way."""

    planners: int
    together: bool = False
    search: bool = False
    kill: bool = False

    def __str__(self) -> str:
        on = "on one scenario" if self.together else "scenarios of their own"
        more = ", a search running" * self.search + ", a process killed" * self.kill
        return f"{self.planners}, {on}{more}"


@dataclass
class Load:
    """Measures, and the server to run them on."""

    analysis: Analysis
    options: list[str]
    database: str | None
    seconds: float

    def measure(self, case: Case) -> None:
        """Print the row of a run on a new store; with a PostgreSQL, on the one there is."""
        with (
            tempfile.TemporaryDirectory() as folder,
            served(Path(folder), self.options, self.database) as (url, pid),
        ):
            tally = asyncio.run(self._run(url, pid, case))
            database = self.database or f"sqlite:///{folder}/scenarios.db"
            print(row(str(case), tally, *checked(tally, self.analysis, database)), flush=True)

    async def _run(self, url: str, pid: int, case: Case) -> Tally:
        count = 2 + int(self.seconds / EVERY_S)
        query = "mode=modifier"
        walks = [walk(self.analysis, random.Random(seed), count) for seed in range(case.planners)]  # noqa: S311
        await self._warm(url)
        async with AsyncExitStack() as beside:
            if case.together:
                first = await beside.enter_async_context(Planner(url, query))
                lycee, zone = walks[0][0]
                await first.gesture(event="drop", id=lycee, lat=0, lon=0, zone=zone)
                query, walks = first.query, shares(self.analysis, case.planners, count)
            tasks = []
            if case.search:
                other = await beside.enter_async_context(Planner(url, "mode=proposer"))
                tasks.append(asyncio.create_task(other.press("propositions.chercher")))
            if case.kill:
                tasks.append(asyncio.create_task(self._kill(pid, case)))
            tally = await run(url, pid, walks, self.seconds, query)
            for task in tasks:
                task.cancel()
            return tally

    async def _warm(self, url: str) -> None:
        """Have every process read the data."""
        told = self.options.index("--workers") + 1 if "--workers" in self.options else None
        for rank in range(1 if told is None else int(self.options[told])):
            async with Planner(url, "mode=modifier", cookie=f"geozones_worker={rank}"):
                pass

    async def _kill(self, pid: int, case: Case) -> None:
        """Kill a process of the app half-way."""
        await asyncio.sleep(opening_s(case.planners) + self.seconds / 2)
        named = ["--rank", "0"]
        chosen = [process for process in processes(pid) if process.cmdline()[-2:] == named]
        chosen[0].kill()

    def memory(self, sessions: int) -> None:
        """Print the memory of sessions held open, and what is left of many opened and closed."""
        with (
            tempfile.TemporaryDirectory() as folder,
            served(Path(folder), self.options, self.database) as (url, pid),
        ):
            held, left = asyncio.run(self._memory(url, pid, sessions))
            print(f"memory: {held:.1f} MB a session held open (20, a move each);", end=" ")
            print(f"MB of the server after so many opened, moved in and closed: {left}", flush=True)

    async def _memory(self, url: str, pid: int, sessions: int) -> tuple[float, dict[int, int]]:
        moves = walk(self.analysis, random.Random(7), 1)  # noqa: S311
        event = {"event": "drop", "id": moves[0][0], "lat": 0, "lon": 0, "zone": moves[0][1]}
        async with Planner(url, "mode=modifier") as first:
            await first.gesture(**event)
        before = memory_mb(pid)
        held = [Planner(url, "mode=modifier") for _ in range(20)]
        for client in held:
            await client.open()
            await client.gesture(**event)
        each = (memory_mb(pid) - before) / len(held)
        for client in held:
            await client.close()
        left = {0: round(memory_mb(pid))}
        for rank in range(1, sessions + 1):
            async with Planner(url, "mode=modifier") as client:
                await client.gesture(**event)
            if rank % max(1, sessions // 4) == 0:
                left[rank] = round(memory_mb(pid))
        return each, left


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--planners", type=int, nargs="*", default=[5, 20])
    parser.add_argument("--together", type=int, nargs="*", default=[8])
    parser.add_argument("--search", type=int, nargs="*", default=[])
    parser.add_argument("--kill", type=int, nargs="*", default=[], help="with several processes")
    parser.add_argument("--sessions", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--database", help="URL of an empty PostgreSQL; a SQLite file otherwise")
    parser.add_argument("served", nargs="*", help="options of `geozones serve`, after --")
    given = parser.parse_args()
    analysis = analysis_of(territory_of(open_atlas()))
    load = Load(analysis, given.served, given.database, given.seconds)
    average = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(
        f"{os.cpu_count()} cores, load before {average}, served: {given.served or 'one process'}\n"
    )
    print("| " + " | ".join(HEADS) + " |")
    print("|---" * len(HEADS) + "|", flush=True)
    for planners in given.planners:
        load.measure(Case(planners))
    for planners in given.together:
        load.measure(Case(planners, together=True))
    for planners in given.search:
        load.measure(Case(planners, search=True))
    for planners in given.kill:
        load.measure(Case(planners, kill=True))
    if given.sessions:
        load.memory(given.sessions)


if __name__ == "__main__":
    main()
