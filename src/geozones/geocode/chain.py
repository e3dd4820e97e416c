"""Providers tried one after the other, each for what those before it could not place well."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from geozones.domain import GeocoderError, GeocoderUnavailableError, InputError
from geozones.domain.places import Located, PlaceQuery, Precision, Remark, Unlocated
from geozones.geocode.cache import AnswerCache
from geozones.geocode.gazetteer import Gazetteer
from geozones.geocode.provider import Outcome
from geozones.geocode.registry import provider_kind
from geozones.geocode.settings import GeocodeSettings

type Gate = Callable[[PlaceQuery, Located], str | None]
"""Says why a place cannot be there, or ``None``."""
type Progress = Callable[[int, int], None]
"""Called with the places done, and all of them."""

#: A place at its commune's centre may still be found better by the next provider.
_GOOD = Precision.STREET.rank


@dataclass(frozen=True, slots=True)
class Fault:
    """A provider that could not answer, and why."""

    provider: str
    message: str


@dataclass(frozen=True)
class Geocoded:
    """Places found and not, in the order asked, and the providers that failed on the way.

    ``remarks`` say what is to check, by row.
    """

    located: tuple[Located, ...]
    unlocated: tuple[Unlocated, ...]
    faults: tuple[Fault, ...]
    remarks: tuple[Remark, ...] = ()


def geocode(  # noqa: PLR0913 - what a use case hands over
    queries: Sequence[PlaceQuery],
    names: Sequence[str],
    settings: GeocodeSettings,
    gazetteer: Gazetteer,
    gate: Gate,
    *,
    progress: Progress = lambda _done, _total: None,
) -> Geocoded:
    """Find places.

    Parameters
    ----------
    queries
        The places; a commune's code that is missing is filled in where its name says enough.
    names
        The providers, in the order to try them.
    settings, gazetteer
        How services are reached, what is known without them.
    gate
        What a place found must pass.
    progress
        Told how far the work is; what it raises stops the work.

    Raises
    ------
    InputError
        If a name is no provider's, or there is none.
    GeocoderUnavailableError
        If every provider failed; the message says why each did.
    """
    kinds = [provider_kind(name) for name in names]
    if not kinds:
        msg = "Aucun service de géocodage n'est configuré (GEOZONES_GEOCODERS)."
        raise InputError(msg)
    cache = AnswerCache(settings.cache, settings.cache_days, settings.cache_entries)
    work = _Work([_with_commune(query, gazetteer) for query in queries], gate)
    faults = []
    for kind in kinds:
        ranks = sorted(work.left)
        progress(len(queries) - len(ranks), len(queries))
        if not ranks:
            break
        try:
            provider = kind.make(settings, gazetteer, cache)
            for rank, outcome in provider.locate([work.queries[rank] for rank in ranks]):
                work.take(ranks[rank], kind.name, outcome)
                progress(len(queries) - len(work.left), len(queries))
        except GeocoderError as error:
            faults.append(Fault(kind.name, str(error)))
    if queries and len(faults) == len(kinds) and not work.best:
        raise GeocoderUnavailableError(" ".join(fault.message for fault in faults))
    return work.result(tuple(faults))


class _Work:
    """What is found so far."""

    def __init__(self, queries: list[PlaceQuery], gate: Gate) -> None:
        self.queries, self._gate = queries, gate
        self.best: dict[int, Located] = {}
        self._why: dict[int, str] = {}
        self.left = set(range(len(queries)))

    def take(self, rank: int, provider: str, outcome: Outcome) -> None:
        """Take what a provider says of a place, if it is better than what is known."""
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

    def result(self, faults: tuple[Fault, ...]) -> Geocoded:
        """Return the places found and not."""
        failed = " ".join(fault.message for fault in faults)
        unlocated = [
            Unlocated(query.row, self._why.get(rank) or failed or "lieu non trouvé")
            for rank, query in enumerate(self.queries)
            if rank not in self.best
        ]
        return Geocoded(
            tuple(self.best[rank] for rank in sorted(self.best)), tuple(unlocated), faults
        )


def _with_commune(query: PlaceQuery, gazetteer: Gazetteer) -> PlaceQuery:
    commune = gazetteer.commune_of(query)
    return query if commune is None else replace(query, insee=commune.code)
