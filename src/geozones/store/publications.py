"""Publications, by which a plan is in force, and approvals of earlier versions: read, restored.

The feature `publications` appends them; none is ever changed.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from geozones.domain import Publication
from geozones.domain.errors import LeftOut
from geozones.domain.publications import Approval
from geozones.records import Reading
from geozones.records.kinds import APPROVAL, PUBLICATION
from geozones.store.tables import APPROVALS, PUBLICATIONS


def read_approvals(connection: Connection) -> Reading[Approval]:
    """Read the second approvals, oldest first."""
    query = select(APPROVALS).order_by(APPROVALS.c.at, APPROVALS.c.publication)
    return APPROVAL.read_rows(connection.execute(query).mappings())


def write_missing_approvals(connection: Connection, approvals: Iterable[Approval]) -> None:
    """Insert the approvals of a backup that are missing, where their publication exists."""
    held = set(connection.execute(select(APPROVALS.c.publication)).scalars())
    known = set(connection.execute(select(PUBLICATIONS.c.id)).scalars())
    for entry in approvals:
        if entry.publication in known - held:
            connection.execute(APPROVALS.insert(), APPROVAL.to_row(APPROVAL.checked(entry)))


def insert(connection: Connection, publication: Publication) -> None:
    """Insert a valid publication."""
    connection.execute(PUBLICATIONS.insert(), PUBLICATION.to_row(publication))


def read_all(connection: Connection) -> Reading[Publication]:
    """Read every publication, in the order of writing."""
    rows = connection.execute(select(PUBLICATIONS).order_by(PUBLICATIONS.c.position)).mappings()
    return PUBLICATION.read_rows(rows)


def never_approved(
    connection: Connection, publications: Iterable[Publication]
) -> tuple[Publication, ...]:
    """Return the publications that waited for a second approval in an earlier version.

    They were never in force; the database and backups keep their rows.
    """
    listed = tuple(publications)
    settled = {entry.publication for entry in read_approvals(connection).values}
    settled |= {entry.withdraws for entry in listed if entry.withdraws is not None}
    return tuple(entry for entry in listed if entry.needs_approval and entry.id not in settled)


def fingerprint(connection: Connection) -> str:
    """Return a key of the last publication or withdrawal; "" without any.

    As stored publications never change, the same key means the same publications.
    """
    last = select(PUBLICATIONS.c.id).order_by(PUBLICATIONS.c.position.desc()).limit(1)
    return connection.execute(last).scalar() or ""


def write_missing(
    connection: Connection, publications: Sequence[Publication]
) -> tuple[int, list[LeftOut]]:
    """Insert missing publications; return their number, or notices of all if one is refused.

    Each keeps its position, as the order of writing settles which plan is in force: inserting only
    a part of them between the publications of someone else would put in force a plan that nobody
    chose.
    """
    columns = (PUBLICATIONS.c.id, PUBLICATIONS.c.position, PUBLICATIONS.c.withdraws)
    stored = connection.execute(select(*columns)).all()
    known = read_all(connection).values
    missing = [entry for entry in publications if entry not in known]
    ids, positions, withdrawn = ({row[rank] for row in stored} for rank in range(3))
    if any(
        entry.id in ids
        or entry.position in positions
        or (entry.withdraws is not None and entry.withdraws in withdrawn)
        for entry in missing
    ):
        reason = "d'autres publications ont été faites ici : restaurez dans une base neuve"
        return 0, [PUBLICATION.left_out(PUBLICATION.to_json(each), reason) for each in missing]
    for entry in sorted(missing, key=lambda entry: entry.position):
        insert(connection, entry)
    return len(missing), []
