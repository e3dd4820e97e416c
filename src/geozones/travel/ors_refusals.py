"""Refusals of openrouteservice, by their codes and messages, and the same in French."""

import re

from geozones.domain import EngineAnswerError, EngineError, NoRouteError
from geozones.travel.ors_blocks import MatrixCall, NamedPoint
from geozones.travel.ors_client import OrsRefusalError

#: codes of a refusal: a point near no road, no route, too large a request
NO_POINT = frozenset({2010, 6010})
_NO_ROUTE = frozenset({2009, 3099})
_TOO_MUCH = frozenset({2004, 3004, 6004})
_NAMED = re.compile(r"(?:specified coordinate|Could not find point)\s+(\d+)")
_SIDES = re.compile(r"(Source|Destination) point\(s\) \[([\d, ]+)\]")


def unroutable(message: str, call: MatrixCall) -> set[NamedPoint]:
    """Return the points of a call that a refusal names, if any."""
    ranks = {int(rank) for rank in _NAMED.findall(message)}
    for side, listed in _SIDES.findall(message):
        numbers = call.sources if side == "Source" else call.targets
        of_side = [int(rank) for rank in listed.split(",") if rank.strip()]
        ranks |= {numbers[rank] for rank in of_side if rank < len(numbers)}
    return {call.places[rank] for rank in ranks if rank < len(call.places)}


def no_route(place: str = "un des points") -> NoRouteError:
    """Return the error of a point near no road."""
    return NoRouteError(
        f"Openrouteservice ne trouve pas de route près de {place} : vérifiez sa position."
    )


def refused(refusal: OrsRefusalError) -> EngineError:
    """Return the French error for a refusal."""
    if refusal.code in NO_POINT:
        named = _NAMED.search(refusal.message)
        ends = {"0": "du point de départ", "1": "du point d'arrivée"}
        return no_route(ends.get(named[1], "un des points") if named else "un des points")
    if refusal.code in _NO_ROUTE:
        return NoRouteError(
            "Openrouteservice ne trouve aucun trajet en voiture depuis ce point : vérifiez les "
            "positions."
        )
    if refusal.code in _TOO_MUCH:
        return EngineAnswerError(
            "Openrouteservice refuse une demande aussi grande : réduisez max_pairs (2 500 sur un "
            "serveur installé par défaut) ou la durée."
        )
    return EngineAnswerError(
        f"Openrouteservice refuse la demande (erreur {refusal.status}, code {refusal.code}) : "
        "vérifiez le profil et la version du serveur."
    )
