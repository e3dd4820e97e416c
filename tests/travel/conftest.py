"""Valhalla's tiles, built once, and a server that speaks openrouteservice's formats."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from geozones.travel.valhalla import Valhalla, build_tiles
from helpers.ors_server import OrsServer
from helpers.small_network import streets, write_pbf
from helpers.still_clock import Time
from helpers.valhalla_drives import TODAY


@pytest.fixture
def server() -> Iterator[OrsServer]:
    """An openrouteservice on 127.0.0.1 that follows a script."""
    with OrsServer() as running:
        yield running


@pytest.fixture
def time() -> Time:
    """A clock that moves only when a client sleeps."""
    return Time()


@pytest.fixture(scope="session")
def pbf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small country's roads as an OpenStreetMap extract."""
    path = tmp_path_factory.mktemp("osm") / "petit-pays.osm.pbf"
    return write_pbf(path, streets())


@pytest.fixture(scope="session")
def built(pbf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Valhalla's tiles of that extract."""
    out = tmp_path_factory.mktemp("roads") / "tiles"
    build_tiles(pbf, out, today=lambda: TODAY)
    return out


@pytest.fixture
def tiles(built: Path, tmp_path: Path) -> Path:
    """A copy of the tiles, to be altered."""
    return Path(shutil.copytree(built, tmp_path / "tiles"))


@pytest.fixture(scope="session")
def engine(built: Path) -> Valhalla:
    """Valhalla over those tiles."""
    return Valhalla(built, today=lambda: TODAY)
