"""Publications and the plan in force at a date; no publication is ever erased.

A publication puts a plan in force from a date on; a withdrawal is a publication that withdraws
another publication. The plan of the data folder is the entry of position 0, which nobody can
withdraw: the starting plan, in force only if the folder gives its effective day. Dates are ISO
dates (``2026-09-01``), which sort as text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from geozones.common.bounds import ADDED_LATER, Count, Day, Key, KeyOrEmpty, Moment, Text

#: Id of the publication that the data folder ships.
SHIPPED_ID = "livree"
#: Name of that plan as long as it is not in force.
STARTING_NAME = "Plan de départ"


@dataclass(frozen=True, slots=True)
class Publication:
    """Publication of a plan from a date on, or withdrawal of another publication.

    Parameters
    ----------
    id
        Unguessable, except the shipped publication's.
    effective
        The day from which its plan is in force; for a withdrawal, its own day; empty for a starting
        plan that is never in force.
    plan
        The plan, as the JSON object of a plan file; empty for a withdrawal.
    author
        Who published it with this tool.
    approved_by
        Who approved it: a person, a service, a body.
    reference
        Reference of the decision, such as a number of deliberation; may be empty.
    note
        Further remarks; for a withdrawal, its reason.
    scenario, scenario_version, frozen
        The scenario that was published, its version, and the token of a read-only copy of it;
        empty and 0 without a scenario.
    withdraws
        The publication (id) that this withdraws; ``None`` for the publication of a plan.
    position
        Its rank in the order of writing; 0 for the shipped publication.
    at
        When it was written (ISO 8601, UTC).
    needs_approval
        Whether someone other than its author has to approve it before it is in force.
    figures
        Figures of its making (`domain.kept_figures`); empty in publications older than them.
    """

    id: Key
    effective: Day
    author: Text
    plan: Mapping[str, Any] = field(default_factory=dict, repr=False)
    approved_by: Text = ""
    reference: Text = ""
    note: Text = ""
    scenario: KeyOrEmpty = ""
    scenario_version: Count = 0
    frozen: KeyOrEmpty = ""
    withdraws: Key | None = None
    position: Count = 0
    at: Moment = ""
    needs_approval: bool = field(default=False, metadata=ADDED_LATER)
    figures: Mapping[str, Any] = field(default_factory=dict, repr=False, metadata=ADDED_LATER)

    @property
    def is_shipped(self) -> bool:
        """Whether this is the publication of the data folder."""
        return self.position == 0

    @property
    def is_withdrawal(self) -> bool:
        """Whether this withdraws another publication."""
        return self.withdraws is not None


@dataclass(frozen=True, slots=True)
class Approval:
    """Second approval of a publication (id): approver, and time (ISO 8601, UTC)."""

    publication: Key
    who: Text
    at: Moment


class PublicationStatus(StrEnum):
    """Status of a publication at a date."""

    STARTING = "plan de départ"
    IN_FORCE = "en vigueur"
    PAST = "passée"
    TO_COME = "à venir"
    WITHDRAWN = "retirée"
    AWAITED = "en attente d'une seconde approbation"


@dataclass(frozen=True, slots=True)
class Span:
    """Days during which a publication is the baseline, from ``start`` to the day before ``end``.

    ``None`` stands for « since ever » and « for as long as nothing else is published ».
    """

    publication: Publication
    start: str | None
    end: str | None


def baseline_on(publications: Sequence[Publication], day: str) -> Publication:
    """Return the publication whose plan is the baseline on a day: the one in force, if any.

    It has the latest effective day, and is the last written of several on that day; before any is
    effective, it is the starting plan. ``publications`` includes the shipped publication, and
    may be in any order.
    """
    effective = [entry for entry in not_withdrawn(publications) if entry.effective <= day]
    return max(effective, key=_rank, default=_shipped(publications))


def not_withdrawn(publications: Iterable[Publication]) -> tuple[Publication, ...]:
    """Return the publications of plans that were not withdrawn, by effective day."""
    listed = tuple(publications)
    withdrawn = {entry.withdraws for entry in listed}
    kept = (entry for entry in listed if not entry.is_withdrawal and entry.id not in withdrawn)
    return tuple(sorted(kept, key=_rank))


def spans(publications: Sequence[Publication]) -> tuple[Span, ...]:
    """Return the spans of the baselines, which cover all days, in order of time.

    A publication may have no span, when another is effective the same day; the shipped one may have
    two, where an earlier day than its own was published.
    """
    by_day = {entry.effective: entry for entry in not_withdrawn(publications)}
    days = sorted(by_day)
    starts: list[tuple[str | None, Publication]] = [(None, _shipped(publications))]
    starts += [(day, by_day[day]) for day in days]
    if days and by_day[days[0]].is_shipped:
        del starts[1]
    ends = [start for start, _ in starts[1:]] + [None]
    return tuple(Span(entry, start, end) for (start, entry), end in zip(starts, ends, strict=True))


def publication_status(
    publications: Sequence[Publication], publication: Publication, day: str
) -> PublicationStatus:
    """Return the status on a day of a publication, which must not be a withdrawal."""
    if withdrawal_of(publications, publication.id) is not None:
        return PublicationStatus.WITHDRAWN
    if not publication.effective:
        return PublicationStatus.STARTING
    to_come = publication.effective > day
    if baseline_on(publications, day).id == publication.id:
        return PublicationStatus.STARTING if to_come else PublicationStatus.IN_FORCE
    return PublicationStatus.TO_COME if to_come else PublicationStatus.PAST


def withdrawal_of(publications: Iterable[Publication], publication: str) -> Publication | None:
    """Return the withdrawal of a publication (id), if any."""
    return next((entry for entry in publications if entry.withdraws == publication), None)


def newest(publications: Sequence[Publication]) -> Publication:
    """Return the publication of the latest effective date, including future dates."""
    return max(not_withdrawn(publications), key=_rank)


def _rank(publication: Publication) -> tuple[str, int]:
    return publication.effective, publication.position


def _shipped(publications: Iterable[Publication]) -> Publication:
    return next(entry for entry in publications if entry.is_shipped)
