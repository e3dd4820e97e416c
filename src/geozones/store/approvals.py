"""Second approvals of publications in and out of their table: rows are added, never changed."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from geozones.domain.publications import Approval
from geozones.records import Reading
from geozones.records.kinds import APPROVAL
from geozones.store.tables import APPROVALS, PUBLICATIONS


def read_all(connection: Connection) -> Reading[Approval]:
    """Read the second approvals, in the order of time."""
    query = select(APPROVALS).order_by(APPROVALS.c.at, APPROVALS.c.publication)
    return APPROVAL.read_rows(connection.execute(query).mappings())


def is_given(connection: Connection, publication: str) -> bool:
    """Tell whether a publication (id) has its second approval."""
    query = select(APPROVALS.c.publication).where(APPROVALS.c.publication == publication)
    return connection.execute(query).first() is not None


def count(connection: Connection) -> int:
    """Return how many second approvals there are."""
    return connection.execute(select(func.count()).select_from(APPROVALS)).scalar() or 0


def insert(connection: Connection, approval: Approval) -> None:
    """Write an approval that is not there."""
    connection.execute(APPROVALS.insert(), APPROVAL.to_row(APPROVAL.checked(approval)))


def write_missing(connection: Connection, approvals: Iterable[Approval]) -> None:
    """Write those of a backup that are not there, of publications that are."""
    held = set(connection.execute(select(APPROVALS.c.publication)).scalars())
    known = set(connection.execute(select(PUBLICATIONS.c.id)).scalars())
    for entry in approvals:
        if entry.publication in known - held:
            insert(connection, entry)
