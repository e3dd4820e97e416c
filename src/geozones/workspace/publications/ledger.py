"""Ledger of all publications, the shipped one first: the plan in force at any date."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from geozones.common.errors import GeozonesError
from geozones.common.french import long_date
from geozones.domain import DamagedScenarioError, Publication, StoreError, UnknownPublicationError
from geozones.domain.in_force import InForce, plan_terms, title_of
from geozones.domain.places import LocationOverrides
from geozones.domain.publications import (
    SHIPPED_ID,
    Approval,
    PublicationStatus,
    in_force,
    newest,
    publication_status,
    spans,
    withdrawal_of,
)
from geozones.intake import PlanFile
from geozones.workspace.analysis import Analysis
from geozones.workspace.atlas import Atlas
from geozones.workspace.roles import needs_nothing
from geozones.workspace.study import Study, study_in_force

if TYPE_CHECKING:
    from geozones.store import Store


@dataclass(frozen=True, eq=False)
class Ledger:
    """The publications, and their status on any day, by default today (ISO).

    Parameters
    ----------
    atlas
        The data folder, whose plan is the first publication.
    entries
        Publications and withdrawals, the shipped one first, in the order of writing.
    today
        Today's date.
    damaged
        The errors of the unreadable entries.
    problem
        Why the store could not be read at all, in a sentence; empty if it was read.
    mark
        Fingerprint of the last entry in the store.
    approvals
        The second approvals.
    """

    atlas: Atlas
    entries: tuple[Publication, ...]
    today: str
    damaged: tuple[DamagedScenarioError, ...] = ()
    problem: str = ""
    mark: str = ""
    approvals: tuple[Approval, ...] = ()

    @property
    def decided(self) -> tuple[Publication, ...]:
        """The entries without those that wait for a second approval."""
        return tuple(entry for entry in self.entries if not self.is_awaited(entry))

    def is_awaited(self, publication: Publication) -> bool:
        """Tell whether a publication waits for a second approval: until then it is not in force."""
        given = any(entry.publication == publication.id for entry in self.approvals)
        return publication.needs_approval and not given and self.withdrawal(publication) is None

    def second(self, publication: Publication) -> str:
        """Describe the second approval of a publication; empty for the shipped one."""
        if publication.is_shipped:
            return ""
        if self.is_awaited(publication):
            return str(PublicationStatus.AWAITED)
        for entry in self.approvals:
            if entry.publication == publication.id:
                return f"seconde approbation de {entry.who}"
        return "publié sans seconde approbation"

    @property
    def plans(self) -> tuple[Publication, ...]:
        """The publications of a plan, withdrawn or not, the latest effective day first."""
        plans = [entry for entry in self.entries if not entry.is_withdrawal]
        return tuple(sorted(plans, key=lambda e: (e.effective, e.position), reverse=True))

    @property
    def last(self) -> int:
        """The position of the last entry; a new entry is written after it."""
        return max(entry.position for entry in self.entries)

    @property
    def newest(self) -> Publication:
        """The publication with the latest effective date, including future ones."""
        return newest(self.decided)

    def get(self, publication: str) -> Publication:
        """Return the publication of a plan by id; raise ``UnknownPublicationError``."""
        for entry in self.plans:
            if entry.id == publication:
                return entry
        raise UnknownPublicationError(publication)

    def has(self, publication: str) -> bool:
        """Tell whether a publication of a plan has this id."""
        return any(entry.id == publication for entry in self.plans)

    def on(self, day: str | None = None) -> Publication:
        """Return the publication in force on a day."""
        return in_force(self.decided, day or self.today)

    def standing(self, publication: Publication, day: str | None = None) -> PublicationStatus:
        """Return the status of a publication of a plan on a day."""
        if self.is_awaited(publication):
            return PublicationStatus.AWAITED
        return publication_status(self.decided, publication, day or self.today)

    def withdrawal(self, publication: Publication) -> Publication | None:
        """Return the withdrawal of a publication; ``None`` if there is none."""
        return withdrawal_of(self.entries, publication.id)

    def end(self, publication: Publication) -> str | None:
        """Return the day when another plan replaces a publication's; ``None`` if none does yet."""
        own = [span for span in spans(self.decided) if span.publication.id == publication.id]
        return own[-1].end if own else None

    def file(self, publication: Publication) -> PlanFile:
        """Return the plan of a publication; raise ``PlanFileError`` if it does not fit the data."""
        if publication.is_shipped:
            return PlanFile(self.atlas.plan, LocationOverrides())
        return _file(self.atlas, json.dumps(dict(publication.plan)))

    def in_force(self, publication: Publication) -> InForce:
        """Return a publication as a plan in force; raises as `file`."""
        if publication.is_shipped:
            return self.atlas.in_force
        file = self.file(publication)
        return InForce(
            file.plan,
            file.places,
            publication.id,
            publication.effective,
            publication.approved_by,
            publication.reference,
            self.second(publication),
        )

    def title(self, publication: Publication) -> str:
        """Return the title of a publication: its day, and its number if the day is not unique."""
        if not publication.effective:
            return "publication des données"
        same = [e for e in self.plans if e.effective == publication.effective]
        number = f" (n° {publication.position})" if len(same) > 1 else ""
        return title_of(publication.effective) + number

    def named(self, publication: Publication, day: str | None = None) -> tuple[str, str]:
        """Return the status of a publication's plan on a day, by default today, and its terms.

        For example « Plan en vigueur », « depuis le 1er septembre 2026, approuvé par Grace Hopper,
        référence n° 12 »: `line` joins both in one sentence.
        """
        name, when = self.when(publication, day)
        second = "" if self.is_awaited(publication) else self.second(publication)
        terms = plan_terms(publication.approved_by, publication.reference, second)
        return name, ", ".join(part for part in (when, terms) if part)

    def line(self, publication: Publication, day: str | None = None) -> str:
        """Describe a publication's version of the plan in one sentence: see `named`."""
        return " ".join(part for part in self.named(publication, day) if part)

    def when(self, publication: Publication, day: str | None = None) -> tuple[str, str]:
        """Return the status of a publication's plan on a day, by default today, and its dates."""
        day = day or self.today
        if not publication.effective:
            return "Plan en vigueur", ""
        start, end = long_date(publication.effective), self.end(publication)
        found = self.standing(publication, day)
        begun = {
            PublicationStatus.WITHDRAWN: ("Plan retiré", f"(publié pour le {start})"),
            PublicationStatus.AWAITED: (
                f"Plan {PublicationStatus.AWAITED}",
                f"(publié pour le {start})",
            ),
            PublicationStatus.TO_COME: ("Plan à venir", f"le {start}"),
            PublicationStatus.IN_FORCE: ("Plan en vigueur", f"depuis le {start}"),
        }
        if found in begun:
            return begun[found]
        if end is None:
            return "Plan remplacé", f"le jour même, le {start}"
        last = date.fromisoformat(end) - timedelta(days=1)
        return "Plan en vigueur", f"du {start} au {long_date(last.isoformat())}"


def shipped_publication(atlas: Atlas) -> Publication:
    """Return the publication of the data folder's plan, as the Région's document describes it."""
    source = atlas.source
    return Publication(
        SHIPPED_ID,
        source.get("date", ""),
        author=source.get("auteur", ""),
        approved_by=atlas.in_force.approved_by,
        note=source.get("titre", ""),
        at=source.get("date", ""),
        plan=atlas.plan_json(atlas.plan, LocationOverrides()),
    )


def ledger_of(atlas: Atlas, today: str, entries: Sequence[Publication] = ()) -> Ledger:
    """Return the ledger of stored publications; with none, it has only the shipped one."""
    return Ledger(atlas, (shipped_publication(atlas), *entries), today)


@needs_nothing
def read_ledger(
    atlas: Atlas, opener: "Callable[[], Store]", today: str, held: Ledger | None = None
) -> Ledger:
    """Read the ledger of a store; if that fails, return the shipped one with the problem.

    ``held`` is the ledger read before: it is not read again unless something was published since.
    Anyone may read the ledger: the plan in force is the baseline of every figure.
    """
    try:
        store = opener()
        mark = store.last_publication()
        if held is not None and (held.atlas, held.mark, held.problem) == (atlas, mark, ""):
            return held if held.today == today else replace(held, today=today)
        entries, damaged = store.publications(), store.damaged_publications()
        approvals = store.approvals()
    except StoreError as error:
        return replace(ledger_of(atlas, today), problem=str(error))
    ledger = ledger_of(atlas, today, entries)
    return replace(ledger, damaged=damaged, mark=mark, approvals=approvals)


def under(ledger: Ledger, analysis: Analysis) -> Analysis:
    """Return an analysis with the plan in force today.

    If that plan no longer fits the data, or publications are unreadable, ``in_force.problem`` says
    so: the shipped plan, or the last readable one, is then used as the plan in force.
    """
    problems = [ledger.problem, *map(str, ledger.damaged)]
    held = ledger.atlas.in_force
    try:
        held = ledger.in_force(ledger.on())
    except GeozonesError as error:
        problems.append(f"La {ledger.title(ledger.on())} ne va plus avec les données : {error}")
    problem = " ".join(problem for problem in problems if problem)
    return analysis.with_in_force(replace(held, problem=problem))


def study_of_publication(ledger: Ledger, analysis: Analysis, publication: Publication) -> Study:
    """Return the plan of a publication, with the status that it gave each sector.

    Raises
    ------
    PlanFileError
        If it no longer fits the data.
    """
    return study_in_force(analysis.with_in_force(ledger.in_force(publication)))


@lru_cache(maxsize=64)
def _file(atlas: Atlas, text: str) -> PlanFile:
    return atlas.read_plan(text)
