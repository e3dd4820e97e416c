"""Rows of the journal of an experiment, by file and month, so that old months can be deleted.

The feature `experiment` keeps files and deletes them; upkeep forgets old months and erases names.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from geozones.domain.field_journal import JournalFile, JournalMonth
from geozones.records import Reading
from geozones.records.kinds import JOURNAL_FILE, JOURNAL_MONTH
from geozones.store.tables import JOURNAL_FILES, JOURNAL_MONTHS


def read_files(connection: Connection) -> Reading[JournalFile]:
    """Read the journal files, by id."""
    query = select(JOURNAL_FILES).order_by(JOURNAL_FILES.c.id)
    return JOURNAL_FILE.read_rows(connection.execute(query).mappings())


def read_months(connection: Connection) -> Reading[JournalMonth]:
    """Read the rows of files, by file and month."""
    query = select(JOURNAL_MONTHS).order_by(JOURNAL_MONTHS.c.file, JOURNAL_MONTHS.c.month)
    return JOURNAL_MONTH.read_rows(connection.execute(query).mappings())


def read_contents(connection: Connection) -> tuple[str, ...]:
    """Read the rows of the journal: one JSON text for each file and month."""
    query = select(JOURNAL_MONTHS.c.content).order_by(JOURNAL_MONTHS.c.month, JOURNAL_MONTHS.c.file)
    return tuple(connection.execute(query).scalars())


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
