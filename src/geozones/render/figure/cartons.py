"""Cartons: small maps of parts of a territory that lie far away.

Départements overseas on the map of a country are the usual case: on one scale with them, the rest
would be a spot.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from geozones.common.french import listing
from geozones.render.figure.basemap import DARK, draw_basemap
from geozones.render.figure.canvas import Box, Canvas, Frame, StrokeStyle, fit
from geozones.render.figure.labels import text_style
from geozones.render.figure.subject import FreeSpace, PictureSubject, draw_markers
from geozones.render.map_ground import MapGround
from geozones.render.scene import LyceePoint, Scene

#: Width and height of a carton, height of its title, margin around its land.
_SIZE, _CARTON_TITLE, _MARGIN = (128.0, 122.0), 22.0, 8.0
_PAPER = "#ffffff"


@dataclass(frozen=True)
class Carton:
    """Map of a part of a territory: its box and frame, its lycées, and the sectors it shows."""

    box: Box
    frame: Frame
    points: tuple[LyceePoint, ...]
    scene: Scene

    @property
    def title(self) -> str:
        """Names of its sectors."""
        return listing([sector.name for sector in self.scene.sectors])


def place_cartons(subject: PictureSubject, space: FreeSpace) -> tuple[Carton, ...] | None:
    """Place the far parts of a subject in free space at the left, from the bottom up.

    The space is then taken; ``None`` if a carton has no room.
    """
    cartons = []
    corner = (space.box.left, space.box.bottom)
    for points in subject.far_parts:
        box = space.nearest(*_SIZE, corner, 4)
        if box is None:
            return None
        space.take(box.inset(-4))
        zones = tuple(
            zone for zone in subject.scene.zones if zone.id in {point.zone for point in points}
        )
        own = {zone.sector for zone in zones}
        sectors = tuple(sector for sector in subject.scene.sectors if sector.id in own)
        west, south, east, north = shapely.total_bounds([zone.geometry for zone in zones]).tolist()
        shown = box._replace(top=box.top - _CARTON_TITLE)
        fitted = Frame.fit((west, south, east, north), shown.inset(_MARGIN))
        frame = replace(fitted, box=shown)
        cartons.append(
            Carton(box, frame, points, replace(subject.scene, zones=zones, sectors=sectors))
        )
    return tuple(cartons)


def draw_cartons(canvas: Canvas, cartons: Sequence[Carton], ground: MapGround) -> None:
    """Draw cartons over a map: land, lycées as dots, names of the sectors above."""
    style = text_style("town", DARK)
    for carton in cartons:
        box = carton.box
        canvas.panel(box, _PAPER, None, 3.6)
        draw_basemap(canvas, carton.scene, ground, carton.frame, 4.0)
        places = carton.frame.points(np.array([(p.lon, p.lat) for p in carton.points]))
        draw_markers(canvas, carton.points, places, 5.2, dots=True)
        canvas.panel(box, "none", StrokeStyle(DARK, 1.3), 6.1)
        text = fit(carton.title, style.size, box.width - 10, style.face)
        gid = f"label-carton-{carton.scene.sectors[0].id}-0"
        canvas.text((box.left + 5, box.top - 15), text, replace(style, layer=6.2), gid)
