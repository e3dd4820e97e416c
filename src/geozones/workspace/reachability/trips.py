"""Drive between two places, named in a typed text, and minutes between some points."""

import math
import re
from dataclasses import dataclass

from geozones.common.errors import InputError
from geozones.common.french import folded, number, of
from geozones.domain import UnknownPlaceError
from geozones.domain.identifiers import commune_code, departement_of_postcode
from geozones.domain.terms import terms
from geozones.travel.engine import REACH_KM, Point, Positions, crow_km_table
from geozones.travel.engine_chain import ChainAnswer
from geozones.workspace.analysis import Analysis
from geozones.workspace.territory import Territory


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
        times = times_between(
            analysis, {origin: ends[origin]}, {destination: ends[destination]}
        ).times
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


def times_between(analysis: Analysis, origins: Positions, destinations: Positions) -> ChainAnswer:
    """Ask the engines of the settings, in their order."""
    return analysis.territory.drives.ask(origins, destinations)


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
            f"Le point « {place} » est à {number(nearest)} km {site.of_the} {site.article} plus "
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
    return _in_commune(territory, text)


def _in_commune(territory: Territory, text: str) -> FoundPlace:
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
