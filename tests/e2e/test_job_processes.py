"""A file that is being made ends with the process that makes it, when nobody waits any more."""

import os
import select
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import NewVisit


def fork_server(home: Path) -> int:
    """The process that the server of a home forks its jobs from."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
            environment = (process / "environ").read_bytes()
            parent = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1]
            above = Path("/proc", parent, "cmdline").read_bytes()
        except OSError:  # another's, or it has just ended
            continue
        ours = b"jobs.fork_server" in command and str(home).encode() in environment
        if ours and b"jobs.fork_server" not in above:
            return int(process.name)
    pytest.fail("the server has no fork server")


def jobs(server: int) -> list[int]:
    """The processes at work, forked from a fork server: those that ended are left out."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii")
    return [int(child) for child in children.split() if not ended(int(child), seconds=0)]


def job(home: Path) -> int:
    """The process at work for the server of a home."""
    (child,) = jobs(fork_server(home))
    return child


def ended(process: int, seconds: float = 5) -> bool:
    """Wait for the end of a process, some seconds at most."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    with os.fdopen(watched):
        return select.select([watched], [], [], seconds)[0] != []


@pytest.mark.slow
def test_a_file_is_cancelled_by_annuler_and_by_leaving_the_page(
    new_visit: NewVisit, second_app: tuple[Path, str]
) -> None:
    home, url = second_app
    visit = new_visit(url=url)
    visit.open("partager")
    page = visit.page
    make, cancel = (
        page.locator(f".st-key-partager-{name} button") for name in ("zip", "zip-annuler")
    )
    make.click()
    expect(page.get_by_text("1 sur 1")).to_be_visible()
    first = job(home)
    cancel.click()
    expect(make).to_be_visible()
    assert ended(first)
    make.click()
    expect(page.get_by_text("1 sur 1")).to_be_visible()
    second = job(home)
    page.get_by_role("link", name="Équipes").click()
    assert ended(second)
    assert visit.errors == []
