"""Locations of lycées: geocoding queries and answers, and the overrides of a scenario.

Every position carries its precision, so that the centre of a commune is never shown as an address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from geozones.domain.entities import Lycee


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
    """A place to geocode; every text is empty where it is not known.

    Parameters
    ----------
    id
        UAI or provisional key of the lycée.
    insee
        INSEE code of the commune.
    row
        Line of the place in the file it was read from, repeated in the answer.
    """

    id: str = ""
    name: str = ""
    address: str = ""
    postcode: str = ""
    commune: str = ""
    insee: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Located:
    """A place that a geocoder located.

    Parameters
    ----------
    lat, lon
        Position in WGS84 degrees.
    provider
        Key of the geocoder that answered.
    score
        Confidence of the geocoder, from 0 to 1.
    row
        Line of the query.
    """

    id: str
    lat: float
    lon: float
    provider: str
    score: float
    precision: Precision
    row: int = 0


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
    """What a scenario changes in the lycées of the data folder; empty, it changes nothing.

    Parameters
    ----------
    lycees
        Lycées to add, or to replace lycées of the data folder with the same ids.
    spots
        Positions corrected by hand, as pairs of a lycée's id and a position; they prevail over
        ``lycees``.
    excluded
        Ids of the lycées that the scenario leaves out; an id that the data folder lacks has
        no effect.
    """

    lycees: tuple[Lycee, ...] = ()
    spots: tuple[tuple[str, Spot], ...] = ()
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

    def with_spot(self, lycee: str, spot: Spot | None) -> "LocationOverrides":
        """Return a copy where a lycée has this position; ``None`` removes its correction."""
        spots = {key: kept for key, kept in self.spots if key != lycee}
        if spot is not None:
            spots[lycee] = spot
        return replace(self, spots=tuple(sorted(spots.items(), key=lambda item: item[0])))

    def with_lycee(self, lycee: Lycee) -> "LocationOverrides":
        """Return a copy with an additional lycée, or replacing the lycée of the same id."""
        others = [entry for entry in self.lycees if entry.id != lycee.id]
        lycees = tuple(sorted((*others, lycee), key=lambda entry: entry.id))
        return replace(
            self.with_spot(lycee.id, None), lycees=lycees, excluded=self.excluded - {lycee.id}
        )

    def without_lycee(self, lycee: str) -> "LocationOverrides":
        """Return a copy without a lycée (id), whether the data folder has it or not."""
        lycees = tuple(entry for entry in self.lycees if entry.id != lycee)
        return replace(self.with_spot(lycee, None), lycees=lycees, excluded=self.excluded | {lycee})

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
