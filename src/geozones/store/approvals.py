"""Rows of second approvals of publications: added, never changed."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from geozones.domain.publications import Approval
from geozones.records import Reading
from geozones.records.kinds import APPROVAL
from geozones.store.tables import APPROVALS, PUBLICATIONS


def read_all(connection: Connection) -> Reading[Approval]:
    """Read the second approvals, oldest first."""
    query = select(APPROVALS).order_by(APPROVALS.c.at, APPROVALS.c.publication)
    return APPROVAL.read_rows(connection.execute(query).mappings())


def is_given(connection: Connection, publication: str) -> bool:
    """Return whether a publication (id) has its second approval."""
    query = select(APPROVALS.c.publication).where(APPROVALS.c.publication == publication)
    return connection.execute(query).first() is not None


def count(connection: Connection) -> int:
    """Return how many second approvals there are."""
    return connection.execute(select(func.count()).select_from(APPROVALS)).scalar() or 0


def insert(connection: Connection, approval: Approval) -> None:
    """Insert an approval that the table does not hold."""
    connection.execute(APPROVALS.insert(), APPROVAL.to_row(APPROVAL.checked(approval)))


def write_missing(connection: Connection, approvals: Iterable[Approval]) -> None:
    """Insert the approvals of a backup that are missing, where their publication exists."""
    held = set(connection.execute(select(APPROVALS.c.publication)).scalars())
    known = set(connection.execute(select(PUBLICATIONS.c.id)).scalars())
    for entry in approvals:
        if entry.publication in known - held:
            insert(connection, entry)
