"""A file that is being made ends with the process that makes it, when nobody waits any more."""

import os
import select
from pathlib import Path

from playwright.sync_api import expect

from .conftest import NewVisit, served


def job(home: Path) -> int:
    """The process at work for the server of a home, forked from the one that it started."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            environment = (process / "environ").read_bytes()
            parent = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1]
        except OSError:  # another's, or it has just ended
            continue
        if b"jobs.fork_server" in command and str(home).encode() in environment:
            found[process.name] = parent
    (child,) = (int(pid) for pid, parent in found.items() if parent in found)
    return child


def ended(process: int, seconds: float = 5) -> bool:
    """Wait for the end of a process, some seconds at most."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    with os.fdopen(watched):
        return select.select([watched], [], [], seconds)[0] != []


def test_a_file_is_cancelled_by_annuler_and_by_leaving_the_page(
    new_visit: NewVisit, tmp_path: Path
) -> None:
    with served(tmp_path) as url:
        visit = new_visit(url=url)
        visit.open("partager")
        page = visit.page
        make, cancel = (
            page.locator(f".st-key-partager-{name} button") for name in ("zip", "zip-annuler")
        )
        make.click()
        expect(page.get_by_text("1 sur 1")).to_be_visible()
        first = job(tmp_path)
        cancel.click()
        expect(make).to_be_visible()
        assert ended(first)
        make.click()
        expect(page.get_by_text("1 sur 1")).to_be_visible()
        second = job(tmp_path)
        page.get_by_role("link", name="Équipes").click()
        assert ended(second)
        assert visit.errors == []
