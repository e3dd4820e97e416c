"""Whether what a geocoder proposes is the place asked for, and how precisely."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from geozones.domain.folding import folded
from geozones.domain.french import number
from geozones.domain.places import Located, PlaceQuery, Precision
from geozones.geocode.provider import Outcome
from geozones.geocode.streets import house_number, same_street


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a geocoder of addresses proposes.

    ``kind`` is ``housenumber``, ``street``, ``locality`` or ``municipality``; ``name`` the street
    or place, with or without its number.
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
        """Return its fields, to be kept."""
        return asdict(self)


def judge(
    query: PlaceQuery, candidates: Iterable[Candidate], provider: str, min_score: float
) -> Outcome:
    """Return the most precise candidate that can be the place, else why the best cannot."""
    reasons, fit = [], []
    for candidate in candidates:
        reason = _doubt(query, candidate, min_score)
        if reason is None:
            fit.append((_precision(query, candidate), candidate))
        else:
            reasons.append(reason)
    if not fit:
        return reasons[0] if reasons else "l'adresse n'est pas trouvée"
    precision, best = min(fit, key=lambda entry: entry[0].rank)
    return Located(query.id, best.lat, best.lon, provider, best.score, precision, row=query.row)


def _doubt(query: PlaceQuery, found: Candidate, min_score: float) -> str | None:
    if found.score < min_score:
        return f"le meilleur résultat est trop peu sûr ({number(found.score, 2)} sur 1)"
    if query.insee and found.citycode and found.citycode != query.insee:
        return f"l'adresse n'est trouvée qu'à {found.city}, pas à {query.commune}"
    towns = {folded(found.city), folded(found.old_city)}
    if not query.insee and query.commune and folded(query.commune) not in towns:
        return f"l'adresse n'est trouvée qu'à {found.city}, pas à {query.commune}"
    if (
        query.address
        and found.kind != "municipality"
        and not same_street(query.address, found.name)
    ):
        return f"le service propose « {found.name[:80]} » au lieu de « {query.address[:80]} »"
    return None


def _precision(query: PlaceQuery, found: Candidate) -> Precision:
    if found.kind == "municipality":
        return Precision.COMMUNE
    if found.kind == "housenumber" and house_number(query.address):
        return Precision.ADDRESS
    return Precision.STREET
