"""Every publication, the shipped one first: which is in force at a date, and its plan."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from geozones.common.errors import GeozonesError
from geozones.common.french import long_date
from geozones.domain import DamagedScenarioError, Publication, StoreError, UnknownPublicationError
from geozones.domain.in_force import InForce, terms_of, title_of
from geozones.domain.places import LocationOverrides
from geozones.domain.publications import (
    SHIPPED_ID,
    Approval,
    Standing,
    in_force,
    newest,
    spans,
    standing,
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
    """The publications there have been, and what they say of any day, by default today (ISO).

    Parameters
    ----------
    atlas
        The data folder, whose plan is the first publication.
    entries
        Publications and withdrawals, the shipped one first, in the order of writing.
    today
        The day it is.
    damaged
        What is wrong with those that cannot be read.
    problem
        Why the store could not be read at all, in a sentence; empty where it was.
    mark
        What tells the last entry in the store.
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
        """The entries, without those that wait for a second approval."""
        return tuple(entry for entry in self.entries if not self.is_awaited(entry))

    def is_awaited(self, publication: Publication) -> bool:
        """Tell whether a publication waits for a second approval: it is not in force till then."""
        given = any(entry.publication == publication.id for entry in self.approvals)
        return publication.needs_approval and not given and self.withdrawal(publication) is None

    def second(self, publication: Publication) -> str:
        """Say who approved a publication second; nothing of the shipped one."""
        if publication.is_shipped:
            return ""
        if self.is_awaited(publication):
            return str(Standing.AWAITED)
        for entry in self.approvals:
            if entry.publication == publication.id:
                return f"seconde approbation de {entry.who}"
        return "publié sans seconde approbation"

    @property
    def plans(self) -> tuple[Publication, ...]:
        """The publications of a plan, withdrawn or not, the last effective first."""
        plans = [entry for entry in self.entries if not entry.is_withdrawal]
        return tuple(sorted(plans, key=lambda e: (e.effective, e.position), reverse=True))

    @property
    def last(self) -> int:
        """The position of the last entry, which a new one is written after."""
        return max(entry.position for entry in self.entries)

    @property
    def newest(self) -> Publication:
        """The publication of the latest effective day, be it to come."""
        return newest(self.decided)

    def get(self, publication: str) -> Publication:
        """Return the publication of a plan by id; raises ``UnknownPublicationError``."""
        for entry in self.plans:
            if entry.id == publication:
                return entry
        raise UnknownPublicationError(publication)

    def has(self, publication: str) -> bool:
        """Tell whether there is a publication of a plan by this id."""
        return any(entry.id == publication for entry in self.plans)

    def on(self, day: str | None = None) -> Publication:
        """Return the publication in force on a day."""
        return in_force(self.decided, day or self.today)

    def standing(self, publication: Publication, day: str | None = None) -> Standing:
        """Return where a publication of a plan stands on a day."""
        if self.is_awaited(publication):
            return Standing.AWAITED
        return standing(self.decided, publication, day or self.today)

    def withdrawal(self, publication: Publication) -> Publication | None:
        """Return what withdrew a publication, if anything."""
        return withdrawal_of(self.entries, publication.id)

    def end(self, publication: Publication) -> str | None:
        """Return the day another plan takes the place of a publication's; ``None`` for none yet."""
        own = [span for span in spans(self.decided) if span.publication.id == publication.id]
        return own[-1].end if own else None

    def file(self, publication: Publication) -> PlanFile:
        """Return the plan of a publication; raises ``PlanFileError`` if the data are others."""
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
        """Return what a publication is called: by its day, and its number where two share it."""
        if not publication.effective:
            return "publication des données"
        same = [e for e in self.plans if e.effective == publication.effective]
        number = f" (n° {publication.position})" if len(same) > 1 else ""
        return title_of(publication.effective) + number

    def named(self, publication: Publication, day: str | None = None) -> tuple[str, str]:
        """Return what the plan of a publication is on a day, by default today, and of which terms.

        For example « Plan en vigueur », « depuis le 1er septembre 2026, approuvé par Grace Hopper,
        référence n° 12 »: one sentence, as `line` says it.
        """
        name, when = self.when(publication, day)
        second = "" if self.is_awaited(publication) else self.second(publication)
        terms = terms_of(publication.approved_by, publication.reference, second)
        return name, ", ".join(part for part in (when, terms) if part)

    def line(self, publication: Publication, day: str | None = None) -> str:
        """Say in one sentence which version of the plan a publication is: see `named`."""
        return " ".join(part for part in self.named(publication, day) if part)

    def when(self, publication: Publication, day: str | None = None) -> tuple[str, str]:
        """Return what the plan of a publication is on a day, by default today, and from when."""
        day = day or self.today
        if not publication.effective:
            return "Plan en vigueur", ""
        start, end = long_date(publication.effective), self.end(publication)
        found = self.standing(publication, day)
        begun = {
            Standing.WITHDRAWN: ("Plan retiré", f"(publié pour le {start})"),
            Standing.AWAITED: (f"Plan {Standing.AWAITED}", f"(publié pour le {start})"),
            Standing.TO_COME: ("Plan à venir", f"le {start}"),
            Standing.IN_FORCE: ("Plan en vigueur", f"depuis le {start}"),
        }
        if found in begun:
            return begun[found]
        if end is None:
            return "Plan remplacé", f"le jour même, le {start}"
        last = date.fromisoformat(end) - timedelta(days=1)
        return "Plan en vigueur", f"du {start} au {long_date(last.isoformat())}"


def shipped_publication(atlas: Atlas) -> Publication:
    """Return the publication of the data folder's plan: what the document of the Région says."""
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
    """Return the ledger of publications as they are stored; without any, the shipped one's."""
    return Ledger(atlas, (shipped_publication(atlas), *entries), today)


@needs_nothing
def read_ledger(
    atlas: Atlas, opener: "Callable[[], Store]", today: str, held: Ledger | None = None
) -> Ledger:
    """Return the ledger of a store; where it cannot be read, the shipped one's, with the problem.

    ``held`` is what was read before: where nothing was published since, it is not read again. What
    is in force is what every figure is counted from: whoever asks may know it.
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

    Where it fits the data no more, or publications cannot be read, its ``in_force.problem`` says
    so: the shipped plan, or the last that can be read, is then taken for the one in force.
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
    """Return the plan of a publication, each of its sectors as decided as it says.

    Raises
    ------
    PlanFileError
        If it fits the data no more.
    """
    return study_in_force(analysis.with_in_force(ledger.in_force(publication)))


@lru_cache(maxsize=64)
def _file(atlas: Atlas, text: str) -> PlanFile:
    return atlas.read_plan(text)
