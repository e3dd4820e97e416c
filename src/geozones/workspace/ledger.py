"""Ledger of all publications, the starting plan first: the plan in force at any date, its study."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from geozones.common.clock import today
from geozones.common.errors import GeozonesError
from geozones.common.french import inside, listing, long_date, plural
from geozones.domain import (
    DamagedScenarioError,
    DecisionStatus,
    Plan,
    Publication,
    StoreError,
    UnknownPublicationError,
)
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import plan_of
from geozones.domain.publications import (
    SHIPPED_ID,
    STARTING_NAME,
    KeptFigures,
    PublicationStatus,
    baseline_on,
    newest,
    publication_status,
    read_kept,
    spans,
    withdrawal_of,
)
from geozones.domain.scenario import Baseline, plan_terms, title_of
from geozones.intake.plan_file import PlanFile
from geozones.store import feature_rows
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.study import Study, baseline_study
from geozones.workspace.folder.atlas import Atlas
from geozones.workspace.roles import needs_nothing
from geozones.workspace.scenarios.backups import store_is_there, store_opener

if TYPE_CHECKING:
    from geozones.store import Store


@dataclass(frozen=True, eq=False)
class Ledger:
    """The publications, and their status on any day, by default today (ISO)."""

    atlas: Atlas  # The data folder, whose plan is the starting plan, the first entry.
    #: The starting plan, then publications and withdrawals in the order of writing.
    entries: tuple[Publication, ...]
    today: str  # Today's date.
    damaged: tuple[DamagedScenarioError, ...] = ()  # The errors of the unreadable entries.
    #: Why the store could not be read at all, in a sentence; empty if it was read.
    problem: str = ""
    fingerprint: str = ""  # Fingerprint of the last entry in the store.
    #: Publications that an earlier version made wait for a second approval: never in force.
    never_approved: tuple[Publication, ...] = ()

    def kept(self, publication: Publication) -> KeptFigures | None:
        """Return the figures kept with a publication; ``None`` for the starting plan."""
        return None if publication.is_shipped else read_kept(publication.figures, self.today)

    @property
    def plans(self) -> tuple[Publication, ...]:
        """The entries of a plan, withdrawn or not: the latest effective day first."""
        plans = [entry for entry in self.entries if not entry.is_withdrawal]
        return tuple(sorted(plans, key=lambda e: (e.effective, e.position), reverse=True))

    @property
    def last(self) -> int:
        """The position of the last entry; a new entry is written after it."""
        return max(entry.position for entry in (*self.entries, *self.never_approved))

    @property
    def left_aside(self) -> str:
        """Sentence that counts and names the publications never approved; empty for none."""
        if not self.never_approved:
            return ""
        named = [
            f"celle de {entry.author} pour le {long_date(entry.effective)}"
            for entry in self.never_approved
        ]
        count = plural(
            len(named),
            "publication attendait une seconde approbation et n'est pas en vigueur",
            "publications attendaient une seconde approbation et ne sont pas en vigueur",
        )
        return (
            f"{count} : {listing(named)}. Cette approbation n'est plus demandée : publiez à "
            "nouveau ce qui doit l'être."
        )

    @property
    def newest(self) -> Publication:
        """The publication with the latest effective date, including future ones."""
        return newest(self.entries)

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
        """Return the entry whose plan is the baseline on a day."""
        return baseline_on(self.entries, day or self.today)

    def in_force(self, day: str | None = None) -> Publication | None:
        """Return the publication in force on a day; ``None`` as long as there is none."""
        held = self.on(day)
        return held if self.standing(held, day) is PublicationStatus.IN_FORCE else None

    def standing(self, publication: Publication, day: str | None = None) -> PublicationStatus:
        """Return the status of a publication of a plan on a day."""
        return publication_status(self.entries, publication, day or self.today)

    def is_starting(self, publication: Publication, day: str | None = None) -> bool:
        """Tell whether an entry is the starting plan, not in force on a day, by default today."""
        return self.standing(publication, day) is PublicationStatus.STARTING

    def withdrawal(self, publication: Publication) -> Publication | None:
        """Return the withdrawal of a publication; ``None`` if there is none."""
        return withdrawal_of(self.entries, publication.id)

    def end(self, publication: Publication) -> str | None:
        """Return the day when another plan replaces a publication's; ``None`` if none does yet."""
        own = [span for span in spans(self.entries) if span.publication.id == publication.id]
        return own[-1].end if own else None

    def file(self, publication: Publication) -> PlanFile:
        """Return the plan of a publication; raise ``PlanFileError`` if it does not fit the data."""
        if publication.is_shipped:
            return PlanFile(self.atlas.plan, LocationOverrides())
        return _file(self.atlas, json.dumps(dict(publication.plan)))

    def baseline(self, publication: Publication, day: str | None = None) -> Baseline:
        """Return a publication as the baseline on a day, by default today; raises as `file`."""
        if publication.is_shipped:
            return self.atlas.starting_plan.baseline(day or self.today)
        file, withdrawal = self.file(publication), self.withdrawal(publication)
        return Baseline(
            file.plan,
            file.places,
            publication.id,
            publication.effective,
            publication.approved_by,
            publication.reference,
            figures=self.kept(publication),
            number=self._number(publication),
            written=publication.at,
            withdrawn="" if withdrawal is None else withdrawal.at,
        )

    def with_earlier(self, held: Baseline, day: str | None = None) -> Baseline:
        """Return a baseline with the earlier ones up to a day, by default today.

        Scenarios may have begun on any of them.
        """
        return replace(held, earlier=_earlier(self, held.publication, day or self.today))

    def title(self, publication: Publication) -> str:
        """Return the title of a publication: its day, and its number if the day is not unique."""
        if self.is_starting(publication):
            return inside(STARTING_NAME)
        return title_of(publication.effective) + self._number(publication)

    def _number(self, publication: Publication) -> str:
        same = [e for e in self.plans if e.effective == publication.effective]
        return f" (n° {publication.position})" if len(same) > 1 else ""

    def choice(self, publication: Publication) -> str:
        """Return the name of a publication in a list of choices: its title and its status."""
        title, standing = self.title(publication).capitalize(), self.standing(publication)
        return title if standing is PublicationStatus.STARTING else f"{title} · {standing}"

    def named(self, publication: Publication, day: str | None = None) -> tuple[str, str]:
        """Return the status of a publication's plan on a day, by default today, and its terms.

        For example « Plan en vigueur », « depuis le 1er septembre 2026, approuvé par Grace Hopper,
        référence n° 12 »: `line` joins both in one sentence. Of a starting plan, the terms are
        its content.
        """
        name, when = self.when(publication, day)
        if self.is_starting(publication, day):
            return name, self.atlas.starting_plan.statement
        terms = plan_terms(publication.approved_by, publication.reference)
        return name, ", ".join(part for part in (when, terms) if part)

    def line(self, publication: Publication, day: str | None = None) -> str:
        """Describe a publication's version of the plan in one sentence: see `named`."""
        joint = " : " if self.is_starting(publication, day) else " "
        return joint.join(part for part in self.named(publication, day) if part)

    def when(self, publication: Publication, day: str | None = None) -> tuple[str, str]:
        """Return the status of a publication's plan on a day, by default today, and its dates."""
        if self.is_starting(publication, day):
            return STARTING_NAME, ""
        start, found = long_date(publication.effective), self.standing(publication, day)
        begun = {
            PublicationStatus.WITHDRAWN: ("Plan retiré", f"(publié pour le {start})"),
            PublicationStatus.TO_COME: ("Plan à venir", f"le {start}"),
            PublicationStatus.IN_FORCE: ("Plan en vigueur", f"depuis le {start}"),
        }
        if found in begun:
            return begun[found]
        if self.end(publication) is None:
            return "Plan remplacé", f"le jour même, le {start}"
        return "Plan en vigueur", self.period(publication)

    def period(self, publication: Publication) -> str:
        """Return the days of a publication: « du 11 juin 2025 au 27 novembre 2026 »."""
        start, end = long_date(publication.effective), self.end(publication)
        if end is None:
            return f"depuis le {start}"
        last = date.fromisoformat(end) - timedelta(days=1)
        return f"du {start} au {long_date(last.isoformat())}"


@lru_cache(maxsize=8)
def _earlier(ledger: Ledger, held: str, day: str) -> tuple[Baseline, ...]:
    """Return the plans but one (its publication) in force at or before a day, the latest first."""
    found = []
    for entry in ledger.plans:
        if entry.effective <= max(day, ledger.today) and entry.id != held:
            with suppress(GeozonesError):  # it no longer fits the data, nor does what began on it
                found.append(ledger.baseline(entry, day))
    starting = ledger.atlas.data.earlier_starting_plans
    return (*found, *(each.baseline(day) for each in starting))


@lru_cache(maxsize=64)
def _file(atlas: Atlas, text: str) -> PlanFile:
    return atlas.read_plan(text)


def published_plan(plan: Plan) -> Plan:
    """Return a plan with people's proposals published; drafts of the tool stay drafts."""
    sectors = (
        sector if sector.is_draft else replace(sector, status=DecisionStatus.PUBLISHED)
        for sector in plan.sectors
    )
    return plan_of(sectors, plan.zones, plan.zone_by_lycee)


def shipped_publication(atlas: Atlas) -> Publication:
    """Return the entry of the starting plan: in force only if the data folder says since when."""
    held = atlas.starting_plan
    return Publication(
        SHIPPED_ID,
        held.since,
        author=held.author if held.since else "",
        approved_by=held.approved_by,
        reference=held.reference,
        note=atlas.source.get("titre", ""),
        at=held.since,
        plan=atlas.plan_json(atlas.plan, LocationOverrides()),
    )


def ledger_of(atlas: Atlas, today: str, entries: Sequence[Publication] = ()) -> Ledger:
    """Return the ledger of stored publications; with none, it has only the starting plan."""
    return Ledger(atlas, (shipped_publication(atlas), *entries), today)


@needs_nothing
def read_ledger(
    atlas: Atlas, opener: "Callable[[], Store]", today: str, held: Ledger | None = None
) -> Ledger:
    """Read the publications of a store; if that fails, return the starting plan and the reason.

    ``held`` is the ledger read last: it is returned as it is if nothing was published since. There
    is no check of rights: the plan in force is the baseline of every figure that anyone sees.
    """
    try:
        with opener().context.reading() as connection:
            fingerprint = feature_rows.fingerprint(connection)
            same = (atlas, fingerprint, "")
            if held is not None and (held.atlas, held.fingerprint, held.problem) == same:
                return held if held.today == today else replace(held, today=today)
            reading = feature_rows.read_publications(connection)
            aside = feature_rows.never_approved(connection, reading.values)
    except StoreError as error:
        return replace(ledger_of(atlas, today), problem=str(error))
    ledger = ledger_of(atlas, today, [each for each in reading.values if each not in aside])
    damaged = tuple(
        DamagedScenarioError(each.key, each.name, f"publication {each.name}, {each.reason}")
        for each in reading.left_out
    )
    return replace(ledger, damaged=damaged, fingerprint=fingerprint, never_approved=aside)


def fingerprint_of(store: "Store") -> str:
    """Return a key of what is published in a store: see `feature_rows.fingerprint`."""
    with store.context.reading() as connection:
        return feature_rows.fingerprint(connection)


def ledger_here(atlas: Atlas) -> Ledger:
    """Read today's ledger of this installation, without making a missing store."""
    day = today().isoformat()
    if not store_is_there():
        return ledger_of(atlas, day)
    with store_opener() as opener:
        return read_ledger(atlas, opener, day)


def with_publications(ledger: Ledger, analysis: Analysis) -> Analysis:
    """Return an analysis with today's baseline: the plan in force, else the starting plan.

    If that plan no longer fits the data, or publications are unreadable, ``baseline.problem`` says
    so: the starting plan, or the last readable one, is then the baseline.
    """
    problems = [ledger.problem, *map(str, ledger.damaged)]
    held = ledger.atlas.starting_plan.baseline(ledger.today)
    try:
        held = ledger.baseline(ledger.on())
    except GeozonesError as error:
        problems.append(
            f"La {ledger.title(ledger.on())} n'est plus compatible avec les données : {error}"
        )
    problem = " ".join(problem for problem in problems if problem)
    return analysis.with_baseline(ledger.with_earlier(replace(held, problem=problem)))


def study_of_publication(ledger: Ledger, analysis: Analysis, publication: Publication) -> Study:
    """Return the plan of a publication, with the status that it gave each sector."""
    return baseline_study(analysis.with_baseline(ledger.baseline(publication)))
