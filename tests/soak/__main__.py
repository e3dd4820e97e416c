"""Let a monkey play with the app: ``python -m tests.soak`` (``SOAK_MINUTES``, ``SOAK_SEED``).

It opens every page in a real Chromium, presses, types, drags, sends files, goes back, and sends
gestures that no page would. It exits 1 where the log has a fault or a traceback, a page a red box
of the tool's or an error of a script, or a process was started again.
"""

import os
import random
import re
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Error, Page

from tests.e2e.browser import new_context, started
from tests.e2e.conftest import served
from tests.soak.gestures import GESTURES

#: What a page shows when the tool fails, and not when it refuses something.
_RED = (
    '[data-testid="stException"], [role="alert"]:has-text("La faute vient de l\'outil"), '
    '[role="alert"]:has-text("erreur interne"), [role="dialog"]:has-text("Connection error")'
)
_FAULTS = re.compile(r"Traceback|\bFault [0-9A-F]{6}|Work apart failed|\bERROR\b|\bCRITICAL\b")
_PATIENCE_MS = 60_000


@dataclass
class Soak:
    """What the monkey did and met."""

    seed: int
    home: Path
    done: int = 0
    missed: int = 0
    found: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        """Keep what was met, with the gestures just before."""
        before = " ; ".join(self.last[-6:])
        self.found.append(f"geste {self.done} (graine {self.seed}) : {what}\n    après : {before}")
        print(self.found[-1], flush=True)


def main() -> int:
    """Play, then say what was met; return the exit status."""
    minutes = float(os.environ.get("SOAK_MINUTES") or 20)
    seed = int(os.environ.get("SOAK_SEED") or random.SystemRandom().randrange(10**6))
    print(f"Le singe joue {minutes:g} minutes, graine {seed}.", flush=True)
    with tempfile.TemporaryDirectory(prefix="geozones-soak-") as folder:
        soak = Soak(seed, Path(folder))
        with served(soak.home) as url, started() as browser:
            before = _processes(soak.home)
            context = new_context(browser)
            page = context.new_page()
            page.on("pageerror", lambda error: soak.note(f"erreur de script : {error}"))
            page.on("dialog", lambda dialog: dialog.accept())
            page.goto(url)
            _settle(page)
            _play(soak, page, url, time.monotonic() + 60 * minutes)
            _check_processes(soak, before)
        _check_log(soak)
    print(f"{soak.done} gestes dont {soak.missed} sans cible, {len(soak.found)} trouvailles.")
    return 1 if soak.found else 0


def _play(soak: Soak, page: Page, url: str, end: float) -> None:
    """Make gestures until the end; each is drawn from the seed and from what is on screen."""
    dice = random.Random(soak.seed)  # noqa: S311 - a game, not a secret
    names = [name for name, (weight, _) in GESTURES.items() for _ in range(weight)]
    while time.monotonic() < end:
        name = dice.choice(names)
        soak.done += 1
        try:
            said = GESTURES[name][1](page, dice, url)
        except Error as error:  # what it aimed at is hidden, or gone meanwhile
            said = f"rien ({str(error).splitlines()[0][:60]})"
        soak.missed += said.startswith("rien")
        soak.last.append(f"{name} {said}")
        if not _settle(page):
            soak.note(f"la page ne répond plus depuis {_PATIENCE_MS // 1000} s")
            page.goto(url)
        _look(soak, page, url)


def _settle(page: Page) -> bool:
    """Wait until the page is whole; tell whether it is, within a minute."""
    idle = '[data-testid="stApp"][data-test-script-state="notRunning"]'
    try:
        page.wait_for_selector(idle, state="attached", timeout=_PATIENCE_MS)
    except Error:
        return page.url.startswith("about:") or "/_stcore" in page.url
    return True


def _look(soak: Soak, page: Page, url: str) -> None:
    """Look for a red box; go on from a fresh page after one."""
    red = page.locator(_RED)
    try:
        if red.count() == 0:
            return
        said = red.first.inner_text()[:400]
    except Error:
        return
    picture = Path(tempfile.gettempdir()) / f"soak-{soak.seed}-{soak.done}.png"
    page.screenshot(path=picture)
    soak.note(f"boîte rouge ({picture}) : {said}")
    page.goto(url)
    _settle(page)


def _processes(home: Path) -> dict[str, str]:
    """Return the processes of the server of a home that should outlive the game, by kind."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            environment = (process / "environ").read_bytes()
            parent = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1]
        except OSError:
            continue
        if str(home).encode() in environment and "jobs.fork_server" in command:
            found[process.name] = parent
        elif str(home).encode() in environment and "ui.launcher" in command:
            found["app"] = process.name
    servers = [name for name, parent in found.items() if name != "app" and parent == found["app"]]
    return {"app": found.get("app", "aucun"), "fork_server": ", ".join(servers)}


def _check_processes(soak: Soak, before: dict[str, str]) -> None:
    after = _processes(soak.home)
    for kind, process in before.items():
        if after[kind] != process:
            soak.note(f"processus {kind} : {process} au début, {after[kind]} à la fin")


def _check_log(soak: Soak) -> None:
    lines = (soak.home / "server.log").read_text(encoding="utf-8", errors="replace").splitlines()
    for rank, line in enumerate(lines):
        if _FAULTS.search(line):
            soak.note("journal : " + "\n      ".join(lines[max(rank - 1, 0) : rank + 25]))


if __name__ == "__main__":
    sys.exit(main())
