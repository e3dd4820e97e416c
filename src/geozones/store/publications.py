"""Rows of publications, appended and never changed; second approvals of earlier versions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, func, select, text

from geozones.common.bounds import MAX_INTEGER
from geozones.domain import (
    DamagedScenarioError,
    Publication,
    PublicationConflictError,
    UnknownPublicationError,
)
from geozones.domain.access import ActionKind
from geozones.domain.errors import LeftOut
from geozones.domain.publications import Approval
from geozones.records import Reading
from geozones.records.kinds import APPROVAL, PUBLICATION
from geozones.store import rows, versions
from geozones.store.database import refuse, refusing
from geozones.store.permissions import StoreContext
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


_REFUSED = "Cette publication ne peut pas être enregistrée"
#: A damaged position must not keep the next publication from being written.
_SOUND = PUBLICATIONS.c.position.between(1, MAX_INTEGER - 1)
_LAST = select(func.max(PUBLICATIONS.c.position)).where(_SOUND)


@dataclass(frozen=True, slots=True)
class PublicationStore:
    """Publications of the store; none of its methods changes or deletes one."""

    context: StoreContext

    def publish(
        self,
        publication: Publication,
        *,
        expected_last: int,
        figures: Mapping[str, Any] = MappingProxyType({}),
    ) -> Publication:
        """Write a publication or a withdrawal, and return it as stored.

        Its position, its time and, of a scenario, the token of a copy frozen with it are set here.

        Parameters
        ----------
        publication
            ``scenario_version`` is the version of the scenario that has this plan.
        expected_last
            The position of the last publication that its author saw; 0 where there was none.
        figures
            Figures of the scenario, with its posts, kept with its copy.
        """
        with self.context.writing() as connection:
            _lock(connection)
            last = connection.execute(_LAST).scalar() or 0
            if last != expected_last:
                raise PublicationConflictError(last)
            kept = replace(publication, position=last + 1, at=self.context.now(), frozen="")
            with refusing(_REFUSED):
                PUBLICATION.checked(kept)
            _check_ids(connection, kept)
            if kept.scenario:
                self.context.lock(connection, kept.scenario, kept.scenario_version)
                self.context.require_shared(connection, kept.scenario)
                copied = rows.read(connection, kept.scenario)
                kept = replace(
                    kept, frozen=versions.keep_frozen(connection, copied, kept.at, figures)
                )
            insert(connection, kept)
            kind = ActionKind.WITHDREW if kept.is_withdrawal else ActionKind.PUBLISHED
            self.context.log(
                connection, kind, kept.scenario, publication=kept.id, effective=kept.effective
            )
        return kept

    def require_shared(self, scenario: str) -> None:
        """Raise ``NotSharedError`` for a scenario that is not shared with the caller."""
        with self.context.reading() as connection:
            self.context.require_shared(connection, scenario)

    def list(self) -> tuple[Publication, ...]:
        """Return every publication and withdrawal that can be read, in the order of writing.

        Those that were never approved are left aside: see `never_approved`.
        """
        with self.context.reading() as connection:
            aside = _never_approved(connection)
            return tuple(each for each in read_all(connection).values if each not in aside)

    def never_approved(self) -> tuple[Publication, ...]:
        """Return the publications that waited for a second approval in an earlier version.

        They were never in force, and stay so; their rows and backups keep them.
        """
        with self.context.reading() as connection:
            return tuple(_never_approved(connection))

    def fingerprint(self) -> str:
        """Return a key of the last publication or withdrawal; "" without any.

        As stored publications never change, the same key means the same publications.
        """
        last = select(PUBLICATIONS.c.id).order_by(PUBLICATIONS.c.position.desc()).limit(1)
        with self.context.reading() as connection:
            return connection.execute(last).scalar() or ""

    def damaged(self) -> tuple[DamagedScenarioError, ...]:
        """Return the fault of each publication that cannot be read."""
        with self.context.reading() as connection:
            left_out = read_all(connection).left_out
        return tuple(
            DamagedScenarioError(e.key, e.name, f"publication {e.name}, {e.reason}")
            for e in left_out
        )


def insert(connection: Connection, publication: Publication) -> None:
    """Insert a valid publication."""
    connection.execute(PUBLICATIONS.insert(), PUBLICATION.to_row(publication))


def read_all(connection: Connection) -> Reading[Publication]:
    """Read every publication, in the order of writing."""
    rows = connection.execute(select(PUBLICATIONS).order_by(PUBLICATIONS.c.position)).mappings()
    return PUBLICATION.read_rows(rows)


def _never_approved(connection: Connection) -> list[Publication]:
    listed = read_all(connection).values
    settled = {entry.publication for entry in read_approvals(connection).values}
    settled |= {entry.withdraws for entry in listed if entry.withdraws is not None}
    return [entry for entry in listed if entry.needs_approval and entry.id not in settled]


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


def _lock(connection: Connection) -> None:
    """Make writers wait for one another; SQLite does so from the start of a transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE geozones_publications IN SHARE ROW EXCLUSIVE MODE"))


def _check_ids(connection: Connection, publication: Publication) -> None:
    columns = select(PUBLICATIONS.c.id, PUBLICATIONS.c.withdraws)
    known = {row.id: row.withdraws for row in connection.execute(columns)}
    if publication.id in known:
        refuse(["une autre a déjà ce code"], _REFUSED)
    target = publication.withdraws
    if target is None:
        return
    if target not in known or known[target] is not None:
        raise UnknownPublicationError(target)
    if target in known.values():
        refuse(["la publication qu'elle retire est déjà retirée"], _REFUSED)
