"""Scene of one drive between two lycées."""

from dataclasses import replace

import shapely

from geozones.common.french import number
from geozones.render import DrawnDrive, Scene, View
from geozones.travel.engine import Route
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.reachability.trips import trip_between
from geozones.workspace.study import Study

#: Margin around a drive on the map, in degrees.
_MARGIN = 0.05


def pair_scene(
    study: Study,
    pair: tuple[str, str],
    options: SceneOptions,
    route: Route | None = None,
) -> Scene:
    """Return the map around two lycées and the drive between them.

    Without ``route`` the drive is a straight line, marked as such.
    """
    ends = tuple(study.territory.positions[lycee] for lycee in pair)
    trip = trip_between(study.analysis, *pair)
    facts = (
        ("De", study.name(pair[0])),
        ("À", study.name(pair[1])),
        ("Durée", study.analysis.drive(*pair)),
        ("Distance", "—" if trip.km is None else f"{number(trip.km)} km"),
        (
            "Tracé",
            "en ligne droite : aucun moteur ne donne la route" if route is None else "par la route",
        ),
    )
    points = ends if route is None else route.line
    way = DrawnDrive("-".join(pair), points, route is None, facts)
    west, south, east, north = shapely.MultiPoint([(lon, lat) for lat, lon in points]).bounds
    bounds = (west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
    scene = build_scene(study, replace(options, lycee=pair[0]))
    key = f"pair-{'-'.join(pair)}-{options.look}"
    return replace(scene, drives=(way,), view=View(bounds, key))
