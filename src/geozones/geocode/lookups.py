"""Providers that look a place up in a list: the ministry's directory, the data folder.

The API of the ministry's directory is Opendatasoft's Explore v2.1:
``…/catalog/datasets/fr-en-annuaire-education/records`` with ``where``, ``select`` and ``limit``
(100 at most); the answer is ``{"total_count", "results"}``. A coordinate may be a number or a
string.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from geozones.common.bounds import degrees
from geozones.common.french import folded, listing
from geozones.common.pacing import Clock, RateLimiter
from geozones.domain import GeocoderAnswerError, Lycee, is_uai
from geozones.domain.identifiers import departement_of_postcode
from geozones.domain.places import Located, PlaceQuery, Precision
from geozones.domain.terms import terms
from geozones.geocode import AnswerCache, GeocoderWebSettings, Outcome, geocoder_client

PATH = "/catalog/datasets/fr-en-annuaire-education/records"
_FIELDS = ("identifiant_de_l_etablissement", "latitude", "longitude", "precision_localisation")
#: most records in one answer
_LIMIT = 100
_STREET = ("rue", "voie", "lieu-dit", "zone")
_TOWN = ("commune", "ville", "municip")


class Annuaire:
    """Positions of the directory, which knows lycées by their UAI only."""

    name = "annuaire"

    def __init__(
        self, settings: GeocoderWebSettings, cache: AnswerCache, clock: Clock | None = None
    ) -> None:
        self._settings, self._cache, self._clock = settings, cache, clock or Clock()
        self._limiter = RateLimiter(settings.per_second, 1.0)

    def locate(self, queries: Sequence[PlaceQuery]) -> Iterator[tuple[int, Outcome]]:
        """Yield the directory's position of each UAI; raise ``GeocoderError``."""
        wanted: dict[str, list[int]] = {}
        for rank, query in enumerate(queries):
            if is_uai(query.id):
                wanted.setdefault(query.id, []).append(rank)
            else:
                yield rank, f"l'annuaire ne connaît que les {terms().code.plural}"
        missing = []
        for uai in wanted:
            kept = self._cache.get(self._request(uai))
            if kept is None:
                missing.append(uai)
            else:
                yield from self._outcomes(uai, kept, wanted, queries)
        client = geocoder_client(
            "l'annuaire de l'éducation", self._settings, self._limiter, self._clock
        )
        step = min(_LIMIT, self._settings.batch_rows)
        for first in range(0, len(missing), step):
            asked = missing[first : first + step]
            records = parse(client.send("GET", PATH, params=build(asked)))
            for uai in asked:
                if uai in records:
                    self._cache.put(self._request(uai), records[uai])
                yield from self._outcomes(uai, records.get(uai), wanted, queries)

    def _request(self, uai: str) -> list[str]:
        return [self.name, self._settings.url, uai]

    def _outcomes(
        self,
        uai: str,
        record: Mapping[str, Any] | None,
        wanted: Mapping[str, list[int]],
        queries: Sequence[PlaceQuery],
    ) -> Iterator[tuple[int, Outcome]]:
        for rank in wanted[uai]:
            if record is None:
                yield rank, f"l'annuaire n'a pas de position pour {uai}"
            else:
                yield (
                    rank,
                    Located(
                        uai,
                        record["lat"],
                        record["lon"],
                        self.name,
                        1.0,
                        Precision(record["precision"]),
                        row=queries[rank].row,
                    ),
                )


def build(uais: Sequence[str]) -> dict[str, str]:
    """Return the request parameters for some UAIs (checked: digits and a letter)."""
    listed = ", ".join(f'"{uai}"' for uai in uais)
    return {
        "where": f"identifiant_de_l_etablissement in ({listed})",
        "select": ",".join(_FIELDS),
        "limit": str(_LIMIT),
    }


def parse(body: bytes) -> dict[str, dict[str, Any]]:
    """Read an answer: UAI -> ``{"lat", "lon", "precision"}``, without UAIs lacking a position."""
    try:
        records = json.loads(body)["results"]
        rows = [(str(row["identifiant_de_l_etablissement"]), row) for row in records]
    except (ValueError, TypeError, LookupError) as error:
        raise GeocoderAnswerError(
            "La réponse de l'annuaire de l'éducation n'a pas la forme attendue : vérifiez son "
            "adresse dans les réglages."
        ) from error
    positions = {}
    for uai, row in rows:
        lat, lon = degrees(row.get("latitude"), 90), degrees(row.get("longitude"), 180)
        # some extracts write latitude 0 in a record without a position
        if lat and lon is not None:
            precision = _precision(row.get("precision_localisation"))
            positions[uai] = {"lat": lat, "lon": lon, "precision": precision.value}
    return positions


def _precision(label: object) -> Precision:
    """Return the precision for a word of the directory."""
    words = str(label or "").casefold()
    if any(word in words for word in _TOWN):
        return Precision.COMMUNE
    if "num" not in words and any(word in words for word in _STREET):
        return Precision.STREET
    return Precision.ADDRESS


@dataclass(frozen=True, slots=True)
class KnownCommune:
    """Commune: INSEE code, name, département, a point inside (WGS84 degrees).

    Former names and postcodes are empty where they are not known.
    """

    code: str
    name: str
    departement: str
    lat: float
    lon: float
    former: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()


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

        Of communes with the same name, return the commune of the row's département, or of its
        postcode's, CEDEX or not.
        """
        if query.insee in self.communes:
            return self.communes[query.insee]
        named = self.communes_named(query)
        return named[0] if len(named) == 1 else None

    def communes_named(self, query: PlaceQuery) -> list[KnownCommune]:
        """Return the communes with the name of a place, in its département if it gives one.

        Of several, return those with its postcode, if some have it.
        """
        named = self._by_name.get(folded(query.commune), [])
        departement = query.departement or departement_of_postcode(query.postcode)
        if departement:
            named = [entry for entry in named if entry.departement in {"", departement}]
        posted = [entry for entry in named if query.postcode in entry.postcodes]
        return posted or named

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
        if lycee is None or not lycee.commune or not (query.commune or query.insee):
            return None
        stated, own = self.commune_of(query), self.communes.get(lycee.insee)
        names = (lycee.commune, *((own.name, *own.former) if own else ()))
        if query.insee in self.communes or folded(query.commune) not in map(folded, names):
            return None if stated is not None and stated.code == lycee.insee else lycee
        return None


#: Confidence of the centre of a commune, for a place without further information.
_CENTRE = 0.5


class Local:
    """Position of a known lycée, else the centre of the commune."""

    name = "local"

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def locate(self, queries: Sequence[PlaceQuery]) -> Iterator[tuple[int, Outcome]]:
        """Yield the position of each place; none for a commune outside the territory."""
        for rank, query in enumerate(queries):
            yield rank, self._located(query)

    def _located(self, query: PlaceQuery) -> Outcome:
        lycee = self._gazetteer.lycee_of(query)
        if lycee is not None:
            return self._found(query, lycee, Precision(lycee.precision))
        commune = self._gazetteer.commune_of(query)
        if commune is not None:
            return self._found(query, commune, Precision.COMMUNE)
        if not (query.commune or query.insee):
            return (
                f"le code « {query.id[:40]} » est inconnu et la ligne n'a pas de commune : "
                "corrigez l'un ou ajoutez l'autre"
                if query.id
                else "la ligne n'a pas de commune : ajoutez-la"
            )
        named = self._gazetteer.communes_named(query)
        if len(named) > 1:
            where = listing(sorted({entry.departement or entry.code for entry in named}))
            return (
                f"{len(named)} communes s'appellent « {query.commune[:60]} » ({where}) : ajoutez "
                "le code postal, le département ou le code INSEE"
            )
        return f"la commune « {query.commune[:60] or query.insee[:5]} » n'est pas connue"

    def _found(
        self, query: PlaceQuery, place: Lycee | KnownCommune, precision: Precision
    ) -> Located:
        score = _CENTRE if precision is Precision.COMMUNE else 1.0
        return Located(query.id, place.lat, place.lon, self.name, score, precision, row=query.row)
