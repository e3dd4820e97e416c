"""Chain of geocoding providers, each asked for what others left."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from geozones.common.errors import InputError
from geozones.common.pacing import Progress
from geozones.domain import GeocoderError, GeocoderUnavailableError
from geozones.domain.places import Located, PlaceQuery, Precision, Remark, Unlocated
from geozones.geocode import AnswerCache, GeocodeSettings, Outcome, Provider
from geozones.geocode.lookups import Gazetteer, Local

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

    Parameters
    ----------
    queries
        The places; a missing commune code is filled in if the name identifies it.
    names
        The providers, in the order to try them.
    settings, gazetteer
        Access to the services; the lycées and communes known without them.
    gate
        Returns why a position cannot be right, ``None`` if it may be.
    progress
        Called with (places done, places); an exception stops the work.
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
