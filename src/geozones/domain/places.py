"""Locations of lycées: typed positions, geocoding queries and answers, overrides of a scenario.

Every position carries its precision, so that the centre of a commune is never shown as an address.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from geozones.common.errors import InputError
from geozones.domain.plan import Lycee


class Precision(StrEnum):
    """Precision of a position, the most precise first; the value is what the data files hold."""

    MANUAL = "manuel"
    ADDRESS = "adresse"
    STREET = "rue"
    COMMUNE = "commune"
    PROVISIONAL = "provisoire"

    @property
    def rank(self) -> int:
        """Position in the order of precision: 0 is the most precise."""
        return list(Precision).index(self)

    @property
    def about(self) -> str:
        """Describe it in French, as the end of a sentence: « position à l'adresse »."""
        return _ABOUT[self]


_ABOUT = {
    Precision.MANUAL: "corrigée à la main",
    Precision.ADDRESS: "à l'adresse",
    Precision.STREET: "dans la rue, sans le numéro",
    Precision.COMMUNE: "au centre de la commune, faute d'adresse",
    Precision.PROVISIONAL: "provisoire, à vérifier",
}


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """A place to geocode; every text is empty where it is not known."""

    id: str = ""  # UAI or provisional key of the lycée.
    name: str = ""
    address: str = ""
    postcode: str = ""
    commune: str = ""
    insee: str = ""  # INSEE code of the commune.
    row: int = 0  # Line of the place in the file it was read from, repeated in the answer.
    departement: str = ""  # Code of its département, which tells communes of one name apart.


@dataclass(frozen=True, slots=True)
class Located:
    """A place that a geocoder located."""

    id: str
    lat: float  # Position in WGS84 degrees.
    lon: float
    provider: str  # Key of the geocoder that answered.
    score: float  # Confidence of the geocoder, from 0 to 1.
    precision: Precision
    row: int = 0  # Line of the query.


@dataclass(frozen=True, slots=True)
class Unlocated:
    """A place that no geocoder located: the line of the query, and the reason in French."""

    row: int
    why: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something the user should check about a place: the line of the query, a French sentence."""

    row: int
    what: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A position given by hand, in WGS84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True)
class LocationOverrides:
    """What a scenario changes in the lycées of the data folder; empty, it changes nothing."""

    #: Lycées to add, or to replace lycées of the data folder with the same ids.
    lycees: tuple[Lycee, ...] = ()
    #: Positions corrected by hand, as pairs of a lycée's id and a position; they prevail over
    #: ``lycees``.
    spots: tuple[tuple[str, Spot], ...] = ()
    #: Ids of the lycées that the scenario leaves out; an id that the data folder lacks has no
    #: effect.
    excluded: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether the overrides change anything."""
        return bool(self.lycees or self.spots or self.excluded)

    @cached_property
    def spot_by_lycee(self) -> Mapping[str, Spot]:
        """The positions corrected by hand, by the id of the lycée."""
        return dict(self.spots)

    def placed_since(self, other: "LocationOverrides") -> frozenset[str]:
        """Return the lycées (ids) that have another position by hand than in other overrides."""
        ids = self.spot_by_lycee.keys() | other.spot_by_lycee.keys()
        return frozenset(
            each for each in ids if self.spot_by_lycee.get(each) != other.spot_by_lycee.get(each)
        )

    def with_spot(self, lycee_id: str, spot: Spot | None) -> "LocationOverrides":
        """Return a copy where a lycée has this position; ``None`` removes its correction."""
        spots = {key: kept for key, kept in self.spots if key != lycee_id}
        if spot is not None:
            spots[lycee_id] = spot
        return replace(self, spots=tuple(sorted(spots.items(), key=lambda item: item[0])))

    def with_lycee(self, lycee: Lycee) -> "LocationOverrides":
        """Return a copy with an additional lycée, or replacing the lycée of the same id."""
        others = [entry for entry in self.lycees if entry.id != lycee.id]
        lycees = tuple(sorted((*others, lycee), key=lambda entry: entry.id))
        return replace(
            self.with_spot(lycee.id, None), lycees=lycees, excluded=self.excluded - {lycee.id}
        )

    def without_lycee(self, lycee_id: str) -> "LocationOverrides":
        """Return a copy without a lycée (id), whether the data folder has it or not."""
        lycees = tuple(entry for entry in self.lycees if entry.id != lycee_id)
        return replace(
            self.with_spot(lycee_id, None), lycees=lycees, excluded=self.excluded | {lycee_id}
        )

    def changed_lycees(self, lycees: Mapping[str, Lycee]) -> tuple[Lycee, ...]:
        """Return the lycées that are added to or differ from ``lycees``, sorted by id."""
        overridden = self.apply_to(lycees)
        return tuple(
            overridden[key] for key in sorted(overridden) if lycees.get(key) != overridden[key]
        )

    def apply_to(self, lycees: Mapping[str, Lycee]) -> dict[str, Lycee]:
        """Return ``lycees`` (from the data folder, by id) with the overrides applied.

        Pupils come from the data folder if it has the lycée.
        """
        overridden = {key: lycee for key, lycee in lycees.items() if key not in self.excluded}
        for lycee in self.lycees:
            known = lycees.get(lycee.id, lycee)
            overridden[lycee.id] = replace(
                lycee, pupils=known.pupils, pupils_source=known.pupils_source
            )
        for key, spot in self.spots:
            if key in overridden:
                overridden[key] = replace(
                    overridden[key], lat=spot.lat, lon=spot.lon, precision=Precision.MANUAL.value
                )
        return overridden


_MAX_LENGTH = 200
_SIGNS = str.maketrans(
    {
        "\u00a0": " ", "\u202f": " ", "\u2212": "-", "′": "'", "’": "'", "″": '"', "”": '"',
        "º": "°",
    }
)  # fmt: skip
_NUMBER = r"[+-]?\d{1,3}(?:[.,]\d+)?"
_PAIR = re.compile(rf"({_NUMBER})°?(?:\s*[,;/]\s*|\s+)({_NUMBER})°?")
_COMMAS = re.compile(r"([+-]?\d{1,3},\d+)\s*[,;]?\s*([+-]?\d{1,3},\d+)")
_POINT = r"(?P<point>[NSEWO])"
_ANGLE = (
    rf"(?P<degrees>{_NUMBER})\s*°?\s*"
    r"(?:(?P<minutes>\d{1,2}(?:[.,]\d+)?)\s*'(?!')\s*)?"
    r"(?:(?P<seconds>\d{1,2}(?:[.,]\d+)?)\s*(?:\"|'')\s*)?"
)
#: The cardinal point stands before both angles, or after each angle that has a cardinal point.
_BEFORE = re.compile(rf"{_POINT}\s*{_ANGLE}", re.IGNORECASE)
_AFTER = re.compile(rf"{_ANGLE}{_POINT}?", re.IGNORECASE)
_REFUSED = (
    "Cette position n'est pas lisible : écrivez « latitude, longitude » en degrés, par exemple "
    "47,2184 -1,5536 ou 47°13'06\" N 1°33'13\" O."
)


def read_coordinates(text: str) -> Spot:
    """Return the position written in a text, in WGS84 degrees.

    Decimal degrees with a comma or a point (``47,2184 -1,5536``, ``47.2184, -1.5536``), or degrees,
    minutes and seconds with cardinal points in any order (``47°13'06" N 1°33'13" O``; W and O are
    both west).
    """
    text = " ".join(text[:_MAX_LENGTH].translate(_SIGNS).strip(" ()[]").split())
    if re.fullmatch(_NUMBER, text):
        decimal = None  # one number with a decimal comma
    else:
        match = _COMMAS.fullmatch(text) or _PAIR.fullmatch(text)
        decimal = None if match is None else (_number(match[1]), _number(match[2]))
    degrees = decimal or _sexagesimal(text)
    if degrees is None:
        raise InputError(_REFUSED)
    return checked_spot(*degrees)


def checked_spot(lat: object, lon: object) -> Spot:
    """Return a valid position; raise ``InputError`` if it is not on Earth."""
    for value, most in ((lat, 90), (lon, 180)):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not -most <= value <= most:  # type: ignore[operator]
            raise InputError(
                "Cette position n'est pas sur Terre : la latitude va de -90 à 90 degrés, la "
                "longitude de -180 à 180."
            )
    return Spot(round(float(lat), 6), round(float(lon), 6))  # type: ignore[arg-type]


def _sexagesimal(text: str) -> tuple[float, float] | None:
    pattern = _BEFORE if text[:1].isalpha() else _AFTER
    first = pattern.match(text)
    second = first and pattern.fullmatch(text[first.end() :].lstrip(" ,;/"))
    if first is None or second is None:
        return None
    (axis, one), (other, two) = _angle(first), _angle(second)
    if math.isnan(one) or math.isnan(two):
        return None
    if (axis, other) in {("lat", "lon"), ("", "")}:
        return one, two
    return (two, one) if (axis, other) == ("lon", "lat") else None


def _angle(match: re.Match[str]) -> tuple[str, float]:
    """Return the axis of the cardinal point, and degrees; NaN if they are invalid."""
    point = (match["point"] or "").upper()
    minutes, seconds = _number(match["minutes"] or "0"), _number(match["seconds"] or "0")
    negative = match["degrees"].startswith("-")
    wrong = (match["seconds"] and not match["minutes"]) or minutes >= 60 or seconds >= 60
    if wrong or (point and negative):
        return "", math.nan
    value = abs(_number(match["degrees"])) + minutes / 60 + seconds / 3600
    axis = "" if not point else "lat" if point in {"N", "S"} else "lon"
    return axis, -value if negative or point in {"S", "W", "O"} else value


def _number(text: str) -> float:
    return float(text.replace(",", "."))
