"""Provider ``annuaire``: the ministry's directory, by UAI (data.education.gouv.fr).

Its API is Opendatasoft's Explore v2.1: ``…/catalog/datasets/fr-en-annuaire-education/records`` with
``where``, ``select`` and ``limit`` (100 at most); the answer is ``{"total_count", "results"}``. A
coordinate may be a number or a string.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from geozones.common.pacing import Clock, RateLimiter
from geozones.domain import GeocoderAnswerError, is_uai
from geozones.domain.places import Located, PlaceQuery, Precision
from geozones.domain.terms import terms
from geozones.geocode.cache import AnswerCache
from geozones.geocode.client import GeocoderClient
from geozones.geocode.geocode_settings import WebSettings
from geozones.geocode.number_parsing import degrees
from geozones.geocode.provider import Outcome

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
        self, settings: WebSettings, cache: AnswerCache, clock: Clock | None = None
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
        client = GeocoderClient(
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
    """Read an answer: UAI -> ``{"lat", "lon", "precision"}``, without UAIs lacking a position.

    Raises
    ------
    GeocoderAnswerError
        If the answer contradicts the documentation.
    """
    try:
        records = json.loads(body)["results"]
        rows = [(str(row["identifiant_de_l_etablissement"]), row) for row in records]
    except (ValueError, TypeError, LookupError) as error:
        msg = (
            "La réponse de l'annuaire de l'éducation n'a pas la forme attendue : vérifiez son "
            "adresse dans les réglages."
        )
        raise GeocoderAnswerError(msg) from error
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
