"""Use cases of publications, for one user."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from geozones.common.clock import now
from geozones.common.errors import InputError
from geozones.common.files import new_code
from geozones.domain import Publication, PublicationConflictError
from geozones.domain.access import NotSharedError
from geozones.domain.events import State
from geozones.workspace.analysis import Analysis
from geozones.workspace.plan_comparison import figures_to_keep
from geozones.workspace.publications.announcement import Announcement, announce
from geozones.workspace.publications.ledger import Ledger, read_ledger
from geozones.workspace.roles import Actor, Role, UseCases, needs
from geozones.workspace.scenarios.open_scenario import Work

if TYPE_CHECKING:
    from geozones.store import Store

MAX_LINE, MAX_NOTE = 200, 4000
#: First and last allowed effective dates.
FIRST_DAY, LAST_DAY = "2000-01-01", "2099-12-31"
_DAY = "La date d'effet s'écrit année-mois-jour, par exemple 2026-09-01, entre 2000 et 2099."
_FIELDS = {
    "approved_by": "Le nom de la personne qui a approuvé",
    "reference": "La référence de la décision",
    "note": "La note",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of a publication: effective day (ISO), approver, decision, note."""

    effective: str
    approved_by: str
    reference: str = ""
    note: str = ""

    @property
    def faults(self) -> dict[str, str]:
        """What is wrong with each field, in one sentence; empty if all can be taken."""
        found = {}
        if not _is_day(self.effective):
            found["effective"] = _DAY
        for field, most in (("approved_by", MAX_LINE), ("reference", MAX_LINE), ("note", MAX_NOTE)):
            text = getattr(self, field)
            if not isinstance(text, str) or len(text) > most:
                found[field] = f"{_FIELDS[field]} a {most} caractères au plus."
        if "approved_by" not in found and not self.approved_by.strip():
            found["approved_by"] = "Indiquez qui a approuvé cette décision."
        return found


class Publications(UseCases):
    """Use cases of publications.

    Parameters
    ----------
    analysis
        The data folder's territory, and the rules.
    opener
        Opens the store; called at each use, raises ``StoreError``.
    actor
        The caller.
    clock
        Returns the time in the territory's time zone, which determines today's date.
    """

    def __init__(
        self,
        analysis: Analysis,
        opener: "Callable[[], Store]",
        actor: Actor,
        clock: Callable[[], datetime] = now,
    ) -> None:
        super().__init__(opener, actor, clock)
        self._analysis = analysis.home

    @needs(Role.READER)
    def ledger(self) -> Ledger:
        """Return the ledger of publications; raise ``LoginRequiredError``."""
        return read_ledger(self._analysis.territory.atlas, self.store, self.today)

    @needs(Role.ADMINISTRATOR)
    def announce(self, work: Work, effective: str) -> Announcement:
        """Return the effects of publishing a scenario from a day on."""
        scenario = work.saved
        announced = announce(self._analysis, self.ledger(), work, checked_day(effective))
        try:
            self.store().publications.require_shared(scenario.id)
        except NotSharedError as error:
            announced = replace(announced, refusals=(str(error), *announced.refusals))
        return announced

    @needs(Role.ADMINISTRATOR)
    def publish(
        self, work: Work, terms: Terms, *, expected_last: int | None = None, insist: bool = False
    ) -> Publication:
        """Publish a scenario from a day on, and return the publication.

        Parameters
        ----------
        expected_last
            Position of the last publication that the user saw; ``None`` for the actual last one.
        insist
            Publish even with points to confirm.
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
            self._analysis.territory.atlas.plan_json(asked.plan, work.state.places),
            " ".join(terms.approved_by.split()),
            " ".join(terms.reference.split()),
            terms.note.strip(),
            scenario.id,
            scenario.version,
            figures=self._figures(State(asked.plan, places=work.state.places), None),
        )
        return self.store().publications.publish(
            publication,
            expected_last=ledger.last,
            figures=self._figures(work.state, work.timeline.base),
        )

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
                "Indiquez pourquoi cette publication est retirée : le motif reste dans la liste."
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
        return self.store().publications.publish(taken_back, expected_last=ledger.last)

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


def checked_day(value: str) -> str:
    """Return an ISO date unchanged; raise ``InputError`` if it is invalid or too far away."""
    if not _is_day(value):
        raise InputError(_DAY)
    return value


def _is_day(value: str) -> bool:
    try:
        day = date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        return False
    return day == value and FIRST_DAY <= day <= LAST_DAY


def _note(text: object) -> str:
    if not isinstance(text, str) or len(text) > MAX_NOTE:
        raise InputError(f"La note est un texte de {MAX_NOTE} caractères au plus.")
    return text.strip()
