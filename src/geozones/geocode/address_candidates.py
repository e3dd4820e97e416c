"""Choice among the candidates of a geocoder of addresses, or refusal of all."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from geozones.common.folding import folded
from geozones.common.french import number
from geozones.domain.places import Located, PlaceQuery, Precision
from geozones.geocode.provider import Outcome
from geozones.geocode.streets import house_number, same_street


@dataclass(frozen=True, slots=True)
class AddressCandidate:
    """Position proposed by a geocoder of addresses, in WGS84 degrees.

    Parameters
    ----------
    score
        Its confidence, from 0 to 1.
    kind
        ``housenumber``, ``street``, ``locality`` or ``municipality``.
    name
        The street or place, with or without its number.
    city, citycode, old_city
        Its commune, the commune's INSEE code, and the former commune before a merger.
    """

    lat: float
    lon: float
    score: float
    kind: str
    name: str
    city: str
    citycode: str
    old_city: str = ""

    def as_json(self) -> dict[str, object]:
        """Return its fields, for the cache."""
        return asdict(self)


def choose_candidate(
    query: PlaceQuery, candidates: Iterable[AddressCandidate], provider: str, min_score: float
) -> Outcome:
    """Return the most precise acceptable candidate, else the reason against the best candidate."""
    reasons, fit = [], []
    for candidate in candidates:
        reason = _refusal(query, candidate, min_score)
        if reason is None:
            fit.append((_precision(query, candidate), candidate))
        else:
            reasons.append(reason)
    if not fit:
        return reasons[0] if reasons else "l'adresse n'est pas trouvée"
    precision, best = min(fit, key=lambda entry: entry[0].rank)
    return Located(query.id, best.lat, best.lon, provider, best.score, precision, row=query.row)


def _refusal(query: PlaceQuery, candidate: AddressCandidate, min_score: float) -> str | None:
    """Return why a candidate cannot be the place, in French; ``None`` if it can."""
    if candidate.score < min_score:
        return f"le meilleur résultat est trop peu sûr ({number(candidate.score, 2)} sur 1)"
    if query.insee and candidate.citycode and candidate.citycode != query.insee:
        return f"l'adresse n'est trouvée qu'à {candidate.city}, pas à {query.commune}"
    towns = {folded(candidate.city), folded(candidate.old_city)}
    if not query.insee and query.commune and folded(query.commune) not in towns:
        return f"l'adresse n'est trouvée qu'à {candidate.city}, pas à {query.commune}"
    if (
        query.address
        and candidate.kind != "municipality"
        and not same_street(query.address, candidate.name)
    ):
        return f"le service propose « {candidate.name[:80]} » au lieu de « {query.address[:80]} »"
    return None


def _precision(query: PlaceQuery, candidate: AddressCandidate) -> Precision:
    if candidate.kind == "municipality":
        return Precision.COMMUNE
    if candidate.kind == "housenumber" and house_number(query.address):
        return Precision.ADDRESS
    return Precision.STREET
