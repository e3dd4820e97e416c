"""Which plan is in force at a date, from the publications there have been: none is ever erased.

A publication puts a plan in force from a date on; a withdrawal is a publication that takes another
one back. The plan of the data folder is the publication of position 0, which nobody can withdraw.
Dates are ISO dates (``2026-09-01``), which compare as text does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from geozones.common.bounds import ADDED_LATER, Count, Day, Key, KeyOrEmpty, Moment, Text

#: The id of the publication that the data folder ships.
SHIPPED_ID = "livree"


@dataclass(frozen=True, slots=True)
class Publication:
    """A plan put in force from a date on, or another publication withdrawn.

    Parameters
    ----------
    id
        Unguessable, but for the shipped one.
    effective
        The day from which its plan is in force; of a withdrawal, the day it was made.
    plan
        The plan, as the JSON object of a plan file; empty for a withdrawal.
    author
        Who published it with this tool.
    approved_by
        Who approved it: a person, a service, a body.
    reference
        What names the decision, such as a number of deliberation; may be empty.
    note
        What else is to be known; of a withdrawal, its reason.
    scenario, scenario_version, frozen
        The scenario that was published, its version, and the token of a read-only copy of it;
        empty and 0 where there was none.
    withdraws
        The publication (id) that this one takes back; ``None`` for one that puts a plan in force.
    position
        Its rank in the order of writing; 0 for the shipped one.
    at
        When it was written (ISO 8601, UTC).
    needs_approval
        Whether someone other than its author has to approve it before it is in force.
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

    @property
    def is_shipped(self) -> bool:
        """Whether it is the one of the data folder."""
        return self.position == 0

    @property
    def is_withdrawal(self) -> bool:
        """Whether it takes another one back."""
        return self.withdraws is not None


@dataclass(frozen=True, slots=True)
class Approval:
    """The second approval of a publication (id): who gave it, and when (ISO 8601, UTC)."""

    publication: Key
    who: Text
    at: Moment


class Standing(StrEnum):
    """Where a publication stands at a date."""

    IN_FORCE = "en vigueur"
    PAST = "passée"
    TO_COME = "à venir"
    WITHDRAWN = "retirée"
    AWAITED = "en attente d'une seconde approbation"


@dataclass(frozen=True, slots=True)
class Span:
    """Days during which a publication is in force, from ``start`` to the day before ``end``.

    ``None`` stands for « since ever » and « for as long as nothing else is published ».
    """

    publication: Publication
    start: str | None
    end: str | None


def in_force(publications: Sequence[Publication], day: str) -> Publication:
    """Return the publication whose plan is in force on a day.

    That is the one of the latest effective day, the last written of several; the shipped one before
    any is effective. ``publications`` holds the shipped one, and may be in any order.
    """
    effective = [entry for entry in standing_plans(publications) if entry.effective <= day]
    return max(effective, key=_rank, default=_shipped(publications))


def standing_plans(publications: Iterable[Publication]) -> tuple[Publication, ...]:
    """Return the publications of a plan that were not withdrawn, by effective day."""
    listed = tuple(publications)
    withdrawn = {entry.withdraws for entry in listed}
    kept = (entry for entry in listed if not entry.is_withdrawal and entry.id not in withdrawn)
    return tuple(sorted(kept, key=_rank))


def spans(publications: Sequence[Publication]) -> tuple[Span, ...]:
    """Share all days out between the publications in force, in the order of time.

    A publication may have no span, when another is effective the same day; the shipped one may have
    two, where an earlier day than its own was published.
    """
    by_day = {entry.effective: entry for entry in standing_plans(publications)}
    days = sorted(by_day)
    starts: list[tuple[str | None, Publication]] = [(None, _shipped(publications))]
    starts += [(day, by_day[day]) for day in days]
    if days and by_day[days[0]].is_shipped:
        del starts[1]
    ends = [start for start, _ in starts[1:]] + [None]
    return tuple(Span(entry, start, end) for (start, entry), end in zip(starts, ends, strict=True))


def standing(publications: Sequence[Publication], publication: Publication, day: str) -> Standing:
    """Return where one of the publications, not a withdrawal, stands on a day."""
    if withdrawal_of(publications, publication.id) is not None:
        return Standing.WITHDRAWN
    if in_force(publications, day).id == publication.id:
        return Standing.IN_FORCE
    return Standing.TO_COME if publication.effective > day else Standing.PAST


def withdrawal_of(publications: Iterable[Publication], publication: str) -> Publication | None:
    """Return what withdrew a publication (id), if anything."""
    return next((entry for entry in publications if entry.withdraws == publication), None)


def newest(publications: Sequence[Publication]) -> Publication:
    """Return the publication of the latest effective day, be it to come."""
    return max(standing_plans(publications), key=_rank)


def _rank(publication: Publication) -> tuple[str, int]:
    return publication.effective, publication.position


def _shipped(publications: Iterable[Publication]) -> Publication:
    return next(entry for entry in publications if entry.is_shipped)
