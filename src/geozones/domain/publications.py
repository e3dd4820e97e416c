"""Publications and the plan in force at a date, with their figures; none is ever erased.

A publication puts a plan in force from a date on; a withdrawal is a publication that withdraws
another publication. The plan of the data folder is the entry of position 0, which nobody can
withdraw: the starting plan, in force only if the folder gives its effective day. Dates are ISO
dates (``2026-09-01``), which sort as text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf, isfinite
from typing import Any

from geozones.common.bounds import ADDED_LATER, Count, Day, Key, KeyOrEmpty, Moment, Text
from geozones.common.french import long_date
from geozones.domain.yearly_cost import METHOD

#: Id of the publication that the data folder ships.
SHIPPED_ID = "livree"
#: Name of that plan as long as it is not in force.
STARTING_NAME = "Plan de départ"


@dataclass(frozen=True, slots=True)
class Publication:
    """Publication of a plan from a date on, or withdrawal of another publication."""

    id: Key  # Unguessable, except the shipped publication's.
    #: The day from which its plan is in force; for a withdrawal, its own day; empty for a starting
    #: plan that is never in force.
    effective: Day
    author: Text  # Who published it with this tool.
    #: The plan, as the JSON object of a plan file; empty for a withdrawal.
    plan: Mapping[str, Any] = field(default_factory=dict, repr=False)
    approved_by: Text = ""  # Who approved it: a person, a service, a body.
    #: Reference of the decision, such as a number of deliberation; may be empty.
    reference: Text = ""
    note: Text = ""  # Further remarks; for a withdrawal, its reason.
    #: The scenario that was published, its version, and the token of a read-only copy of it; empty
    #: and 0 without a scenario.
    scenario: KeyOrEmpty = ""
    scenario_version: Count = 0
    frozen: KeyOrEmpty = ""
    #: The publication (id) that this withdraws; ``None`` for the publication of a plan.
    withdraws: Key | None = None
    position: Count = 0  # Its rank in the order of writing; 0 for the shipped publication.
    at: Moment = ""  # When it was written (ISO 8601, UTC).
    #: Whether an earlier version made it wait for a second approval (`Approval`).
    needs_approval: bool = field(default=False, metadata=ADDED_LATER)
    #: Figures of its making (`domain.publications`); empty in publications older than them.
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
    """Second approval that an earlier version asked for: publication (id), approver, time (UTC)."""

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


#: Area of the whole region in a kept document; a sector and a zone are ``sector:ID``, ``zone:ID``.
_REGION = "region"
#: Methods whose kept figures are shown, each with its own number.
_READABLE = (2, METHOD)
#: Text of an infinite number in a kept document: JSON has none.
_INFINITE = "inf"


@dataclass(frozen=True, slots=True)
class KeptFigures:
    """Figures of a decided plan: those kept with it, or today's where none can be shown."""

    day: str  # Day of the making (ISO); ``today`` if nothing kept can be shown.
    today: str  # Day on which the plan was opened (ISO).
    #: Kept figures by area; empty if the plan has none, or another method made them.
    areas: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)
    #: Kept figures by area of the plan that it started from.
    base: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)
    method: int = METHOD  # Version of the definitions that made the figures shown.

    @property
    def recomputed(self) -> bool:
        """Whether the figures shown are computed today."""
        return not self.areas

    @property
    def sentence(self) -> str:
        """Sentence on the figures shown: their day and method, « recalculés » if not kept."""
        made = "recalculés" if self.recomputed else "conservés : calculés"
        return f"Chiffres {made} le {long_date(self.day)} avec la méthode {self.method}."

    def to_json(self) -> dict[str, Any]:
        """Return the day and the method of the figures shown, and whether they are kept."""
        return {"day": self.day, "method": self.method, "recomputed": self.recomputed}

    def metrics(
        self, sector_id: str | None = None, zone_id: str | None = None
    ) -> Mapping[str, Any]:
        """Return the kept metrics, by key, of a zone (id), else a sector (id), else the region."""
        return self._kept("metrics", sector_id, zone_id)

    def cost(self, sector_id: str | None = None, zone_id: str | None = None) -> Mapping[str, Any]:
        """Return the kept yearly cost of such an area, as ``geozones cost`` gives it."""
        return self._kept("cost", sector_id, zone_id)

    def _kept(self, kind: str, sector_id: str | None, zone_id: str | None) -> Mapping[str, Any]:
        entry = self.areas.get(area_key(sector_id, zone_id))
        found = entry.get(kind) if isinstance(entry, Mapping) else None
        return _restored(found) if isinstance(found, Mapping) else {}

    def of_base(self) -> "KeptFigures":
        """Return the figures of the plan that it started from, made at the same time."""
        return KeptFigures(self.day, self.today, self.base, method=self.method)

    def recomputed_today(self) -> "KeptFigures":
        """Return the notice of figures computed today instead."""
        return KeptFigures(self.today, self.today)


def area_key(sector_id: str | None = None, zone_id: str | None = None) -> str:
    """Return the key of the narrowest given of zone, sector (ids), region in a kept document."""
    if zone_id is not None:
        return f"zone:{zone_id}"
    return _REGION if sector_id is None else f"sector:{sector_id}"


def kept_document(day: str, areas: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON object to keep with a plan: its figures, and those of its base."""
    document: dict[str, Any] = _plain({"method": METHOD, "day": day, "areas": areas, "base": base})
    return document


def read_kept(document: Mapping[str, Any], today: str) -> KeptFigures:
    """Return the figures of a kept document; today's for an empty one or a method not readable."""
    areas, base, day = (document.get(name) for name in ("areas", "base", "day"))
    method = document.get("method")
    readable = method in _READABLE and isinstance(day, str)
    if not (readable and isinstance(areas, Mapping) and isinstance(base, Mapping)):
        return KeptFigures(today, today)
    return KeptFigures(str(day), today, areas, base, int(str(method)))


def _plain(value: Any) -> Any:  # noqa: ANN401 - any figure
    """Return a figure as a JSON value."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return _INFINITE
    return value


def _restored(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return the figure that a JSON value stands for."""
    if isinstance(value, Mapping):
        return {key: _restored(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_restored(item) for item in value)
    return inf if value == _INFINITE else value
