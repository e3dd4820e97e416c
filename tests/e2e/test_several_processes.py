"""Two processes behind the proxy that they start, under a base path."""

import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect

from helpers.served_app import served_app

from .conftest import NewVisit, free_port, served, still

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
SAINT_CALAIS = (47.92, 0.745)  # in zone SAR-4
LE_LUDE = (47.65, 0.16)  # in zone MAY-2

needs_nginx = pytest.mark.skipif(
    shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None,
    reason="nginx is not installed",
)


def process_of(rank: int) -> psutil.Process:
    """The process of the app of a rank, that this test started."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.ZombieProcess, psutil.NoSuchProcess):  # another's, that has ended
            if process.cmdline()[-2:] == ["--rank", str(rank)]:
                return process
    return pytest.fail(f"no process of rank {rank}")


@pytest.mark.slow
@needs_nginx
@pytest.mark.parametrize("workers", [1, 2])
def test_all_that_serve_started_ends_when_it_is_killed(tmp_path: Path, workers: int) -> None:
    with served_app(tmp_path, free_port(), "--workers", str(workers)) as (_, pid):
        started = psutil.Process(pid).children(recursive=True)
        assert (
            len(started) >= 2 * workers
        )  # each process of the app, and the one its jobs fork from
        os.kill(pid, signal.SIGKILL)
        _, alive = psutil.wait_procs(started, timeout=30)
        assert alive == []


@pytest.mark.slow
@needs_nginx
def test_a_process_that_is_killed_is_started_again_and_nobody_loses_a_change(
    new_visit: NewVisit, tmp_path: Path
) -> None:
    with served(tmp_path, free_port(), workers=2, base_path="/geozones") as url:
        visit = new_visit(url=url).open("?mode=modifier")
        visit.drag(RACAN, *SAINT_CALAIS)
        expect(visit.tables().get_by_text("1 changement fait")).to_be_visible()
        still(visit.page)
        cookies = {cookie["name"]: cookie for cookie in visit.page.context.cookies()}
        held_by = cookies["geozones_worker"]
        assert held_by["path"] == "/geozones"
        other = new_visit(url=url)
        other.page.context.add_cookies(
            [{"name": "geozones_worker", "value": str(1 - int(held_by["value"])), "url": url}]
        )
        os.kill(process_of(int(held_by["value"])).pid, signal.SIGKILL)
        # the other process goes on, and finds the change
        scenario = visit.page.url.partition("?")[2]
        other.open(f"?{scenario}")
        expect(other.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
        # the one that was killed is there again, and takes the next change
        visit.drag(RACAN, *LE_LUDE)
        expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
        still(visit.page)  # its page is drawn anew, without the drawer
        expect(visit.tables().get_by_text("2 changements faits")).to_be_visible()
