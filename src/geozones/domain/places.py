"""Where a lycée is: what is asked of a geocoder, what it answers, what a scenario says of its own.

A point always comes with how precise it is: an address and the centre of a commune must never look
alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from geozones.domain.entities import Lycee


class Precision(StrEnum):
    """How well a place is known, the best first."""

    MANUAL = "manuel"
    ADDRESS = "adresse"
    STREET = "rue"
    COMMUNE = "commune"
    PROVISIONAL = "provisoire"

    @property
    def rank(self) -> int:
        """0 for the best, more for the vaguer."""
        return list(Precision).index(self)

    @property
    def about(self) -> str:
        """What it means, as the end of a French sentence about a position."""
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
    """A place to find.

    ``id`` is its UAI or provisional key, empty where it has none; ``insee`` the INSEE code of its
    commune, empty where it is not known; ``row`` its line in the file, to report on.
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
    """A place found: WGS84 degrees, who says so, from 0 to 1 how sure, and how precisely.

    ``row`` is that of the query.
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
    """A place not found: its line, and one French sentence that says why."""

    row: int
    why: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to check about a place, found or not: its line, and a French sentence."""

    row: int
    what: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A position given by hand, in WGS84 degrees."""

    lat: float
    lon: float


@dataclass(frozen=True)
class PlaceChanges:
    """What a scenario says of places beside the data folder; empty, it says nothing.

    Parameters
    ----------
    lycees
        Lycées that the data folder has not, or has otherwise.
    spots
        Positions corrected by hand since, by lycée: they win over ``lycees``.
    without
        Lycées of the data folder that the scenario leaves out.
    """

    lycees: tuple[Lycee, ...] = ()
    spots: tuple[tuple[str, Spot], ...] = ()
    without: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether it changes anything."""
        return bool(self.lycees or self.spots or self.without)

    @cached_property
    def spot_by_lycee(self) -> Mapping[str, Spot]:
        """The positions corrected by hand."""
        return dict(self.spots)

    def with_spot(self, lycee: str, spot: Spot | None) -> "PlaceChanges":
        """Return the same with a lycée's position corrected, or no longer (``None``)."""
        spots = {key: kept for key, kept in self.spots if key != lycee}
        if spot is not None:
            spots[lycee] = spot
        return replace(self, spots=tuple(sorted(spots.items(), key=lambda item: item[0])))

    def records(self, lycees: Mapping[str, Lycee]) -> tuple[Lycee, ...]:
        """Return, by id, the lycées that are not as in a data folder."""
        found = self.applied(lycees)
        return tuple(found[key] for key in sorted(found) if lycees.get(key) != found[key])

    def applied(self, lycees: Mapping[str, Lycee]) -> dict[str, Lycee]:
        """Return the lycées of a data folder as the scenario has them."""
        found = {key: lycee for key, lycee in lycees.items() if key not in self.without}
        found |= {lycee.id: lycee for lycee in self.lycees}
        for key, spot in self.spots:
            if key in found:
                found[key] = replace(
                    found[key], lat=spot.lat, lon=spot.lon, precision=Precision.MANUAL.value
                )
        return found
