"""Record of a point to watch, and filters on points."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from geozones.common.french import NBSP, minutes, number
from geozones.domain import DecisionStatus, Plan
from geozones.rules import MINUTES, RuleOrigin, Severity

_DECIDED = frozenset({DecisionStatus.PUBLISHED, DecisionStatus.RETAINED})


class PointKind(StrEnum):
    """Kind of a point to watch."""

    RULE = "regle"
    FRAGILE = "fragilite"
    SINGLE = "point_unique"

    @property
    def label(self) -> str:
        """Return its name on screen and in files."""
        return _LABELS[self]


_LABELS = {
    PointKind.RULE: "règle non respectée",
    PointKind.FRAGILE: "zone fragile",
    PointKind.SINGLE: "collègue unique",
}


@dataclass(frozen=True, slots=True)
class VigilancePoint:
    """A point to watch, in one French sentence."""

    kind: PointKind  # Why it is to be watched, and what.
    sentence: str
    rule: str  # The broken rule (key); empty for another kind.
    origin: RuleOrigin  # Who sets the bound: the document, the tool, or the planner.
    severity: Severity  # Points of severity information are listed and not counted.
    sector: str  # Its place (ids); ``zone`` is ``None`` for a whole sector.
    zone: str | None
    lycees: tuple[str, ...]  # The lycées (ids) concerned.
    status: DecisionStatus  # Decision status of the zone or sector.
    #: Its identity before and after a change of the plan (see `geozones.rules.check`).
    key: tuple[object, ...]
    #: Whether the threshold is inside the interval of the minutes: the sentence says so.
    to_confirm: bool = False
    #: What is measured (its longest drive, its slowest relève; empty if the unit says it), and in
    #: what unit; no unit if the measure is not worth a figure.
    subject: str = ""
    #: Grows as the point gets worse; a whole number, as shown, if it has a unit.
    measure: float = 1.0
    unit: str = ""
    #: End of the sentence that says what in the sector forces it; empty if nothing does.
    cause: str = ""

    @property
    def without_cause(self) -> str:
        """Sentence without the cause, for a point that a change brings: the cause is older."""
        return self.sentence.removesuffix(self.cause).rstrip()

    @property
    def is_alert(self) -> bool:
        """Tell whether its severity is above information."""
        return self.severity is not Severity.INFO

    def since(self, before: "VigilancePoint") -> str:
        """Return how much worse it got: ``trajet le plus long 68 → 71 min``."""
        then, now = number(before.measure), f"{number(self.measure)}{NBSP}{self.unit}"
        if self.unit == MINUTES:  # a drive may be impossible
            now = minutes(self.measure)
            then = minutes(before.measure).removesuffix(f"{NBSP}{MINUTES}")
        return f"{self.subject} {then} → {now}".strip()

    def worse_than(self, before: "VigilancePoint") -> str:
        """Return its sentence, and how much worse it got where that is a figure."""
        how = f" ({self.since(before)})" if self.unit else ""
        return f"{self.without_cause.removesuffix('.')}{how}."

    @property
    def about(self) -> str:
        """Return its kind and origin: ``zone fragile, seuil de l'outil``."""
        asks = self.origin.label
        if self.kind is PointKind.RULE:
            return asks
        return f"{self.kind.label}, {asks.replace('règle', 'seuil')}"

    @property
    def is_decided(self) -> bool:
        """Tell whether its zone or sector is published, or retained in this scenario."""
        return self.status in _DECIDED

    @property
    def place(self) -> str:
        """Return its place on the map: ``zone:ID``, or ``sector:ID``."""
        return f"sector:{self.sector}" if self.zone is None else f"zone:{self.zone}"


def chosen(
    points: Iterable[VigilancePoint],
    *,
    sector: str | None = None,
    zone: str | None = None,
    decided: bool | None = None,
    origin: RuleOrigin | None = None,
) -> tuple[VigilancePoint, ...]:
    """Return the points of a sector or zone (ids), decided or not, of an origin.

    ``None`` does not filter. The points of all sectors, of all origins, or decided and undecided,
    add up to the whole list.
    """
    return tuple(
        point
        for point in points
        if (sector is None or point.sector == sector)
        and (zone is None or point.zone == zone)
        and (decided is None or point.is_decided is decided)
        and (origin is None or point.origin is origin)
    )


def within(
    plan: Plan, zones: Iterable[str], points: Iterable[VigilancePoint]
) -> tuple[VigilancePoint, ...]:
    """Return the points to watch of some zones (ids), and of sectors entirely within them."""
    inside = frozenset(zones)
    return tuple(p for p in points if is_within(plan, inside, p.zone, p.sector))


def is_within(plan: Plan, zones: frozenset[str], zone: str | None, sector: str | None) -> bool:
    """Return whether some zones (ids) contain a zone, or a whole sector if ``zone`` is ``None``."""
    if zone is not None:
        return zone in zones
    own = {z.id for z in plan.zones_of(sector)} if sector is not None else set()
    return bool(own) and own <= zones
