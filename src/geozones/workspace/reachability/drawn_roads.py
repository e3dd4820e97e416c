"""Routes and isochrones from engines that can draw them.

Only some engines can; without such an engine, or if it fails, a sentence says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geozones.common.french import minutes, number
from geozones.domain import EngineError
from geozones.travel.engine import Isochrone, Route
from geozones.workspace.reachability.accessibility import PlaceAccess
from geozones.workspace.study import Study

#: Minutes of the isochrones around a place.
RINGS = (15.0, 30.0, 45.0, 60.0)


@dataclass(frozen=True, slots=True)
class DrawnRoute:
    """The route between two lycées (``None``: a straight line replaces it), and a sentence."""

    route: Route | None
    note: str


@dataclass(frozen=True, slots=True)
class DrawnRings:
    """The isochrones of a place (empty if unknown), and a sentence."""

    rings: Sequence[Isochrone]
    note: str


def drawn_route(study: Study, pair: tuple[str, str]) -> DrawnRoute:
    """Return the route between two lycées, and the engine that drew it."""
    chain = study.territory.drives.chain()
    if not chain.draws:
        return DrawnRoute(None, "Trait droit : aucun moteur configuré ne trace la route.")
    start, end = (study.territory.positions[lycee] for lycee in pair)
    try:
        route, engine = chain.route(start, end)
    except EngineError as error:
        return DrawnRoute(None, f"La route n'a pas pu être tracée. {error}")
    slowed = study.analysis.slowed(route.minutes, *pair)
    took = f"{minutes(slowed)}{study.analysis.peak_note}"
    return DrawnRoute(route, f"Route tracée par {engine} : {took}, {number(route.km)} km.")


def draws_rings(study: Study) -> bool:
    """Tell whether a configured engine can draw isochrones."""
    return bool(study.territory.drives.chain().draws)


def drawn_rings(study: Study, access: PlaceAccess) -> DrawnRings:
    """Return the isochrones of a place for each of `RINGS`, and the engine that drew them."""
    bounds = study.analysis.off_peak_minutes(RINGS, access.point)
    try:
        rings, engine = study.territory.drives.chain().isochrones(access.point, bounds)
    except EngineError as error:
        return DrawnRings((), f"Les isochrones n'ont pas pu être tracées. {error}")
    # the engine drives off-peak: label each isochrone with the minutes at the chosen moment
    named = [replace(ring, minutes=bound) for bound, ring in zip(RINGS, rings, strict=True)]
    return DrawnRings(named, f"Isochrones par {engine}{study.analysis.peak_note}.")
