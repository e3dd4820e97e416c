"""Provider ``geoplateforme``: the national geocoder, and the choice among its candidates.

``GET /search`` answers GeoJSON; ``POST /search/csv`` takes a CSV file and answers it with more
columns, in an order that varies, sometimes after a BOM. Both take ``citycode``, a commune's INSEE
code, as a filter: a postcode would fail on the CEDEX codes that lycées have, and without a filter
one answer in six is in another commune. The file is sent whole, with its length: chunks are
refused.

Places go in batches; those whose best answer is another street are asked for again one by one, with
more answers to choose from.

The street of an answer is compared with the street that was asked: geocoders answer « Rue de la
Perverie » for « Rue de la Perrière », 7 km off, with a good score.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from geozones.common.bounds import degrees, figure
from geozones.common.french import folded, number
from geozones.common.pacing import Clock, RateLimiter
from geozones.common.web import ServiceClient
from geozones.domain import GeocoderAnswerError
from geozones.domain.places import Located, PlaceQuery, Precision
from geozones.geocode import AnswerCache, GeocoderWebSettings, Outcome, geocoder_client

_KINDS = {
    "allee": ("all", "allees"),
    "avenue": ("av", "ave"),
    "boulevard": ("bd", "bld", "boul", "blvd"),
    "chemin": ("ch", "che", "chem"),
    "cours": ("crs",),
    "esplanade": ("esp",),
    "impasse": ("imp",),
    "mail": (),
    "passage": ("pas",),
    "place": ("pl",),
    "promenade": ("prom",),
    "quai": ("q",),
    "route": ("rte",),
    "rue": ("r",),
    "square": ("sq",),
    "voie": (),
}
_TITLES = {
    "general": ("gal", "gen"),
    "marechal": ("mal",),
    "docteur": ("dr",),
    "professeur": ("pr", "prof"),
    "president": ("pdt", "pres"),
    "commandant": ("cdt",),
    "colonel": ("col",),
}
_LONG = {
    short: word for words in (_KINDS, _TITLES) for word, shorts in words.items() for short in shorts
}
#: words ignored in comparisons
_SMALL = frozenset(
    ("de", "du", "des", "la", "le", "les", "l", "d", "a", "au", "aux", "et", "en", "sur", "sous")
)
_NUMBER = re.compile(
    r"^\s*\d+\s*(?:[-/,]\s*\d+\s*)*(?:(?:bis|ter|quater|[a-f])\b)?[\s,]*", re.IGNORECASE
)
_AFTER = re.compile(r"\b(?:bp|cs|tsa)\s*\d+.*$", re.IGNORECASE)


def without_box(address: str) -> str:
    """Return an address without its post-office box and the text after it."""
    return _AFTER.sub("", address).strip(" ,-")


def without_number(address: str) -> str:
    """Return an address without its house number, nor a post-office box."""
    return _NUMBER.sub("", without_box(address), count=1).strip(" ,-")


def house_number(address: str) -> str:
    """Return the house number that an address begins with; empty for none."""
    match = re.match(r"\s*(\d+)", address)
    return match[1] if match else ""


def same_street(asked: str, proposed: str) -> bool:
    """Return whether the proposed street may be the street asked for.

    It has the same words once abbreviations are expanded; a first name or a title may be missing on
    one side (« rue Pasteur », « rue Louis Pasteur »), the kind of street too, but not differ.
    """
    kind_a, words_a = _parts(asked)
    kind_b, words_b = _parts(proposed)
    if kind_a and kind_b and kind_a != kind_b:
        return False
    if not words_a or not words_b:
        return words_a == words_b and bool(kind_a or kind_b)
    few, many = sorted((words_a, words_b), key=len)
    return few[-1] == many[-1] and set(few) <= set(many)


def _parts(address: str) -> tuple[str, list[str]]:
    """Return the kind of street, and the words of its name."""
    words = [_LONG.get(word, word) for word in folded(without_number(address)).split()]
    kind = words[0] if words and words[0] in _KINDS else ""
    return kind, [word for word in words[1 if kind else 0 :] if word not in _SMALL]


@dataclass(frozen=True, slots=True)
class AddressCandidate:
    """Position proposed by a geocoder of addresses, in WGS84 degrees."""

    lat: float
    lon: float
    score: float  # Its confidence, from 0 to 1.
    kind: str  # ``housenumber``, ``street``, ``locality`` or ``municipality``.
    name: str  # The street or place, with or without its number.
    city: str  # Its commune, the commune's INSEE code, and the former commune before a merger.
    citycode: str
    old_city: str = ""


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


SEARCH, BATCH = "/search", "/search/csv"
#: answers to choose from, one by one
_LIMIT = 10
#: longest query, in characters: the engine refuses more than 200
_MAX_QUERY = 180
_COLUMNS = ("rang", "demande", "citycode")
_SHAPE = "n'a pas la forme attendue : vérifiez son adresse dans les réglages."


class Geoplateforme:
    """Addresses of the Base adresse nationale."""

    name = "geoplateforme"

    def __init__(
        self,
        settings: GeocoderWebSettings,
        cache: AnswerCache,
        min_score: float = 0.5,
        clock: Clock | None = None,
    ) -> None:
        self._settings, self._cache, self._min_score = settings, cache, min_score
        self._clock = clock or Clock()
        self._limiter = RateLimiter(settings.per_second, 1.0)

    def locate(self, queries: Sequence[PlaceQuery]) -> Iterator[tuple[int, Outcome]]:
        """Yield the position of each address; raise ``GeocoderError``."""
        client = geocoder_client(
            "le géocodeur national", self._settings, self._limiter, self._clock
        )
        again = []
        addressed = [rank for rank, query in enumerate(queries) if without_box(query.address)]
        for rank in sorted(set(range(len(queries))) - set(addressed)):
            yield rank, "la ligne n'a pas d'adresse à chercher"
        for rank, candidates in self._first(client, {rank: queries[rank] for rank in addressed}):
            outcome = self._judged(queries[rank], candidates)
            if isinstance(outcome, Located):
                yield rank, outcome
            else:
                again.append(rank)
        for rank in again:
            # up to 10 candidates for a place, from the cache or else the service
            query = queries[rank]
            request = self._request("search", query)
            kept = self._kept(request)
            if kept is not None:
                several = kept
            else:
                candidates = parse_search(client.send("GET", SEARCH, params=build_search(query)))
                self._keep(request, candidates)
                several = candidates
            yield rank, self._judged(queries[rank], several)

    def _judged(self, query: PlaceQuery, candidates: Sequence[AddressCandidate]) -> Outcome:
        # the most precise acceptable candidate, else the reason against the best candidate
        min_score = self._min_score
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
        return Located(
            query.id, best.lat, best.lon, self.name, best.score, precision, row=query.row
        )

    def _first(
        self, client: ServiceClient, queries: Mapping[int, PlaceQuery]
    ) -> Iterator[tuple[int, tuple[AddressCandidate, ...]]]:
        """Yield (rank, best candidate or none) for each place: from the cache, then in batches."""
        missing = []
        for rank, query in queries.items():
            kept = self._kept(self._request("batch", query))
            if kept is None:
                missing.append(rank)
            else:
                yield rank, kept
        step = self._settings.batch_rows
        for first in range(0, len(missing), step):
            ranks = missing[first : first + step]
            rows = {rank: queries[rank] for rank in ranks}
            answers = parse_batch(client.send("POST", BATCH, **build_batch(rows)), ranks)
            for rank, candidates in answers.items():
                self._keep(self._request("batch", queries[rank]), candidates)
                yield rank, candidates

    def _request(self, way: str, query: PlaceQuery) -> list[str]:
        return [self.name, self._settings.url, way, words(query), query.insee]

    def _kept(self, request: list[str]) -> tuple[AddressCandidate, ...] | None:
        kept = self._cache.get(request)
        try:
            return None if kept is None else tuple(AddressCandidate(**entry) for entry in kept)
        except TypeError:
            return None

    def _keep(self, request: list[str], candidates: Sequence[AddressCandidate]) -> None:
        """Cache an answer, unless it is empty: the place may be known later."""
        if candidates:
            self._cache.put(request, [asdict(candidate) for candidate in candidates])


def words(query: PlaceQuery) -> str:
    """Return the search text: address and commune; postcode if there is no code to filter by."""
    parts = [without_box(query.address), "" if query.insee else query.postcode, query.commune]
    return " ".join(" ".join(parts).split())[:_MAX_QUERY]


def build_search(query: PlaceQuery) -> dict[str, str]:
    """Return the parameters of a search."""
    asked = {"q": words(query), "limit": str(_LIMIT), "autocomplete": "0"}
    return {**asked, "citycode": query.insee} if query.insee else asked


def build_batch(queries: Mapping[int, PlaceQuery]) -> dict[str, Any]:
    """Return the file and the fields of a batch, as ``requests`` takes them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows([rank, words(query), query.insee] for rank, query in queries.items())
    return {
        "files": {"data": ("lieux.csv", text.getvalue().encode(), "text/csv")},
        "data": {"columns": _COLUMNS[1], "citycode": _COLUMNS[2]},
    }


def parse_search(body: bytes) -> tuple[AddressCandidate, ...]:
    """Read a GeoJSON answer; raise ``GeocoderAnswerError`` for anything else."""
    try:
        features = json.loads(body)["features"]
        places = [(*feature["geometry"]["coordinates"][:2], feature) for feature in features]
        read = [_candidate(lon, lat, feature["properties"]) for lon, lat, feature in places]
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise GeocoderAnswerError(f"La réponse du géocodeur national {_SHAPE}") from error
    return tuple(candidate for candidate in read if candidate is not None)


def parse_batch(body: bytes, ranks: Sequence[int]) -> dict[int, tuple[AddressCandidate, ...]]:
    """Read a CSV answer by the names of its columns: rank -> the best answer, if any."""
    try:
        reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig")), strict=True)
        by_rank = {int(row[_COLUMNS[0]]): row for row in reader}
        return {rank: _of_row(by_rank[rank]) for rank in ranks}
    except (ValueError, TypeError, LookupError, csv.Error) as error:
        raise GeocoderAnswerError(f"Le fichier rendu par le géocodeur national {_SHAPE}") from error


def _of_row(row: Mapping[str, str | None]) -> tuple[AddressCandidate, ...]:
    values = {name.removeprefix("result_"): value for name, value in row.items() if name}
    values["citycode"] = row.get("result_citycode")
    candidate = _candidate(row["longitude"], row["latitude"], values)
    return () if candidate is None else (candidate,)


def _candidate(lon: object, lat: object, values: Mapping[str, object]) -> AddressCandidate | None:
    """Read a candidate from its fields; ``None`` if it lacks position or score."""
    latitude, longitude = degrees(lat, 90), degrees(lon, 180)
    score = figure(values.get("score"))
    if latitude is None or longitude is None or score is None:
        return None

    def text(name: str) -> str:
        return str(values.get(name) or "")

    return AddressCandidate(
        lat=latitude,
        lon=longitude,
        score=score,
        kind=text("type"),
        name=text("street") or text("name"),
        city=text("city"),
        citycode=text("citycode"),
        old_city=text("oldcity"),
    )
