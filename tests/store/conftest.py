"""A store of each kind: a SQLite file, and a PostgreSQL started for the tests on 127.0.0.1."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from geozones.common.files import new_code
from geozones.domain import Event, Scenario
from geozones.store import Store, open_store
from helpers.fixture_types import Make

DAY = "2025-06-11T09:00:00.000+00:00"


@dataclass
class Cluster:
    """A PostgreSQL of our own, in a folder of its own, with a password."""

    binaries: Path
    folder: Path
    port: int
    user: str | None
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    def make(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        if self.user:
            shutil.chown(self.folder, self.user)
            shutil.chown(secret, self.user)
        self._run(
            "initdb", "--username=planner", f"--pwfile={secret}", "--auth=scram-sha-256",
            "--encoding=UTF8", "--no-locale", "--no-sync",
        )  # fmt: skip

    def start(self) -> None:
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= "
            "-c shared_buffers=16MB -c max_connections=60 "
            # The tests kill processes, not the machine: what was written outlives them.
            "-c fsync=off"
        )
        self._run("pg_ctl", "start", "-w", "-l", str(self.folder / "log"), "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """Stop it; ``immediate`` is a crash: what was in its memory only is lost."""
        self._run("pg_ctl", "stop", "-w", "-m", mode)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://planner:{self.password}@127.0.0.1:{self.port}/{database}"

    def execute(self, order: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(order)  # type: ignore[call-overload]

    def _run(self, command: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.binaries / command, "-D", self.folder / "data", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            user=self.user,
            group=pwd.getpwnam(self.user).pw_gid if self.user else None,
            extra_groups=() if self.user else None,
            check=False,
        )
        assert done.returncode == 0, f"{command} failed: see {self.folder / 'log'}"


def _binaries() -> Path:
    binary = shutil.which("postgres")
    places = [Path(binary).resolve().parent] if binary else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if all((place / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return place
    pytest.fail("PostgreSQL is not installed: sh scripts/apt.sh postgresql (make test does it)")


def _other_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """PostgreSQL, for the session."""
    binaries = _binaries()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="geozones-pg-", ignore_cleanup_errors=True) as folder:
        made = Cluster(binaries, Path(folder), port, _other_user())
        made.make()
        made.start()
        yield made
        made.stop("immediate")


@pytest.fixture
def postgresql_url(cluster: Cluster) -> str:
    """An empty schema of the cluster: a tenth of the time of a database."""
    name = f"s{secrets.token_hex(6)}"
    cluster.execute(f"CREATE SCHEMA {name}")
    return f"{cluster.url()}?options=-csearch_path%3D{name}"


@pytest.fixture
def database(cluster: Cluster) -> str:
    """The name of an empty database of the cluster."""
    name = f"d{secrets.token_hex(6)}"
    cluster.execute(f"CREATE DATABASE {name}")
    return name


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    """Where the SQLite store of a test is; nothing is there yet."""
    return tmp_path / "scenarios.db"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test on each kind of database, or on its own or the ``DATABASES`` of its file."""
    own = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "url" in metafunc.fixturenames and "url" not in own:
        kinds = getattr(metafunc.module, "DATABASES", ["sqlite", "postgresql"])
        metafunc.parametrize("url", kinds, indirect=True)


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('sqlite_file')}"
    address: str = request.getfixturevalue("postgresql_url")
    return address


@pytest.fixture
def opened() -> Iterator[Make[Store]]:
    """``open_store``, with a clock of a tick a write; stores are closed at the end of the test."""
    stores: list[Store] = []
    ticks = count(1)

    def clock() -> str:
        hours, seconds = divmod(next(ticks), 3600)
        return f"2025-06-12T{hours:02}:{seconds // 60:02}:{seconds % 60:02}.000+00:00"

    def build(url: object = None, **options: Any) -> Store:
        where = f"sqlite:///{url}" if isinstance(url, Path) else url
        stores.append(open_store(where, **{"clock": clock, **options}))
        return stores[-1]

    yield build
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Make[Store], url: str) -> Store:
    """An empty store of each kind."""
    return opened(url)


@pytest.fixture(scope="session")
def scenario_of() -> Make[Scenario]:
    """Make a scenario, with what is given in place of the usual."""

    def build(**fields: Any) -> Scenario:
        usual = {
            "id": new_code(),
            "name": "Variante du 11 juin",
            "base": {"format": "geozones.plan", "version": 1, "sectors": []},
            "origin": "le plan publié",
            "author": "Ada",
            "created": DAY,
            "updated": DAY,
        }
        return Scenario(**{**usual, **fields})

    return build


@pytest.fixture(scope="session")
def event_of() -> Make[Event]:
    """Make an event: ``event_of("b", "a")`` follows a."""

    def build(key: str, parent: str | None = None, **fields: Any) -> Event:
        usual = {"kind": "move", "data": {"lycee": "A", "zone": "N1"}, "author": "Ada", "at": DAY}
        return Event(**{**usual, "id": key, "parent": parent, **fields})

    return build
