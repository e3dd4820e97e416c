"""Chain of geocoding providers, each asked for what others left; the data folder is the first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property

from geozones.common.errors import InputError
from geozones.common.french import folded, listing
from geozones.common.pacing import Progress
from geozones.domain import GeocoderError, GeocoderUnavailableError, Lycee
from geozones.domain.identifiers import departement_of_postcode
from geozones.domain.places import Located, PlaceQuery, Precision, Remark, Unlocated
from geozones.geocode import AnswerCache, GeocodeSettings, Outcome, Provider


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


#: Known sites and communes, without a network; the national geocoder, by address.
NAMES = ("local", "geoplateforme")


def provider_named(
    name: str, settings: GeocodeSettings, gazetteer: Gazetteer, cache: AnswerCache
) -> Provider:
    """Return the provider of a name."""
    if name == "local":
        return Local(gazetteer)
    from geozones.geocode.geoplateforme import Geoplateforme  # noqa: PLC0415 - a web client, if asked

    return Geoplateforme(settings.geoplateforme, cache, settings.min_score)


type Gate = Callable[[PlaceQuery, Located], str | None]
"""Says why a place cannot be there, or ``None``."""

#: least precision at which no further provider is asked
_GOOD = Precision.STREET.rank


@dataclass(frozen=True, slots=True)
class ProviderFailure:
    """Provider that could not answer, and the reason in French."""

    provider: str
    message: str


@dataclass(frozen=True)
class Geocoded:
    """The result of `geocode`."""

    located: tuple[Located, ...]  # The places with a position, and without, in the order asked.
    unlocated: tuple[Unlocated, ...]
    faults: tuple[ProviderFailure, ...]  # The providers that failed.
    remarks: tuple[Remark, ...] = ()  # Remarks to check, by row of the list.


def geocode(
    queries: Sequence[PlaceQuery],
    names: Sequence[str],
    settings: GeocodeSettings,
    gazetteer: Gazetteer,
    gate: Gate,
    *,
    progress: Progress = lambda _done, _total: None,
) -> Geocoded:
    """Return the most precise position of each place that the gate accepts.

    A missing commune code is filled in if the name identifies it. ``names`` are the providers, in
    the order to try them; ``gazetteer`` has the lycées and communes known without them. ``gate``
    returns why a position cannot be right, ``None`` if it may be. ``progress`` is called with
    (places done, places); an exception stops the work.
    """
    unknown = next((name for name in names if name not in NAMES), None)
    if unknown is not None:
        raise InputError(
            f"Aucun service de géocodage ne s'appelle « {unknown[:40]} » : choisissez parmi "
            f"{', '.join(NAMES)}."
        )
    if not names:
        raise InputError("Aucun service de géocodage n'est configuré (GEOZONES_GEOCODERS).")
    cache = AnswerCache(settings.cache, settings.cache_days, settings.cache_entries)
    communes = [(query, gazetteer.commune_of(query)) for query in queries]
    work = _Work(
        [replace(query, insee=at.code) if at is not None else query for query, at in communes], gate
    )
    faults = []
    for name in names:
        ranks = sorted(work.left)
        progress(len(queries) - len(ranks), len(queries))
        if not ranks:
            break
        try:
            provider = provider_named(name, settings, gazetteer, cache)
            for rank, outcome in provider.locate([work.queries[rank] for rank in ranks]):
                work.take(ranks[rank], name, outcome)
                progress(len(queries) - len(work.left), len(queries))
        except GeocoderError as error:
            faults.append(ProviderFailure(name, str(error)))
    if queries and len(faults) == len(names) and not work.best:
        raise GeocoderUnavailableError(" ".join(fault.message for fault in faults))
    return work.result(tuple(faults))


class _Work:
    """Best position so far of each query, by its rank, or the reasons for having none."""

    def __init__(self, queries: list[PlaceQuery], gate: Gate) -> None:
        self.queries, self._gate = queries, gate
        self.best: dict[int, Located] = {}
        self._why: dict[int, str] = {}
        self.left = set(range(len(queries)))

    def take(self, rank: int, provider: str, outcome: Outcome) -> None:
        """Keep a provider's position if the gate accepts it and it is the most precise so far."""
        query = self.queries[rank]
        reason = self._gate(query, outcome) if isinstance(outcome, Located) else outcome
        if reason is not None or not isinstance(outcome, Located):
            self._why.setdefault(rank, f"{provider} : {reason}")
            return
        before = self.best.get(rank)
        if before is None or outcome.precision.rank < before.precision.rank:
            self.best[rank] = outcome
        if outcome.precision.rank <= _GOOD:
            self.left.discard(rank)

    def result(self, faults: tuple[ProviderFailure, ...]) -> Geocoded:
        """Return the positions kept, and a reason for each place without one."""
        failed = " ".join(fault.message for fault in faults)
        unlocated = [
            Unlocated(query.row, self._why.get(rank) or failed or "lieu non trouvé")
            for rank, query in enumerate(self.queries)
            if rank not in self.best
        ]
        return Geocoded(
            tuple(self.best[rank] for rank in sorted(self.best)), tuple(unlocated), faults
        )
