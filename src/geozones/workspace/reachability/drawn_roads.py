"""What an engine draws of the roads: the way between two lycées, what is reached in some time.

Only some engines draw; without one, or where it fails, a sentence says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geozones.common.french import minutes, number
from geozones.domain import EngineError
from geozones.travel.engine import Isochrone, Route
from geozones.workspace.reachability.accessibility import Access
from geozones.workspace.study import Study

#: Minutes of the rings drawn around a place.
RINGS = (15.0, 30.0, 45.0, 60.0)


@dataclass(frozen=True, slots=True)
class DrawnRoute:
    """The way between two lycées (``None``: a straight line stands for it), and what to say."""

    route: Route | None
    said: str


@dataclass(frozen=True, slots=True)
class DrawnRings:
    """What is reached within each bound (empty: not known), and what to say."""

    rings: Sequence[Isochrone]
    said: str


def drawn_route(study: Study, pair: tuple[str, str]) -> DrawnRoute:
    """Return the way between two lycées, and who drew it."""
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
    """Tell whether a configured engine can say what is reached in some time."""
    return bool(study.territory.drives.chain().draws)


def drawn_rings(study: Study, access: Access) -> DrawnRings:
    """Return what is reached from a place within each of `RINGS`, and who says so."""
    bounds = study.analysis.off_peak_minutes(RINGS, access.point)
    try:
        rings, engine = study.territory.drives.chain().isochrones(access.point, bounds)
    except EngineError as error:
        return DrawnRings((), f"Les isochrones n'ont pas pu être tracées. {error}")
    # the engine drives off-peak: each ring is named by the minutes at the moment chosen
    named = [replace(ring, minutes=bound) for bound, ring in zip(RINGS, rings, strict=True)]
    return DrawnRings(named, f"Isochrones par {engine}{study.analysis.peak_note}.")
