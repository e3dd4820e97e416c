"""Minutes from a place to communes and lycées, and between two places."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from geozones.common.errors import InputError
from geozones.common.french import folded, number, of
from geozones.domain import Provenance, UnknownPlaceError
from geozones.domain.identifiers import commune_code, departement_of_postcode
from geozones.domain.terms import terms
from geozones.territory.territory_files import Commune
from geozones.travel.engine import REACH_KM, Point, crow_km_table
from geozones.travel.engine_chain import EngineFailure
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.territory import Territory


@dataclass(frozen=True, slots=True)
class Trip:
    """Minutes and km between two places; ``None`` if there is no way, or only a lower bound.

    ``least`` is that bound, the minutes that the drive exceeds; ``None`` if they are known.
    ``low`` and ``high`` are an 80 % interval of the minutes, ``leg_share`` the share of the minutes
    on straight legs, from 0 to 1; ``source`` is the engine.
    """

    origin: str
    destination: str
    minutes: float | None
    low: float | None
    high: float | None
    km: float | None
    source: str
    estimated: bool
    leg_share: float | None
    least: float | None = None


def trip_between(analysis: Analysis, origin: str, destination: str) -> Trip:
    """Return the matrix's figure between two lycées, else the configured engines' figure."""
    times = analysis.times
    if origin not in times.origin_index or destination not in times.destination_index:
        ends = {place: point_of(analysis.territory, place) for place in (origin, destination)}
        answer = analysis.territory.drives.ask(
            {origin: ends[origin]}, {destination: ends[destination]}
        )
        times = answer.times
    minutes = times.between(origin, destination)
    pair = origin, destination
    low, high = times.interval(*pair)
    least = times.least(*pair)
    known = math.isfinite(minutes) and least is None
    return Trip(
        origin,
        destination,
        minutes=minutes if known else None,
        low=low if known else None,
        high=high if known else None,
        km=times.km_between(*pair) if known else None,
        source=times.made_by(*pair).engine,
        estimated=times.is_estimated(*pair),
        leg_share=times.leg_share_between(*pair) if known else None,
        least=least,
    )


def point_of(territory: Territory, place: str) -> Point:
    """Return the position of a lycée, a commune (``commune:CODE``) or ``lat,lon``."""
    if place in territory.positions:
        return territory.positions[place]
    if commune_code(place) is not None:
        if place not in territory.drives.communes:
            raise UnknownPlaceError(place)
        return territory.drives.communes[place]
    try:
        lat, lon = (float(part) for part in place.split(","))
    except ValueError:
        raise UnknownPlaceError(place) from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise UnknownPlaceError(place)
    nearest = km_to_lycees(territory, (lat, lon))
    if nearest > REACH_KM:
        site = terms().site
        raise InputError(
            f"Le point « {place} » est à {number(nearest)} km {site.of_the} le plus "
            "proche : hors du territoire, aucune durée n'a de sens."
        )
    return lat, lon


def km_to_lycees(territory: Territory, point: Point) -> float:
    """Return the km, as the crow flies, from a point to the nearest lycée."""
    return float(crow_km_table([point], list(territory.positions.values())).min())


_POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*")
_POSTCODE = re.compile(r"\b\d{5}\b")
_MAX_LENGTH = 300


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place, as `trip_between` takes it, and how the text was interpreted; empty if literal."""

    place: str
    understood: str = ""


def known_site(territory: Territory, text: str) -> str | None:
    """Return the site whose id equals a text, whatever its case; ``None`` if there is none."""
    asked = text.strip()
    if asked in territory.positions:
        return asked
    return next((key for key in territory.positions if key.upper() == asked.upper()), None)


def find_place(territory: Territory, text: str) -> FoundPlace:
    """Return the place that a text means: ``lat, lon``, a lycée's code, or an address.

    An address stands for the centre of its commune: the last commune that it names, in the
    département of its postcode if it has one. Streets are unknown offline.
    """
    text = text.strip()[:_MAX_LENGTH]
    point = _POINT.fullmatch(text)
    if point:
        place = f"{float(point[1])},{float(point[2])}"
        point_of(territory, place)
        return FoundPlace(place)
    site = known_site(territory, text)
    if site is not None:
        return FoundPlace(site)
    if not territory.atlas.communes:
        raise InputError(
            "Ce territoire n'a pas de liste de communes : donnez une position (latitude, "
            f"longitude) ou {terms().site.the} par son code."
        )
    words = f" {folded(text)} "
    codes = [departement_of_postcode(code) for code in _POSTCODE.findall(text)]
    named = [
        (words.rindex(f" {folded(entry.name)} ") + len(folded(entry.name)), entry)
        for entry in territory.atlas.communes
        if f" {folded(entry.name)} " in words and (not codes or entry.departement == codes[-1])
    ]
    if not named:
        raise InputError(
            "Aucune commune du territoire n'est reconnue dans cette adresse. Écrivez la commune à "
            "la fin, ou une position « latitude, longitude »."
        )
    last = max(end for end, _ in named)
    ending = [entry for end, entry in named if end == last]
    longest = max(len(entry.name) for entry in ending)
    best = [entry for entry in ending if len(entry.name) == longest]
    if len(best) > 1:
        where = ", ".join(f"{entry.name} ({entry.departement})" for entry in best)
        raise InputError(f"Plusieurs communes portent ce nom : {where}. Ajoutez le code postal.")
    alone = words.strip() == folded(best[0].name)
    note = (
        ""
        if alone
        else f"Position au centre {of(best[0].name)} : sans réseau, les rues ne sont pas connues."
    )
    return FoundPlace(best[0].place, note)


#: Desirable upper bound of a sector technician's drive, in minutes.
NEAR_MINUTES = 45.0


@dataclass(frozen=True, slots=True)
class MinuteClasses:
    """Classes of minutes by their upper bounds; the last class is open."""

    bounds: tuple[float, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Names of the classes, then of « no way »."""
        named = [f"{low:g} à {high:g} min" for low, high in pairwise((0.0, *self.bounds))]
        return (*named, f"plus de {self.bounds[-1]:g} min", "sans accès")

    def rank(self, minutes: float) -> int:
        """Return the rank of a duration's class; a bound belongs to the class below it."""
        return sum(minutes > bound for bound in self.bounds)

    @property
    def no_way(self) -> int:
        """The rank of « no way », the last one."""
        return len(self.bounds) + 1


#: Classes between the lycées of a zone, where 45 min is long.
IN_ZONE = MinuteClasses((15.0, 30.0, 45.0, 60.0))
#: Classes from a place to communes of the whole region: near half-hours, close to the fifths of all
#: drives from the 119 lycées to the 1,228 communes (58, 82, 108 and 139 min), so that no class
#: covers most of the map. In the classes of a zone, 78 % of these drives would exceed 60 min.
FROM_PLACE = MinuteClasses((30.0, 60.0, 90.0, 120.0))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lycées of a zone and the minutes between them, the mean of both ways; inf: no way.

    ``interval`` has the low and high minutes, also means of both ways.
    """

    zone: str
    lycees: tuple[str, str]
    minutes: float
    interval: tuple[float, float]
    source: str
    estimated: bool


@dataclass(frozen=True, slots=True)
class Reached:
    """A commune and the minutes to its centre, with an interval; ``None`` if there is no way."""

    commune: Commune
    minutes: float | None
    interval: tuple[float, float]
    estimated: bool

    @property
    def rank(self) -> int | None:
        """The rank of its class of minutes in `FROM_PLACE`."""
        return None if self.minutes is None else FROM_PLACE.rank(self.minutes)


@dataclass(frozen=True)
class PlaceAccess:
    """Every commune from one place.

    ``makers`` counts the figures of each engine, ``estimated`` the estimated figures.
    """

    place: str
    label: str
    point: tuple[float, float]
    communes: tuple[Reached, ...]
    makers: tuple[tuple[Provenance, int], ...]
    estimated: int
    faults: tuple[EngineFailure, ...]

    def by_class(self) -> tuple[tuple[int, int], ...]:
        """Return (communes, inhabitants) of each class of `FROM_PLACE`, then of « no way »."""
        count: Counter[int] = Counter()
        people: Counter[int] = Counter()
        for reached in self.communes:
            rank = FROM_PLACE.no_way if reached.rank is None else reached.rank
            count[rank] += 1
            people[rank] += reached.commune.population
        return tuple((count[rank], people[rank]) for rank in range(FROM_PLACE.no_way + 1))


@dataclass(frozen=True, slots=True)
class CentreReach:
    """Drives from a lycée to the others of its sector: minutes, and the share within 45 min.

    Minutes are infinite if a lycée cannot be reached.
    """

    centre: str
    mean: float
    worst: float
    farthest: str
    share_near: float


def worst_pairs(study: Study, zones: Sequence[str], count: int) -> tuple[Pair, ...]:
    """Return the pairs of colleagues farthest apart in some zones, the worst first."""
    times = study.times
    pairs = [
        Pair(
            zone_id,
            (a, b),
            times.both_ways[a][b],
            times.interval_both_ways(a, b),
            times.made_by(a, b).label,
            times.is_estimated(a, b) or times.is_estimated(b, a),
        )
        for zone_id in zones
        for a, b in combinations(study.plan.members(zone_id), 2)
    ]
    return tuple(sorted(pairs, key=lambda pair: (-pair.minutes, pair.lycees))[:count])


def access(analysis: Analysis, place: str) -> PlaceAccess:
    """Return the minutes from a place to every commune.

    The place is a lycée id, ``commune:CODE`` or ``lat,lon``.
    """
    territory = analysis.territory
    point, communes = point_of(territory, place), territory.atlas.communes
    faults: tuple[EngineFailure, ...] = ()
    if place in territory.positions:
        everywhere = territory.drives.to_communes
        table = everywhere.restricted((place,), everywhere.destinations)
    else:
        answer = territory.drives.ask({place: point}, territory.drives.communes)
        table, faults = answer.times, answer.faults
    minutes = table.minutes[0].tolist()
    return PlaceAccess(
        place,
        place_label(territory, place),
        point,
        tuple(
            Reached(
                entry,
                value if math.isfinite(value) else None,
                table.interval(place, entry.place),
                table.is_estimated(place, entry.place),
            )
            for entry, value in zip(communes, minutes, strict=True)
        ),
        table.pairs_by_maker,
        table.estimated_pairs,
        faults,
    )


def place_label(territory: Territory, place: str) -> str:
    """Return the name of a place in a sentence."""
    if place in territory.positions:
        return territory.name(place)
    for entry in territory.atlas.communes:
        if entry.place == place:
            return entry.name
    return f"le point {place}"


def centre_reach(study: Study, sector_id: str) -> tuple[CentreReach, ...]:
    """Return the reach of each lycée of a sector as its support centre, the best first.

    The best centre has the smallest mean minutes to the others, then the shortest longest drive.
    """
    lycees = study.plan.lycees_of(sector_id)
    reaches = [_reach(study, lycee, lycees) for lycee in lycees if len(lycees) > 1]
    return tuple(sorted(reaches, key=lambda reach: (reach.mean, reach.worst, reach.centre)))


def _reach(study: Study, centre: str, lycees: Sequence[str]) -> CentreReach:
    row = study.times.one_way[centre]
    minutes = {lycee_id: row[lycee_id] for lycee_id in lycees if lycee_id != centre}
    farthest = max(minutes, key=lambda lycee_id: (minutes[lycee_id], lycee_id))
    near = sum(value <= NEAR_MINUTES for value in minutes.values())
    return CentreReach(
        centre,
        sum(minutes.values()) / len(minutes),
        minutes[farthest],
        farthest,
        near / len(minutes),
    )
