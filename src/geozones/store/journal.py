"""Files of the journal of an experiment: their rows by month, so that old months can go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, select, update

from geozones.domain.journal_files import JournalFile, JournalMonth
from geozones.records import Reading
from geozones.records.kinds import JOURNAL_FILE, JOURNAL_MONTH
from geozones.store.checks import refusing
from geozones.store.tables import JOURNAL_FILES, JOURNAL_MONTHS

if TYPE_CHECKING:
    from geozones.store.database import Database

_REFUSED = "Ce fichier ne peut pas être gardé"


class JournalStore:
    """The part of `Store` that keeps what an experiment's teams did."""

    _database: "Database"
    _clock: "Callable[[], str]"

    def journal_files(self) -> tuple[JournalFile, ...]:
        """Return the files whose rows are kept and can be read, the first imported first."""
        with self._database.reading() as connection:
            read = read_files(connection).values
        return tuple(sorted(read, key=lambda file: (file.at, file.id)))

    def journal_months(self) -> tuple[str, ...]:
        """Return the rows kept, a JSON text a file and month (`journal_files.by_month`)."""
        query = select(JOURNAL_MONTHS.c.content).order_by(
            JOURNAL_MONTHS.c.month, JOURNAL_MONTHS.c.file
        )
        with self._database.reading() as connection:
            return tuple(connection.execute(query).scalars())

    def keep_journal(self, file: JournalFile, months: Mapping[str, str]) -> bool:
        """Keep the rows of a file, dated now; return whether it was new, and write nothing if not.

        Two who import the same file at once keep it once.
        """
        kept = replace(file, at=self._clock())
        with refusing(_REFUSED):
            JOURNAL_FILE.checked(kept)
        known = select(JOURNAL_FILES.c.id).where(JOURNAL_FILES.c.id == file.id)
        with self._database.writing() as connection:
            if connection.execute(known).first() is not None:
                return False
            insert_file(connection, kept)
            insert_months(
                connection,
                [JournalMonth(file.id, month, rows) for month, rows in sorted(months.items())],
            )
        return True

    def drop_journal(self, file: str | None = None) -> None:
        """Delete the rows of a file (id), or of all of them, for good."""
        with self._database.writing() as connection:
            if file is None:
                connection.execute(delete(JOURNAL_FILES))
            else:
                connection.execute(delete(JOURNAL_FILES).where(JOURNAL_FILES.c.id == file))

    def rewrite_journal(self, change: Callable[[str], str]) -> int:
        """Change the rows of each file and month, together; return how many of these changed."""
        query = select(JOURNAL_MONTHS.c.file, JOURNAL_MONTHS.c.month, JOURNAL_MONTHS.c.content)
        changed = 0
        with self._database.writing() as connection:
            for file, month, content in connection.execute(query).all():
                after = change(content)
                if after != content:
                    at = (JOURNAL_MONTHS.c.file == file) & (JOURNAL_MONTHS.c.month == month)
                    connection.execute(update(JOURNAL_MONTHS).where(at).values(content=after))
                    changed += 1
        return changed

    def forget_journal(self, before: str) -> int:
        """Delete the months (``2026-03``) before one, for good; return how many parts went."""
        old = JOURNAL_MONTHS.c.month < before
        count = select(func.count()).select_from(JOURNAL_MONTHS).where(old)
        with self._database.reading() as connection:
            if not connection.execute(count).scalar():
                return 0
        left = select(JOURNAL_MONTHS.c.file)
        with self._database.writing() as connection:
            gone = connection.execute(count).scalar() or 0
            connection.execute(delete(JOURNAL_MONTHS).where(old))
            connection.execute(delete(JOURNAL_FILES).where(JOURNAL_FILES.c.id.not_in(left)))
            first = f"{before}-01"
            late = JOURNAL_FILES.c.first < first
            connection.execute(update(JOURNAL_FILES).where(late).values(first=first))
        return gone


def read_files(connection: Connection) -> Reading[JournalFile]:
    """Read the files whose rows are kept, by id."""
    query = select(JOURNAL_FILES).order_by(JOURNAL_FILES.c.id)
    return JOURNAL_FILE.read_rows(connection.execute(query).mappings())


def read_months(connection: Connection) -> Reading[JournalMonth]:
    """Read the rows of files, by file and month."""
    query = select(JOURNAL_MONTHS).order_by(JOURNAL_MONTHS.c.file, JOURNAL_MONTHS.c.month)
    return JOURNAL_MONTH.read_rows(connection.execute(query).mappings())


def insert_file(connection: Connection, file: JournalFile) -> None:
    """Write a file that is not there."""
    connection.execute(JOURNAL_FILES.insert(), JOURNAL_FILE.to_row(file))


def insert_months(connection: Connection, months: Sequence[JournalMonth]) -> None:
    """Write months that are not there, of files that are."""
    if months:
        connection.execute(JOURNAL_MONTHS.insert(), list(map(JOURNAL_MONTH.to_row, months)))
