"""What is known without any network: the lycées and communes of the data folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from geozones.domain import Lycee
from geozones.domain.folding import folded
from geozones.domain.places import PlaceQuery


@dataclass(frozen=True, slots=True)
class KnownCommune:
    """A commune: INSEE code, name, département, a point inside (WGS84 degrees), former names."""

    code: str
    name: str
    departement: str
    lat: float
    lon: float
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gazetteer:
    """The lycées by id, the communes by INSEE code."""

    lycees: Mapping[str, Lycee]
    communes: Mapping[str, KnownCommune]

    @cached_property
    def _by_name(self) -> dict[str, list[KnownCommune]]:
        found: dict[str, list[KnownCommune]] = {}
        for commune in self.communes.values():
            found.setdefault(folded(commune.name), []).append(commune)
        former: dict[str, list[KnownCommune]] = {}
        for commune in self.communes.values():
            for name in {folded(name) for name in commune.former} - found.keys():
                former.setdefault(name, []).append(commune)
        return former | found

    @cached_property
    def _by_address(self) -> dict[tuple[str, str], list[Lycee]]:
        found: dict[tuple[str, str], list[Lycee]] = {}
        for lycee in self.lycees.values():
            if lycee.address and lycee.precision == "adresse":
                found.setdefault((lycee.insee, folded(lycee.address)), []).append(lycee)
        return found

    def commune_of(self, query: PlaceQuery) -> KnownCommune | None:
        """Return the commune of a place: by its code, else by its name where that names one.

        Of communes that share a name, the one of the postcode's département, CEDEX or not.
        """
        if query.insee in self.communes:
            return self.communes[query.insee]
        named = self._by_name.get(folded(query.commune), [])
        if len(named) > 1 or query.postcode:
            named = [entry for entry in named if entry.departement == query.postcode[:2]]
        return named[0] if len(named) == 1 else None

    def lycee_of(self, query: PlaceQuery) -> Lycee | None:
        """Return the lycée of a place: by its id, else by its address where one lycée has it."""
        if query.id in self.lycees:
            return self.lycees[query.id]
        for lycee in self.lycees.values():
            if query.id and query.id in lycee.associated_uais:
                return lycee
        commune = self.commune_of(query)
        if commune is None or not query.address:
            return None
        same = self._by_address.get((commune.code, folded(query.address)), [])
        return same[0] if len(same) == 1 else None
