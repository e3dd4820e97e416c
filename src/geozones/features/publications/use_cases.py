"""Use cases of publications: permission, check and SQL of each in one place."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select, text

from geozones.common.bounds import MAX_INTEGER
from geozones.common.errors import InputError
from geozones.common.files import new_code
from geozones.domain import Publication, PublicationConflictError, UnknownPublicationError
from geozones.domain.access import ActionKind, NotSharedError
from geozones.domain.events import State
from geozones.features.publications.model import (
    MAX_NOTE,
    Announcement,
    Terms,
    announce,
    checked_day,
)
from geozones.records.kinds import PUBLICATION
from geozones.store import feature_rows, rows, versions
from geozones.store.database import refuse, refusing
from geozones.store.permissions import StoreContext
from geozones.store.tables import PUBLICATIONS
from geozones.workspace.figures.analysis import AnalysisUseCases
from geozones.workspace.figures.plan_comparison import figures_to_keep
from geozones.workspace.ledger import Ledger, read_ledger
from geozones.workspace.roles import Role, needs
from geozones.workspace.scenarios.open_scenario import Work

if TYPE_CHECKING:
    pass

_REFUSED = "Cette publication ne peut pas être enregistrée"
#: A damaged position must not keep the next publication from being written.
_SOUND = PUBLICATIONS.c.position.between(1, MAX_INTEGER - 1)
_LAST = select(func.max(PUBLICATIONS.c.position)).where(_SOUND)


class Publications(AnalysisUseCases):
    """Use cases of publications: see `UseCases`; ``analysis`` is that of the data folder."""

    @needs(Role.READER)
    def ledger(self) -> Ledger:
        """Return the ledger of publications; raise ``LoginRequiredError``."""
        return read_ledger(self._atlas, self.store, self.today)

    @needs(Role.ADMINISTRATOR)
    def announce(self, work: Work, effective: str) -> Announcement:
        """Return the effects of publishing a scenario from a day on."""
        scenario = work.saved
        announced = announce(self._analysis, self.ledger(), work, checked_day(effective))
        context = self.store().context
        try:
            with context.reading() as connection:
                context.require_shared(connection, scenario.id)
        except NotSharedError as error:
            announced = replace(announced, refusals=(str(error), *announced.refusals))
        return announced

    @needs(Role.ADMINISTRATOR)
    def publish(
        self, work: Work, terms: Terms, *, expected_last: int | None = None, insist: bool = False
    ) -> Publication:
        """Publish a scenario from a day on, and return the publication.

        ``expected_last`` is the position of the last publication that the user saw, ``None`` for
        the actual last one; ``insist`` publishes even with points to confirm.
        """
        faults = terms.faults
        if faults:
            raise InputError(" ".join(faults.values()))
        effective = terms.effective
        scenario = work.saved
        ledger = self._whole_ledger(expected_last)
        asked = announce(self._analysis, ledger, work, effective)
        if asked.refusals:
            raise InputError("Publication refusée. " + " ".join(asked.refusals))
        if asked.doubts and not insist:
            raise InputError("Publication à confirmer. " + " ".join(asked.doubts))
        publication = Publication(
            new_code(),
            effective,
            self.actor.name,
            self._atlas.plan_json(asked.plan, work.state.places),
            " ".join(terms.approved_by.split()),
            " ".join(terms.reference.split()),
            terms.note.strip(),
            scenario.id,
            scenario.version,
            figures=self._figures(State(asked.plan, places=work.state.places), None),
        )
        figures = self._figures(work.state, work.timeline.base)
        return append(self.store().context, publication, expected_last=ledger.last, figures=figures)

    def _figures(self, state: State, base: State | None) -> dict[str, Any]:
        return figures_to_keep(self._analysis, state, base, self.today)

    @needs(Role.ADMINISTRATOR)
    def withdraw(
        self, publication: str, reason: str, *, expected_last: int | None = None
    ) -> Publication:
        """Withdraw a publication (id) by adding an entry, and return it; nothing is erased."""
        note = _note(reason)
        if not note:
            raise InputError(
                "Indiquez pourquoi cette publication est retirée : le motif reste dans la liste.",
                field="reason",
            )
        ledger = self._whole_ledger(expected_last)
        target = ledger.get(publication)
        if target.is_shipped:
            raise InputError(
                "Le plan des données ne peut pas être retiré : publiez un autre plan pour le "
                "remplacer."
            )
        if ledger.withdrawal(target) is not None:
            raise InputError(f"La {ledger.title(target)} est déjà retirée.")
        taken_back = Publication(
            new_code(), self.today, self.actor.name, note=note, withdraws=target.id
        )
        return append(self.store().context, taken_back, expected_last=ledger.last)

    def _whole_ledger(self, expected_last: int | None) -> Ledger:
        """Return the ledger; raise if it has entries that the user has not seen, or damage."""
        ledger = self.ledger()
        if expected_last is not None and ledger.last != expected_last:
            raise PublicationConflictError(ledger.last)
        if ledger.problem or ledger.damaged:
            what = ledger.problem or str(ledger.damaged[0])
            raise InputError(
                f"Rien n'est publié ni retiré tant que la liste des publications est abîmée. {what}"
            )
        return ledger


def _note(text: object) -> str:
    if not isinstance(text, str) or len(text) > MAX_NOTE:
        raise InputError(f"La note est un texte de {MAX_NOTE} caractères au plus.")
    return text.strip()


def append(
    context: StoreContext,
    publication: Publication,
    *,
    expected_last: int,
    figures: Mapping[str, Any] = MappingProxyType({}),
) -> Publication:
    """Write a publication or a withdrawal after the last one, and return it as stored.

    This sets its position, its time and, for a scenario, the token of the frozen copy, which stores
    ``figures``. ``expected_last`` is the position of the last publication that its author saw, 0
    for none; raise ``PublicationConflictError`` if another came since.
    """
    with context.writing() as connection:
        # writers wait for one another; SQLite does so from the start of a transaction
        if connection.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE geozones_publications IN SHARE ROW EXCLUSIVE MODE"))
        last = connection.execute(_LAST).scalar() or 0
        if last != expected_last:
            raise PublicationConflictError(last)
        kept = replace(publication, position=last + 1, at=context.now(), frozen="")
        with refusing(_REFUSED):
            PUBLICATION.checked(kept)
        _check_ids(connection, kept)
        if kept.scenario:
            context.lock(connection, kept.scenario, kept.scenario_version)
            context.require_shared(connection, kept.scenario)
            copied = rows.read(connection, kept.scenario)
            kept = replace(kept, frozen=versions.keep_frozen(connection, copied, kept.at, figures))
        feature_rows.insert_publication(connection, kept)
        kind = ActionKind.WITHDREW if kept.is_withdrawal else ActionKind.PUBLISHED
        context.log(connection, kind, kept.scenario, publication=kept.id, effective=kept.effective)
    return kept


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
