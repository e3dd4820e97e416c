"""Visitors of shared links ask for all they can: planners log in and work as ever.

No browser: tabs speak Streamlit's own protocol, so that many are open at once and say any word.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from websockets.exceptions import InvalidStatus

from benchmarks.streamlit_client import Planner
from geozones.store import open_store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios
from helpers.login_provider import login_provider, write_secrets
from helpers.raw_tab import Tab, logged_in, opened, sent

from .conftest import free_port, served
from .test_job_processes import ended, fork_server, jobs

RACAN = "0720012X"
ROLES = ("[geozones.roles]", '"max@region.example" = "planificateur"')
MAX = {"max": {"email": "max@region.example", "email_verified": True}}
FULL = "Trop de personnes consultent ce scénario"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with login_provider(MAX) as url:
        yield url


class Guarded:
    """The app with a login, and two links to versions of a scenario."""

    def __init__(self, url: str, home: Path, study: Study) -> None:
        self.url, self.home = url, home
        store = open_store(f"sqlite:///{home / 'scenarios.db'}")
        service = Scenarios(study.analysis, lambda: store, LOCAL)
        work = service.record(service.new(), "move", {"moves": {RACAN: "SAR-4"}}, "")
        self.tokens = [service.links.freeze(work)]
        work = service.record(work, "move", {"moves": {RACAN: "SAR-1"}}, "")
        self.tokens.append(service.links.freeze(work))
        store.close()

    def visitor(self, link: int = 0) -> Tab:
        return Tab(self.url, f"version={self.tokens[link]}")


@pytest.fixture(scope="module")
def guard(
    provider: str, tmp_path_factory: pytest.TempPathFactory, study: Study
) -> Iterator[Callable[..., Guarded]]:
    """Start the app with a login and settings."""
    running = []

    def start(**settings: str) -> Guarded:
        home, port = tmp_path_factory.mktemp("visitors"), free_port()
        write_secrets(home, f"http://127.0.0.1:{port}", provider, ROLES)
        running.append(served(home, port, HOME=str(home), **settings))
        return Guarded(running[-1].__enter__(), home, study)

    yield start
    for server in running:
        server.__exit__(None, None, None)


@pytest.fixture(scope="module")
def guarded(guard: Callable[..., Guarded]) -> Guarded:
    return guard(GEOZONES_UPLOADS_TOTAL_MB="31")


@pytest.fixture(scope="module")
def crowded(guard: Callable[..., Guarded]) -> Guarded:
    """One with room for three visitors, two of each link, and for one user."""
    return guard(GEOZONES_SESSIONS="1", GEOZONES_VISITOR_SESSIONS="3", GEOZONES_LINK_SESSIONS="2")


def within_two_minutes[Outcome](work: Awaitable[Outcome]) -> Outcome:
    """Return what work gives; who waits behind a job that never ends would wait for ever."""

    async def bounded() -> Outcome:
        return await asyncio.wait_for(work, 120)

    # Playwright's own loop runs in this thread once a test of a browser ran before
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(bounded())).result()


async def makes_a_move(guarded: Guarded) -> None:
    """Log in, open the Carte, move a lycée."""
    cookie = await logged_in(guarded.url, "max")
    async with Planner(guarded.url, "mode=modifier", cookie=cookie) as planner:
        answer = await planner.gesture(event="drop", id=RACAN, lat=0, lon=0, zone="SAR-4")
        assert answer.head is not None
        assert planner.scenario is not None


@pytest.mark.slow
def test_planners_log_in_while_a_file_of_visitors_is_made_once_for_all_of_them(
    guarded: Guarded,
) -> None:
    async def attack() -> None:
        tabs = await opened([guarded.visitor() for _ in range(3)])
        stopping = asyncio.create_task(
            asyncio.to_thread(stopped_job, fork_server(guarded.home))
        )  # it never ends by itself
        for tab in tabs:
            for _ in range(4):
                await tab.ask_file("partage.xlsx")
        stopped = await stopping
        try:
            await makes_a_move(guarded)
        finally:
            os.kill(stopped, signal.SIGCONT)
        answers = [await tab.file() for tab in tabs]
        assert {answer.error_msg for answer in answers} == {""}
        assert len({answer.deferred_file.url for answer in answers}) == 1
        await asyncio.gather(*(tab.close() for tab in tabs))
        async with guarded.visitor() as later:  # the file is kept: nothing is made
            await later.ask_file("partage.xlsx")
            assert (await later.file()).deferred_file.url == answers[0].deferred_file.url

    within_two_minutes(attack())


def stopped_job(server: int) -> int:
    """Stop the first process that makes a file, as soon as it has its work: within half a minute.

    It looks again at once and costs microseconds, so that a short job does not end unseen.
    """
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for process in jobs(server):
            with suppress(ProcessLookupError):  # it has just ended
                if os.getpriority(os.PRIO_PROCESS, process):  # it has its work
                    os.kill(process, signal.SIGSTOP)
                    return process
    pytest.fail("nothing is made")


@pytest.mark.slow
def test_a_file_that_nobody_waits_for_any_more_ends(guarded: Guarded) -> None:
    async def asked_then_left() -> int:
        async with guarded.visitor() as tab:
            await tab.ask_file("partage.pdf")
            return await asyncio.to_thread(stopped_job, fork_server(guarded.home))

    process = within_two_minutes(asked_then_left())
    assert ended(process, seconds=30)


@pytest.mark.slow
def test_pages_of_visitors_have_places_of_their_own(crowded: Guarded) -> None:
    async def attack() -> None:
        first = await opened([crowded.visitor() for _ in range(3)])
        assert sum(FULL in tab.said for tab in first) == 1
        second = await opened([crowded.visitor(1) for _ in range(2)])
        assert sum(FULL in tab.said for tab in second) == 1
        for _ in range(5):  # without a login nor a link: no session at all
            with pytest.raises(InvalidStatus):
                await Tab(crowded.url).open()
        await makes_a_move(crowded)
        await next(tab for tab in first if FULL not in tab.said).close()
        async with crowded.visitor() as later:
            assert FULL not in later.said
        await asyncio.gather(*(tab.close() for tab in (*first, *second)))

    within_two_minutes(attack())


@pytest.mark.slow
def test_a_visitor_sends_no_file_in_any_name(guarded: Guarded) -> None:
    async def attack() -> None:
        cookie = await logged_in(guarded.url, "max")
        async with (
            guarded.visitor() as visitor,
            Tab(guarded.url, page="scenarios", cookie=cookie) as planner,
        ):
            assert await visitor.upload_addresses() == []
            for session in (visitor.session, planner.session):
                address = f"{guarded.url}/_stcore/upload_file/{session}/{uuid4()}"
                assert await sent(address, 1_000, cookie) == 403
            (own,) = await planner.upload_addresses()
            assert await sent(own, 1_000, cookie) == 204

    within_two_minutes(attack())


@pytest.mark.slow
def test_what_a_closed_tab_sent_is_freed(guarded: Guarded) -> None:
    async def fill() -> None:
        cookie = await logged_in(guarded.url, "max")
        async with (
            Tab(guarded.url, page="scenarios", cookie=cookie) as first,
            Tab(guarded.url, page="scenarios", cookie=cookie) as second,
        ):
            (address,) = await first.upload_addresses()
            assert await sent(address, 20_000_000, cookie) == 204
            (address,) = await second.upload_addresses()
            assert await sent(address, 20_000_000, cookie) == 507
            await first.close()
            while True:  # ten seconds later there is room
                (address,) = await second.upload_addresses()
                if await sent(address, 20_000_000, cookie) == 204:
                    return

    within_two_minutes(fill())
