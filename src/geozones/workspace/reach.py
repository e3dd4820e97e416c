"""Who is how far: pairs of a zone, communes from a place, lycées from a support centre."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from geozones.domain import Plan, Provenance
from geozones.territory.files import Commune
from geozones.travel.chain import Fault
from geozones.workspace.travel import between, commune_times, point_of

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace

#: Upper bounds of the classes of minutes, the last one open.
CLASSES = (15.0, 30.0, 45.0, 60.0, math.inf)
#: Minutes that a sector technician's drive should stay under.
NEAR_MINUTES = 45.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lycées of one zone and the minutes between them, the mean of both ways; inf: no way."""

    zone: str
    lycees: tuple[str, str]
    minutes: float
    source: str
    estimated: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """A commune and the minutes to its centre; ``None`` where there is no way."""

    commune: Commune
    minutes: float | None
    estimated: bool

    @property
    def rank(self) -> int | None:
        """The rank of its class of minutes."""
        return None if self.minutes is None else class_of(self.minutes)


@dataclass(frozen=True)
class Access:
    """Every commune from one place; ``makers`` counts the figures of each engine."""

    place: str
    label: str
    point: tuple[float, float]
    communes: tuple[Reached, ...]
    makers: tuple[tuple[Provenance, int], ...]
    faults: tuple[Fault, ...]

    def by_class(self) -> tuple[tuple[int, int], ...]:
        """Return (communes, inhabitants) of each class of `CLASSES`, then of no way at all."""
        count: Counter[int] = Counter()
        people: Counter[int] = Counter()
        for reached in self.communes:
            rank = len(CLASSES) if reached.rank is None else reached.rank
            count[rank] += 1
            people[rank] += reached.commune.population
        return tuple((count[rank], people[rank]) for rank in range(len(CLASSES) + 1))


@dataclass(frozen=True, slots=True)
class CentreReach:
    """From one lycée to the others of its sector, one way: minutes, and the share under 45 min.

    Infinite where a lycée cannot be reached.
    """

    centre: str
    mean: float
    worst: float
    farthest: str
    share_near: float


def class_of(minutes: float) -> int:
    """Return the rank of a duration's class; a bound belongs to the class below it."""
    return next(rank for rank, bound in enumerate(CLASSES) if minutes <= bound)


def worst_pairs(
    workspace: "Workspace", plan: Plan, zones: Sequence[str], count: int
) -> tuple[Pair, ...]:
    """Return the pairs of colleagues farthest apart in some zones, the worst first."""
    times = workspace.times
    pairs = [
        Pair(
            zone,
            (a, b),
            times.both_ways[a][b],
            times.made_by(a, b).engine,
            times.is_estimated(a, b) or times.is_estimated(b, a),
        )
        for zone in zones
        for a, b in combinations(plan.members(zone), 2)
    ]
    return tuple(sorted(pairs, key=lambda pair: (-pair.minutes, pair.lycees))[:count])


def access(workspace: "Workspace", place: str) -> Access:
    """Return the minutes from a place to every commune.

    Parameters
    ----------
    workspace
        Where.
    place
        A lycée id, ``commune:CODE`` or ``lat,lon``.

    Raises
    ------
    InputError
        If the place is unknown or not of the territory.
    EngineError
        If no engine can say.
    """
    point = point_of(workspace, place)
    communes = workspace.communes
    faults: tuple[Fault, ...] = ()
    if place in workspace.positions:
        table = commune_times(workspace)
        table = table.restricted((place,), table.destinations)
    else:
        answer = between(
            workspace, {place: point}, {entry.place: (entry.lat, entry.lon) for entry in communes}
        )
        table, faults = answer.times, answer.faults
    minutes = table.minutes[0].tolist()
    return Access(
        place,
        place_label(workspace, place),
        point,
        tuple(
            Reached(
                entry,
                value if math.isfinite(value) else None,
                table.is_estimated(place, entry.place),
            )
            for entry, value in zip(communes, minutes, strict=True)
        ),
        table.pairs_by_maker,
        faults,
    )


def place_label(workspace: "Workspace", place: str) -> str:
    """Return how a place is called in a sentence."""
    if place in workspace.positions:
        return workspace.name(place)
    for entry in workspace.communes:
        if entry.place == place:
            return entry.name
    return f"le point {place}"


def centre_reach(workspace: "Workspace", plan: Plan, sector: str) -> tuple[CentreReach, ...]:
    """Return what each lycée of a sector would reach as its support centre, the best first.

    The best has the least mean minutes to the others, then the least longest drive.
    """
    lycees = plan.lycees_of(sector)
    found = [_reach(workspace, lycee, lycees) for lycee in lycees if len(lycees) > 1]
    return tuple(sorted(found, key=lambda reach: (reach.mean, reach.worst, reach.centre)))


def _reach(workspace: "Workspace", centre: str, lycees: Sequence[str]) -> CentreReach:
    row = workspace.times.one_way[centre]
    minutes = {lycee: row[lycee] for lycee in lycees if lycee != centre}
    farthest = max(minutes, key=lambda lycee: (minutes[lycee], lycee))
    near = sum(value <= NEAR_MINUTES for value in minutes.values())
    return CentreReach(
        centre,
        sum(minutes.values()) / len(minutes),
        minutes[farthest],
        farthest,
        near / len(minutes),
    )
