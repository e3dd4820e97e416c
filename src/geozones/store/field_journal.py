"""Rows of the journal of an experiment, by file and month, so that old months can be deleted.

The feature `experiment` keeps files and deletes them. Old months are forgotten, and names erased,
with and without it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update

from geozones.domain.access import ActionKind
from geozones.domain.field_journal import JournalFile, JournalMonth
from geozones.records import Reading
from geozones.records.kinds import JOURNAL_FILE, JOURNAL_MONTH
from geozones.store.permissions import StoreContext
from geozones.store.tables import JOURNAL_FILES, JOURNAL_MONTHS, mark_erased


@dataclass(frozen=True, slots=True)
class JournalStore:
    """Field journal of the store, read, and shortened by upkeep."""

    context: StoreContext

    def files(self) -> tuple[JournalFile, ...]:
        """Return the journal files that can be read, in the order of import."""
        with self.context.reading() as connection:
            read = read_files(connection).values
        return tuple(sorted(read, key=lambda file: (file.at, file.id)))

    def months(self) -> tuple[str, ...]:
        """Return the rows of the journal, one JSON text for each file and month."""
        query = select(JOURNAL_MONTHS.c.content).order_by(
            JOURNAL_MONTHS.c.month, JOURNAL_MONTHS.c.file
        )
        with self.context.reading() as connection:
            return tuple(connection.execute(query).scalars())

    def forget_oldest_month(self, before: str) -> str | None:
        """Delete the oldest month, for good, if it precedes another month (``2026-03``).

        At most one month: a clock that is wrong by years costs one month a call. Return the month
        deleted, ``None`` for nothing.
        """
        oldest = select(func.min(JOURNAL_MONTHS.c.month)).where(JOURNAL_MONTHS.c.month < before)
        left = select(JOURNAL_MONTHS.c.file)
        with self.context.writing() as connection:
            month: str | None = connection.execute(oldest).scalar()
            of_it = JOURNAL_MONTHS.c.month == month
            if (
                month is None
                or not connection.execute(delete(JOURNAL_MONTHS).where(of_it)).rowcount
            ):
                return None
            connection.execute(delete(JOURNAL_FILES).where(JOURNAL_FILES.c.id.not_in(left)))
            first = f"{_next_month(month)}-01"
            late = JOURNAL_FILES.c.first < first
            connection.execute(update(JOURNAL_FILES).where(late).values(first=first))
            mark_erased(connection)
            self.context.log(connection, ActionKind.FORGOT, month=month)
        return month


def read_files(connection: Connection) -> Reading[JournalFile]:
    """Read the journal files, by id."""
    query = select(JOURNAL_FILES).order_by(JOURNAL_FILES.c.id)
    return JOURNAL_FILE.read_rows(connection.execute(query).mappings())


def read_months(connection: Connection) -> Reading[JournalMonth]:
    """Read the rows of files, by file and month."""
    query = select(JOURNAL_MONTHS).order_by(JOURNAL_MONTHS.c.file, JOURNAL_MONTHS.c.month)
    return JOURNAL_MONTH.read_rows(connection.execute(query).mappings())


def insert_file(connection: Connection, file: JournalFile) -> None:
    """Insert a file that the table does not hold."""
    connection.execute(JOURNAL_FILES.insert(), JOURNAL_FILE.to_row(file))


def insert_months(connection: Connection, months: Sequence[JournalMonth]) -> None:
    """Insert months that the table does not hold, of files that it does."""
    if months:
        connection.execute(JOURNAL_MONTHS.insert(), list(map(JOURNAL_MONTH.to_row, months)))


def oldest_month(connection: Connection) -> str | None:
    """Return the oldest month of the journal (``2026-03``); ``None`` for an empty journal."""
    oldest: str | None = connection.execute(select(func.min(JOURNAL_MONTHS.c.month))).scalar()
    return oldest


def rewrite_months(connection: Connection, change: Callable[[str], tuple[str, int]]) -> int:
    """Change the rows of each file and month; ``change`` also returns how many rows it changed."""
    query = select(JOURNAL_MONTHS.c.file, JOURNAL_MONTHS.c.month, JOURNAL_MONTHS.c.content)
    changed = 0
    for file, month, content in connection.execute(query).all():
        after, count = change(content)
        if count:
            at = (JOURNAL_MONTHS.c.file == file) & (JOURNAL_MONTHS.c.month == month)
            connection.execute(update(JOURNAL_MONTHS).where(at).values(content=after))
            changed += count
    return changed


def _next_month(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"
