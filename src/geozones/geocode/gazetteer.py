"""Gazetteer: lycées and communes of the data folder, by code, name or address."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from geozones.common.folding import folded
from geozones.domain import Lycee
from geozones.domain.places import PlaceQuery


@dataclass(frozen=True, slots=True)
class KnownCommune:
    """Commune: INSEE code, name, département, a point inside (WGS84 degrees), former names."""

    code: str
    name: str
    departement: str
    lat: float
    lon: float
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gazetteer:
    """Lycées by id, communes by INSEE code."""

    lycees: Mapping[str, Lycee]
    communes: Mapping[str, KnownCommune]

    @cached_property
    def _by_name(self) -> dict[str, list[KnownCommune]]:
        current: dict[str, list[KnownCommune]] = {}
        for commune in self.communes.values():
            current.setdefault(folded(commune.name), []).append(commune)
        former: dict[str, list[KnownCommune]] = {}
        for commune in self.communes.values():
            for name in {folded(name) for name in commune.former} - current.keys():
                former.setdefault(name, []).append(commune)
        return former | current

    @cached_property
    def _by_code(self) -> dict[str, Lycee]:
        joined: dict[str, Lycee] = {}
        for lycee in self.lycees.values():
            for code in lycee.associated_uais:
                joined.setdefault(code, lycee)
        return joined | dict(self.lycees)

    @property
    def codes(self) -> AbstractSet[str]:
        """The lycées' ids, and the UAIs joined with them."""
        return self._by_code.keys()

    @cached_property
    def _by_address(self) -> dict[tuple[str, str], list[Lycee]]:
        lycees: dict[tuple[str, str], list[Lycee]] = {}
        for lycee in self.lycees.values():
            if lycee.address and lycee.precision == "adresse":
                lycees.setdefault((lycee.insee, folded(lycee.address)), []).append(lycee)
        return lycees

    def commune_of(self, query: PlaceQuery) -> KnownCommune | None:
        """Return the commune of a place: by its code, else by its name if that is unambiguous.

        Of communes with the same name, return the commune of the postcode's département, CEDEX or
        not.
        """
        if query.insee in self.communes:
            return self.communes[query.insee]
        named = self._by_name.get(folded(query.commune), [])
        if len(named) > 1 or query.postcode:
            named = [entry for entry in named if entry.departement == query.postcode[:2]]
        return named[0] if len(named) == 1 else None

    def lycee_of(self, query: PlaceQuery) -> Lycee | None:
        """Return the lycée of a place: by its id, else by its address if one lycée has it."""
        if query.id in self._by_code:
            return self._by_code[query.id]
        commune = self.commune_of(query)
        if commune is None or not query.address:
            return None
        same = self._by_address.get((commune.code, folded(query.address)), [])
        return same[0] if len(same) == 1 else None

    def elsewhere(self, query: PlaceQuery) -> Lycee | None:
        """Return the lycée with a place's id but in another commune than the place."""
        lycee = self._by_code.get(query.id)
        if lycee is None or not (query.commune or query.insee):
            return None
        stated, own = self.commune_of(query), self.communes.get(lycee.insee)
        names = (lycee.commune, *((own.name, *own.former) if own else ()))
        if query.insee in self.communes or folded(query.commune) not in map(folded, names):
            return None if stated is not None and stated.code == lycee.insee else lycee
        return None
