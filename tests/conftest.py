"""A toy region you can read at a glance, and the real one."""

import gc
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar, override

import hypothesis
import numpy as np
import pytest
from shapely.geometry import box

from geozones.common import clock
from geozones.common.files import DATA_FOLDER, home_folder
from geozones.domain import (
    DecisionStatus,
    Lycee,
    Origin,
    Plan,
    Provenance,
    Sector,
    TravelTimes,
    Zone,
)
from geozones.domain.plan import plan_of
from geozones.domain.settings import FolderCredits, TerritoryManifest
from geozones.intake.data_folder import DataFolder
from geozones.intake.manifest_file import find_data_folder
from geozones.territory.france import FRANCE_FOLDER
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.scenarios.backups import NOTE
from helpers.fixture_types import Draw
from helpers.frozen_plan import SHIPPED, write_frozen_data
from helpers.still_clock import put_forward
from helpers.studies import study_over

#: After how many new objects each generation is collected, ten times the usual. What tests hold is
#: millions of objects that stay: looking through them took a fifth to a third of their time.
_COLLECTED = (20_000, 10, 10)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the day and the time zone of the machine: of the tests, their servers, their browser."""
    parser.addoption("--today", metavar="DATE[THH:MM]", type=datetime.fromisoformat)
    parser.addoption("--tz", metavar="ZONE", help="time zone of --today, of servers and browser")
    parser.addoption("--list-day-readers", metavar="FILE", help="append the tests that ask the day")


class DayReads(datetime):
    """Time now, that counts how often its day was asked; see ``--list-day-readers``."""

    count: ClassVar = 0

    @override
    def date(self) -> date:
        DayReads.count += 1
        return super().date()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    before = DayReads.count
    ran = yield
    if DayReads.count > before:
        with Path(item.config.getoption("--list-day-readers")).open("a", encoding="utf-8") as file:
            file.write(f"{item.nodeid}\n")
    return ran


def set_clock(today: datetime | None, zone: str | None) -> None:
    """Set the clock and the time zone of this process and of those that it starts."""
    if zone is not None:
        os.environ["TZ"] = zone
        time.tzset()
    if today is not None:
        shift = today.astimezone() - datetime.now(UTC)
        os.environ[clock.SHIFT] = str(shift / timedelta(seconds=1))


def pytest_configure(config: pytest.Config) -> None:
    """Give tests a home and a data folder of their own, whatever the shell says.

    Some test modules open the data folder as they are imported: a fixture would come too late.
    """
    # not a name that `tempfile` draws: one with an underscore does not read as French on a page
    folder = Path(tempfile.gettempdir(), f"geozones-tests-{secrets.token_hex(8)}")
    config.add_cleanup(partial(shutil.rmtree, folder, ignore_errors=True))
    home, data = folder / "home", folder / "data"
    home.mkdir(parents=True)
    write_frozen_data(data)
    for name in [name for name in os.environ if name.startswith("GEOZONES_")]:
        del os.environ[name]
    os.environ |= {"GEOZONES_HOME": str(home), DATA_FOLDER: str(data)}
    os.environ[FRANCE_FOLDER] = str(folder / "sans-france")  # installed or not
    set_clock(config.getoption("--today"), config.getoption("--tz"))
    if config.getoption("--list-day-readers"):
        clock.datetime = DayReads  # type: ignore[misc]
    gc.set_threshold(*_COLLECTED)


def pytest_collection_finish() -> None:
    """Exclude modules and tests from garbage collection: they stay until the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Put the main module back: Streamlit's test runner leaves ``app.py`` in its place.

    A process started by ``multiprocessing`` would then run the whole page first.
    """
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


# Two shared cores: no deadline; the same examples at each run, so that a red run can be replayed.
hypothesis.settings.register_profile(
    "geozones", max_examples=60, deadline=None, derandomize=True, database=None
)
hypothesis.settings.load_profile("geozones")

#: The toy region. Nine lycées on a grid, each at the middle of its cell, a square degree:
#:
#:     A* ─ B ─ C     zone N1 ┐ sector « nord », published, RNS Ada Lovelace,
#:     │    │   │             │ centre support A
#:     D ── E ─ F     zone N2 ┘
#:     │    │   │
#:     G ── H ─ I     zone S1   sector « sud », draft, neither RNS nor centre support
#:
#: Minutes from the row to the column: 10 across, 15 down, but for A ⇄ B, B ⇄ C and A ⇄ C.
MINUTES = """
       A   B   C   D   E   F   G   H   I
   A   0  10  22  15  25  35  30  40  50
   B  12   0   9  25  15  25  40  30  40
   C  22   9   0  35  25  15  50  40  30
   D  15  25  35   0  10  20  15  25  35
   E  25  15  25  10   0  10  25  15  25
   F  35  25  15  20  10   0  35  25  15
   G  30  40  50  15  25  35   0  10  20
   H  40  30  40  25  15  25  10   0  10
   I  50  40  30  35  25  15  20  10   0
"""
ZONES = {"N1": "ABC", "N2": "DEF", "S1": "GHI"}
_CREDITED = TerritoryManifest(credits=FolderCredits(sites="liste d'essai"))
NAMES = {
    "A": ("Ampère", "Aubigny"),
    "B": ("Becquerel", "Brissac"),
    "C": ("Curie", "Clisson"),
    "D": ("Descartes", "Doué"),
    "E": ("Eiffel", "Ernée"),
    "F": ("Fermat", "Fresnay"),
    "G": ("Galilée", "Guérande"),
    "H": ("Hugo", "Herbignac"),
    "I": ("Ionesco", "Ingrandes"),
}


def _table() -> TravelTimes:
    header, *rows = (line.split() for line in MINUTES.strip().splitlines())
    minutes = np.array([[float(value) for value in row[1:]] for row in rows])
    return _times(tuple(header), minutes)


def _times(lycees: tuple[str, ...], minutes: np.ndarray) -> TravelTimes:
    return TravelTimes(lycees, lycees, minutes, minutes * 1.2, Provenance("toy", "2025-01-01"))


def _place(key: str) -> tuple[int, int]:
    """Row and column on the grid."""
    return divmod("ABCDEFGHI".index(key), 3)


def _lycee(key: str) -> Lycee:
    row, column = _place(key)
    name, commune = NAMES[key]
    return Lycee(
        id=key,
        name=name,
        published_name=name.upper(),
        kind="LGT",
        address="1 place de la Mairie",
        postcode="44000",
        commune=commune,
        insee="44001",
        departement="44",
        lat=-row - 0.5,
        lon=column + 0.5,
    )


def _plan() -> Plan:
    sectors = (
        Sector("nord", "Nord", DecisionStatus.PUBLISHED, "Ada Lovelace", "A", experimental=True),
        Sector("sud", "Sud", DecisionStatus.DRAFT, origin=Origin.TOOL),
    )
    zones = (
        Zone("N1", "Les Sources", "nord"),
        Zone("N2", "Le Bocage", "nord"),
        Zone("S1", "La Côte", "sud"),
    )
    return plan_of(sectors, zones, {lycee: zone for zone in ZONES for lycee in ZONES[zone]})


def _toy(times: TravelTimes) -> Study:
    cells = {}
    for key in NAMES:
        row, column = _place(key)
        cells[key] = box(column, -row - 1, column + 1, -row)
    lycees = {key: _lycee(key) for key in NAMES}
    return study_over(
        DataFolder(Path("toy"), lycees, _plan(), (), {}, manifest=_CREDITED), times, cells
    )


@pytest.fixture(scope="session")
def toy() -> Study:
    """The toy region, opened."""
    return _toy(_table())


@pytest.fixture
def fresh_toy() -> Study:
    """The toy region opened anew: nothing of it was computed by another test."""
    return _toy(_table())


@pytest.fixture(scope="session")
def cut_toy(toy: Study) -> Study:
    """The toy region on the day the road between A and C is cut, both ways."""
    minutes = toy.times.minutes.copy()
    row, column = toy.times.origin_index["A"], toy.times.origin_index["C"]
    minutes[row, column] = minutes[column, row] = np.nan
    return _toy(_times(toy.times.origins, minutes))


@pytest.fixture(scope="session")
def guessed_toy(toy: Study) -> Study:
    """The toy region where six tenths of the drives between A and B are a straight leg.

    Every drive is between 0.8 and 1.25 times its minutes; A to B: 8 to 12.5, B to A: 9.6 to 15.
    """
    minutes = toy.times.minutes
    share = np.where(minutes > 0, 0.1, 0.0)
    row, column = toy.times.origin_index["A"], toy.times.origin_index["B"]
    share[row, column] = share[column, row] = 0.6
    return _toy(replace(toy.times, low=minutes * 0.8, high=minutes * 1.25, leg_share=share))


@pytest.fixture
def toy_of(toy: Study) -> Draw:
    """Make a plan of the toy region: ``toy_of(N1="ABCD", N2="EF", S1="GHI")``."""

    def build(**zones: str) -> Plan:
        assignment = {lycee: zone for zone, lycees in zones.items() for lycee in lycees}
        assert set(assignment) == set(NAMES)
        return plan_of(toy.plan.sectors, toy.plan.zones, assignment)

    return build


@pytest.fixture
def one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the clock back before the last hour of a day: the test ends on the day it began."""
    if clock.now().hour == 23:
        put_forward(monkeypatch, timedelta(hours=-1))


@pytest.fixture(autouse=True)
def _kept_by_no_other_test() -> None:
    """Forget the backup and the names that another test noted in the home of the whole session."""
    for name in (NOTE, "names.json"):
        (home_folder() / name).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def study() -> Study:
    """The real region under the frozen plan, opened."""
    return open_study()


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """A copy of the data folder with the frozen plan, to be altered."""
    return Path(shutil.copytree(find_data_folder(), tmp_path / "data"))


@pytest.fixture(scope="session")
def shipped_study() -> Study:
    """The shipped data folder, opened: its drafts change."""
    return open_study(SHIPPED)


@pytest.fixture
def shipped_data(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped data folder, which commands open too."""
    monkeypatch.setenv(DATA_FOLDER, str(SHIPPED))
    return SHIPPED
