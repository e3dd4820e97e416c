"""Provider ``local``, the default: lycées and communes of the data folder, without network."""

from collections.abc import Iterator, Sequence

from geozones.domain import Lycee
from geozones.domain.places import Located, PlaceQuery, Precision
from geozones.geocode.gazetteer import Gazetteer, KnownCommune
from geozones.geocode.provider import Outcome

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
        return f"la commune « {query.commune[:60] or query.insee[:5]} » n'est pas connue"

    def _found(
        self, query: PlaceQuery, place: Lycee | KnownCommune, precision: Precision
    ) -> Located:
        score = _CENTRE if precision is Precision.COMMUNE else 1.0
        return Located(query.id, place.lat, place.lon, self.name, score, precision, row=query.row)
