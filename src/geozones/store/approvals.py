"""Second approvals of publications in and out of their table: rows are added, never changed."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select

from geozones.common.errors import InputError
from geozones.domain.publications import Approval
from geozones.store.checks import is_date, is_id, text_faults
from geozones.store.tables import APPROVALS, PUBLICATIONS


def read_all(connection: Connection) -> tuple[Approval, ...]:
    """Return what was asked for and given, in the order of time."""
    query = select(APPROVALS).order_by(APPROVALS.c.at, APPROVALS.c.publication, APPROVALS.c.given)
    return tuple(
        Approval(row.publication, bool(row.given), row.who, row.at)
        for row in connection.execute(query)
    )


def insert(connection: Connection, approval: Approval) -> None:
    """Write an approval that is not there."""
    connection.execute(APPROVALS.insert(), asdict(approval))


def write_missing(connection: Connection, approvals: Iterable[Approval]) -> None:
    """Write those of a backup that are not there, of publications that are."""
    held = {(entry.publication, entry.given) for entry in read_all(connection)}
    known = set(connection.execute(select(PUBLICATIONS.c.id)).scalars())
    for entry in approvals:
        if entry.publication in known and (entry.publication, entry.given) not in held:
            insert(connection, entry)


def approval_of(item: Any) -> Approval:  # noqa: ANN401 - whatever a file holds
    """Return the approval of a JSON object; raises ``InputError``."""
    if not isinstance(item, dict) or item.keys() != {"publication", "given", "who", "at"}:
        msg = "ce n'est pas une seconde approbation"
        raise InputError(msg)
    for fault in text_faults(item["who"], "who"):
        raise InputError(fault)
    if not is_id(item["publication"]) or type(item["given"]) is not bool or not is_date(item["at"]):
        msg = "sa publication, son sens ou sa date est illisible"
        raise InputError(msg)
    return Approval(**item)
