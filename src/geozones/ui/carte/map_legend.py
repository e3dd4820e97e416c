"""Legend of the map as it is on screen: its colours, signs and what they mean."""

import htpy

from geozones.ui import state
from geozones.ui.carte.shown import ACCESS, Screen
from geozones.ui.carte.travel_tables import class_legend
from geozones.ui.state.carte_views import MapView, Mode
from geozones.ui.widgets import html, legend
from geozones.workspace.maps.colouring import colour_zones
from geozones.workspace.reachability.accessibility import FROM_PLACE, IN_ZONE


def map_legend(screen: Screen) -> htpy.Element:
    """Return the legend of the map."""
    key = state.of(MapView).colouring
    if screen.access is not None:
        rings = screen.rings is not None and screen.rings.rings
        title = html.subtitle(f"Durée depuis {screen.access.label}")
        return html.stack(title, class_legend(IN_ZONE if rings else FROM_PLACE))
    colouring = colour_zones(screen.study, key) if key and key != ACCESS else None
    signs = legend.legend(
        screen.study,
        faded=screen.mode is Mode.LOOK,
        trial=not screen.is_published,
        classes=() if colouring is None else colouring.legend,
    )
    if colouring is None:
        return signs
    return html.stack(html.subtitle(colouring.title), signs, html.remark(colouring.note))
