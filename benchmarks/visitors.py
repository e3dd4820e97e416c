"""Load of shared links by visitors who ask for as much as they can, while planners work.

Each attack runs against a new server with a login set up. Meanwhile one planner after the other
logs in, opens the Carte and makes moves. A row gives the answers and refusals that visitors got,
the waiting times of planners, and the memory of the server before, at most, and after.
"""

import argparse
import asyncio
import logging
import random
import socket
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from httpx import AsyncClient, HTTPError
from load import memory_mb, walk
from streamlit_client import Planner
from websockets.exceptions import WebSocketException

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from geozones.store import open_store
from geozones.workspace.figures.analysis import Analysis, analysis_of
from geozones.workspace.folder.atlas import open_atlas
from geozones.workspace.folder.territory import territory_of
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios
from helpers.login_provider import login_provider, write_secrets
from helpers.raw_tab import Tab, cookie_of_anybody, logged_in, sent
from helpers.served_app import served_app

LINKS, PAGES, LOGIN_PAGES, FILES, FILE_BYTES = 26, 200, 300, 16, 119_000_000
#: What a page says that is one too many.
REFUSED = ("Trop de personnes consultent ce scénario", "Le serveur est complet")
#: Seconds after which what a closed tab held must be free.
LEFT_S = 14.0
PLANNER = {"max": {"email": "max@region.example", "email_verified": True}}
ROLES = ("[geozones.roles]", '"max@region.example" = "planificateur"')


@dataclass
class Seen:
    """Waiting times of planners and memory of the server during an attack."""

    logins: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)
    failed: int = 0
    memory: float = 0.0


@dataclass
class Target:
    """A server with a login, and shared links of it."""

    url: str
    pid: int
    tokens: list[str]
    analysis: Analysis

    def tab(self, rank: int = 0) -> Tab:
        """Return a tab of a link."""
        return Tab(self.url, f"version={self.tokens[rank % len(self.tokens)]}")

    async def plan(self, seen: Seen, rank: int) -> None:
        """Log in, open the Carte, make three moves."""
        began = time.perf_counter()
        cookie = await logged_in(self.url, "max")
        seen.logins.append(time.perf_counter() - began)
        moves = walk(self.analysis, random.Random(rank), 3)  # noqa: S311
        planner = Planner(self.url, "mode=modifier", cookie=cookie)
        try:
            seen.opened.append(await planner.open())
            for lycee, zone in moves:
                answer = await planner.gesture(event="drop", id=lycee, lat=0, lon=0, zone=zone)
                seen.moves.append(answer.seconds)
        finally:
            await planner.close()


type Attack = Callable[[Target, Counter[str]], Awaitable[None]]


async def quietly(*work: Awaitable[object]) -> None:
    """Wait for work that may be cut off."""
    await asyncio.gather(*work, return_exceptions=True)


async def ask_and_close(tab: Tab, told: Counter[str]) -> None:
    """Open a link, ask for its PDF, close the tab a second later."""
    await tab.open()
    told["pages"] += bool(tab.files)
    told["refused"] += not tab.files
    if tab.files:
        await tab.ask_file("partage.pdf")
        await asyncio.sleep(1.0)
    await tab.close()


async def one_link(target: Target, told: Counter[str]) -> None:
    """26 tabs of one link ask for its PDF and close."""
    await quietly(*(ask_and_close(target.tab(), told) for _ in range(LINKS)))


async def many_links(target: Target, told: Counter[str]) -> None:
    """Tabs of 26 links, one each, ask for its PDF and close."""
    await quietly(*(ask_and_close(target.tab(rank), told) for rank in range(LINKS)))


async def pages(target: Target, told: Counter[str]) -> None:
    """200 pages of one link opened at once, and held for a while."""
    tabs = [target.tab() for _ in range(PAGES)]

    async def open_one(tab: Tab) -> None:
        await tab.open()
        told["pages" if not any(said in tab.said for said in REFUSED) else "refused"] += 1

    await quietly(*map(open_one, tabs))
    await asyncio.sleep(5)
    await quietly(*(tab.close() for tab in tabs))


async def login_pages(target: Target, told: Counter[str]) -> None:
    """300 login pages opened at once, each with the websocket that a page would open."""

    async def open_one(browser: AsyncClient) -> None:
        page = await browser.get(target.url)
        told["pages"] += "Connexion obligatoire" in page.text
        tab = Tab(target.url)
        try:
            await tab.open()
        except WebSocketException:
            told["refused"] += 1
        else:
            told["sessions"] += 1
            await asyncio.sleep(5)
            await tab.close()

    async with AsyncClient(timeout=120) as browser:
        await quietly(*(open_one(browser) for _ in range(LOGIN_PAGES)))


async def uploads(target: Target, told: Counter[str]) -> None:
    """16 files of 119 MB sent without a login, each in a session of its own."""
    anybody = await cookie_of_anybody(target.url)

    async def send(tab: Tab) -> None:
        await tab.open()
        address = f"{target.url}/_stcore/upload_file/{tab.session}/{uuid4()}"
        told[f"status {await sent(address, FILE_BYTES, anybody)}"] += 1
        await asyncio.sleep(3)
        await tab.close()

    await quietly(*(send(target.tab()) for _ in range(FILES)))


async def of_another(target: Target, told: Counter[str]) -> None:
    """16 files of 119 MB sent in the name of a planner's session, whose page has an uploader."""
    anybody, cookie = await cookie_of_anybody(target.url), await logged_in(target.url, "max")
    async with Tab(target.url, page="scenarios", cookie=cookie) as planner:

        async def send() -> None:
            address = f"{target.url}/_stcore/upload_file/{planner.session}/{uuid4()}"
            told[f"status {await sent(address, FILE_BYTES, anybody)}"] += 1

        await quietly(*(send() for _ in range(FILES)))
        (address,) = await planner.upload_addresses()
        told[f"planner's own: status {await sent(address, 1_000_000, cookie)}"] += 1


ATTACKS: tuple[Attack, ...] = (one_link, many_links, pages, login_pages, uploads, of_another)


async def planners(target: Target, seen: Seen, until: asyncio.Event, least: int) -> None:
    """Have planners come one after the other, some at least."""
    rank = 0
    while rank < least or not until.is_set():
        try:
            await asyncio.wait_for(target.plan(seen, rank), 60)
        except (OSError, TimeoutError, WebSocketException, AssertionError, HTTPError) as error:
            print(f"  a planner failed: {error!r}", file=sys.stderr)
            seen.failed += 1
        rank += 1


async def watch(target: Target, seen: Seen, until: asyncio.Event) -> None:
    """Note the greatest memory of the server."""
    while not until.is_set():
        seen.memory = max(seen.memory, memory_mb(target.pid))
        await asyncio.sleep(0.25)


async def measure(target: Target, attack: Attack | None) -> str:
    """Return the row of an attack."""
    warm, seen, told, over = Seen(), Seen(), Counter[str](), asyncio.Event()
    await target.plan(warm, 99)
    before = memory_mb(target.pid)
    meanwhile = [asyncio.create_task(watch(target, seen, over))]
    planning = asyncio.create_task(planners(target, seen, over, 3))
    began = time.perf_counter()
    if attack is not None:
        await attack(target, told)
    seconds = time.perf_counter() - began
    over.set()
    await planning
    await quietly(*meanwhile)
    await asyncio.sleep(LEFT_S)
    left = memory_mb(target.pid)
    name = "nothing" if attack is None else (attack.__doc__ or "").rstrip(".")
    cells = [
        name,
        ", ".join(f"{what}: {count}" for what, count in sorted(told.items())) or "–",
        f"{seconds:.0f}",
        _told(seen.logins),
        _told(seen.opened),
        _told(seen.moves),
        str(seen.failed),
        f"{before:.0f} / {max(before, seen.memory):.0f} / {left:.0f}",
    ]
    return "| " + " | ".join(cells) + " |"


def _told(times: list[float]) -> str:
    if not times:
        return "–"
    return f"{statistics.median(times):.2f} / {max(times):.2f} ({len(times)})"


def shared_links(analysis: Analysis, home: Path) -> list[str]:
    """Make scenarios that move a lycée each, and share them."""
    store = open_store(f"sqlite:///{home / 'scenarios.db'}")
    service = Scenarios(analysis, lambda: store, LOCAL)
    tokens = []
    for lycee, zone in walk(analysis, random.Random(1), LINKS):  # noqa: S311
        work = service.record(service.new(), "move", {"moves": {lycee: zone}}, "")
        tokens.append(service.links.freeze(work))
    store.close()
    return tokens


@contextmanager
def target(analysis: Analysis) -> Iterator[Target]:
    """Start a server with a login and links."""
    with (
        tempfile.TemporaryDirectory() as folder,
        login_provider(PLANNER) as provider,
        socket.socket() as probe,
    ):
        home = Path(folder)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        write_secrets(home, f"http://127.0.0.1:{port}", provider, ROLES)
        tokens = shared_links(analysis, home)
        with served_app(home, port, HOME=folder) as (url, pid):
            yield Target(url, pid, tokens, analysis)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [attack.__name__ for attack in ATTACKS]
    parser.add_argument("attacks", nargs="*", choices=["nothing", *names, []], default=[])
    given = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    analysis = analysis_of(territory_of(open_atlas()))
    print(
        "| attack | visitors | s | login s, median / slowest (count) | page opened s | move s "
        "| planners failed | MB before / at most / after |\n|---|---|---|---|---|---|---|---|"
    )
    chosen = [None, *ATTACKS]
    for attack in chosen:
        name = "nothing" if attack is None else attack.__name__
        if not given.attacks or name in given.attacks:
            with target(analysis) as here:
                print(asyncio.run(measure(here, attack)), flush=True)


if __name__ == "__main__":
    main()
