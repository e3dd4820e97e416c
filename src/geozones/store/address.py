"""Address of the database: a URL, the environment, or a file of the home folder."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from geozones.common.errors import InputError
from geozones.common.files import home_folder

FILE = "scenarios.db"
_SQLITE = frozenset({"sqlite", "sqlite+pysqlite"})
_POSTGRESQL = frozenset({"postgres", "postgresql", "postgresql+psycopg"})


@dataclass(frozen=True, slots=True)
class Address:
    """A database: ``file`` for SQLite, ``url`` for PostgreSQL; shown without its password."""

    file: Path | None
    url: URL | None

    def __str__(self) -> str:
        if self.url is None:
            return str(self.file)
        port = f":{self.url.port}" if self.url.port else ""
        return f"{self.url.database or ''} sur {self.url.host or 'ce poste'}{port}".strip()

    def __repr__(self) -> str:
        return f"Address({str(self)!r})"


def read_address(url: str | None, environment: Mapping[str, str] | None = None) -> Address:
    """Read a URL, else ``GEOZONES_DATABASE_URL``, else name the file of the home folder."""
    env = os.environ if environment is None else environment
    text = url or env.get("GEOZONES_DATABASE_URL")
    if not text:
        return Address(home_folder(env) / FILE, None)
    try:
        read = make_url(text)
    except (ArgumentError, ValueError):
        raise _unreadable() from None
    if read.drivername in _POSTGRESQL:
        return Address(None, read.set(drivername="postgresql+psycopg"))
    if read.drivername in _SQLITE and read.host is None and not read.query:
        name = read.database
        if not name or name == ":memory:" or "\0" in name:
            raise _unreadable()
        return Address(Path(name).expanduser(), None)
    raise _unreadable()


def _unreadable() -> InputError:
    return InputError(
        "L'adresse de la base de scénarios (GEOZONES_DATABASE_URL) n'est pas lisible : écrivez "
        "sqlite:////dossier/scenarios.db ou postgresql://compte:mot-de-passe@serveur/base."
    )
