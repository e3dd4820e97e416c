"""Publications in and out of their table: written one after the other, never changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from geozones.common.days import is_day
from geozones.common.errors import InputError
from geozones.domain import (
    DamagedScenarioError,
    Publication,
    PublicationConflictError,
    UnknownPublicationError,
)
from geozones.domain.access import Access, NotSharedError, access_of, person_of
from geozones.domain.actions import Deed
from geozones.domain.publications import SHIPPED_ID, Approval
from geozones.store import approvals, frozen, members, rows
from geozones.store.checks import (
    is_date,
    is_id,
    json_faults,
    parse_json,
    refuse,
    text_faults,
    write_json,
)
from geozones.store.documents import publication_as, publication_of
from geozones.store.hands import HeldStore
from geozones.store.tables import APPROVALS, PUBLICATIONS

_REFUSED = "Cette publication ne peut pas être enregistrée"
_TEXTS = ("author", "approved_by", "reference", "note", "scenario", "frozen")


class PublicationStore(HeldStore):
    """The part of `Store` that keeps publications; nothing in it changes or deletes one."""

    def publish(
        self, publication: Publication, *, expected_last: int, second: bool = False
    ) -> Publication:
        """Write a publication or a withdrawal, and return it as it is kept.

        Its position, its time and, of a scenario, the token of a copy frozen with it are set here.

        Parameters
        ----------
        publication
            ``scenario_version`` is the version of the scenario that its plan is of.
        expected_last
            The position of the last publication that its author saw; 0 where there was none.
        second
            Whether someone else has to approve it before it is in force.

        Raises
        ------
        PublicationConflictError
            If someone published or withdrew a plan since.
        ConflictError, UnknownScenarioError
            If the scenario changed since, or is gone.
        NotSharedError
            If it is not shared with who publishes: to have every right is not enough.
        UnknownPublicationError
            If what it withdraws is not the publication of a plan.
        InputError
            If that is withdrawn already, its id is taken, or something cannot be kept.
        """
        with self._database.writing() as connection:
            _lock(connection)
            last = connection.execute(select(func.max(PUBLICATIONS.c.position))).scalar() or 0
            if last != expected_last:
                raise PublicationConflictError(last)
            kept = replace(publication, position=last + 1, at=self._clock(), frozen="")
            refuse(publication_faults(kept), _REFUSED)
            _check_ids(connection, kept)
            if kept.scenario:
                self._take(connection, kept.scenario, kept.scenario_version)
                self._require_shared(connection, kept.scenario)
                copied = rows.read(connection, kept.scenario)
                kept = replace(kept, frozen=frozen.keep(connection, copied, kept.at))
            insert(connection, kept)
            if second:
                asked = Approval(kept.id, given=False, who=self._hand.name, at=kept.at)
                approvals.insert(connection, asked)
            deed = Deed.WITHDREW if kept.is_withdrawal else Deed.PUBLISHED
            self._log(
                connection, deed, kept.scenario, publication=kept.id, effective=kept.effective
            )
        return kept

    def approve(self, publication: str) -> None:
        """Approve a publication (id) that waits for someone other than its author.

        Raises
        ------
        InputError
            If it does not wait for that, or is of who asks.
        """
        with self._database.writing() as connection:
            _lock(connection)
            steps = {
                entry.given: entry
                for entry in approvals.read_all(connection)
                if entry.publication == publication
            }
            query = select(PUBLICATIONS.c.id).where(PUBLICATIONS.c.withdraws == publication)
            withdrawn = connection.execute(query).first() is not None
            if False not in steps or True in steps or withdrawn:
                msg = "Cette publication n'attend pas de seconde approbation : rechargez la page."
                raise InputError(msg)
            if person_of(steps[False].who) == self._hand.person:
                msg = (
                    "Vous avez publié ce plan : la seconde approbation est celle d'un autre "
                    "administrateur ; demandez-la-lui."
                )
                raise InputError(msg)
            given = Approval(publication, given=True, who=self._hand.name, at=self._clock())
            approvals.insert(connection, given)
            found = select(PUBLICATIONS.c.scenario, PUBLICATIONS.c.effective)
            row = connection.execute(found.where(PUBLICATIONS.c.id == publication)).one()
            detail = {"publication": publication, "effective": row.effective}
            self._log(connection, Deed.APPROVED, row.scenario, **detail)

    def approvals(self) -> tuple[Approval, ...]:
        """Return the second approvals asked for and given, in the order of time."""
        with self._database.reading() as connection:
            return approvals.read_all(connection)

    def require_shared(self, scenario: str) -> None:
        """Refuse a scenario that is not shared with who asks, with ``NotSharedError``."""
        with self._database.reading() as connection:
            self._require_shared(connection, scenario)

    def _require_shared(self, connection: Connection, scenario: str) -> None:
        held = members.read(connection, scenario)
        if access_of(held, self._hand.person) is None:
            owners = [who for who, access in held.items() if access is Access.OWNER]
            raise NotSharedError(owners)

    def publications(self) -> tuple[Publication, ...]:
        """Return every publication and withdrawal that can be read, in the order of writing."""
        with self._database.reading() as connection:
            return read_all(connection)[0]

    def last_publication(self) -> str:
        """Return what tells the last publication or withdrawal, and approval; "" for none.

        As none changes once written, the same answer means the same publications.
        """
        last = select(PUBLICATIONS.c.id).order_by(PUBLICATIONS.c.position.desc()).limit(1)
        approved = select(func.count()).select_from(APPROVALS)
        with self._database.reading() as connection:
            found = connection.execute(last).scalar()
            return "" if found is None else f"{found} {connection.execute(approved).scalar()}"

    def damaged_publications(self) -> tuple[DamagedScenarioError, ...]:
        """Return what is wrong with each publication that cannot be read."""
        with self._database.reading() as connection:
            return read_all(connection)[1]


def insert(connection: Connection, publication: Publication) -> None:
    """Write a publication that has no fault."""
    values = publication_as(publication) | {"plan": write_json(publication.plan)}
    connection.execute(PUBLICATIONS.insert(), values)


def read_all(
    connection: Connection,
) -> tuple[tuple[Publication, ...], tuple[DamagedScenarioError, ...]]:
    """Read every publication, in the order of writing; and what is wrong with those damaged."""
    publications, damaged = [], []
    for row in connection.execute(select(PUBLICATIONS).order_by(PUBLICATIONS.c.position)):
        try:
            publications.append(_publication(row))
        except InputError as error:
            fault = f"publication n° {row.position} du {row.effective}, {error}"
            damaged.append(DamagedScenarioError(str(row.id), "", fault))
    return tuple(publications), tuple(damaged)


def write_missing(
    connection: Connection, publications: Sequence[Publication]
) -> tuple[int, list[str]]:
    """Write those that are not there; return how many, and what is in the way.

    Each keeps its position: the order of writing settles which plan is in force. Where something is
    in the way, the caller gives the whole transaction up.
    """
    stored, damaged = read_all(connection)
    by_id = {entry.id: entry for entry in stored}
    taken = {entry.position for entry in stored}
    unread = {error.scenario for error in damaged}
    new, faults = [], []
    for entry in publications:
        same = by_id.get(entry.id)
        if same is not None and publication_as(same) == publication_as(entry):
            continue
        if same is not None or entry.id in unread or entry.position in taken:
            faults.append(
                f"la publication n° {entry.position} y est déjà avec un autre contenu : restaurez "
                "dans une base neuve"
            )
        new.append(entry)
    known = by_id.keys() | {entry.id for entry in new}
    faults.extend(
        f"la publication n° {entry.position} en retire une qui n'y est pas"
        for entry in new
        if entry.withdraws is not None and entry.withdraws not in known
    )
    if not faults:
        for entry in sorted(new, key=lambda entry: entry.position):
            insert(connection, entry)
    return len(new), faults


def publication_faults(publication: Publication) -> Iterator[str]:
    """Say what keeps a publication from being kept."""
    yield from _stored_faults(publication)
    yield from json_faults(publication.plan, "plan")


def set_faults(publications: Iterable[Publication]) -> Iterator[str]:
    """Say what is wrong between publications that are to be kept together."""
    seen: set[object] = set()
    for entry in publications:
        keys: set[object] = {("id", str(entry.id)), entry.position}
        if entry.withdraws is not None:
            keys.add(("withdraws", entry.withdraws))
        if seen & keys:
            yield f"la publication n° {entry.position} y est deux fois"
        seen |= keys


def _stored_faults(publication: Publication) -> Iterator[str]:
    if not is_id(publication.id) or publication.id == SHIPPED_ID:
        yield "son code doit avoir de 1 à 100 lettres sans accent, chiffres, « - » ou « _ »"
    for name in _TEXTS:
        yield from text_faults(getattr(publication, name), name)
    if not is_date(publication.at):
        yield "« at » n'est pas une date ISO 8601"
    if not is_day(publication.effective):
        yield "« effective » n'est pas un jour (AAAA-MM-JJ)"
    for name in ("position", "scenario_version"):
        if not 0 <= getattr(publication, name) < 2**31:
            yield f"« {name} » n'est pas un rang"
    if publication.position == 0:
        yield "« position » commence à 1"
    if publication.withdraws is not None and not is_id(publication.withdraws):
        yield "« withdraws » n'est pas un code"
    if bool(publication.plan) is publication.is_withdrawal:
        yield "elle doit avoir un plan, ou en retirer un"


def _lock(connection: Connection) -> None:
    """Have writers wait for one another: SQLite has them wait from the start of a transaction."""
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
        refuse(["ce qu'elle retire est déjà retiré"], _REFUSED)


def _publication(row: Row[Any]) -> Publication:
    values = dict(row._mapping) | {"plan": parse_json(row.plan, "plan")}  # noqa: SLF001 - public in spite of its name
    publication = publication_of(values)
    fault = next(_stored_faults(publication), None)
    if fault is not None:
        raise InputError(fault)
    return publication
