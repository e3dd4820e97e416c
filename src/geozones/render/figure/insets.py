"""Insets: enlarged maps of places without room for names on the map, and maps of far places.

A letter beside the place and before the title of its inset joins them: a line would cross sectors.
Cartons are small maps of parts of a territory that lie far away: on one scale with départements
overseas, the rest of a country would be a spot.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase

import numpy as np
import shapely

from geozones.common.french import listing
from geozones.render.figure.basemap import DARK, draw_basemap
from geozones.render.figure.canvas import Box, Canvas, Frame, StrokeStyle, fit
from geozones.render.figure.labels import MapLabel, text_style
from geozones.render.figure.placement import LabelPosition
from geozones.render.figure.subject import FreeSpace, PictureSubject, draw_markers, town
from geozones.render.scene import LyceePoint, MapGround, Scene
from geozones.territory.shapes import clusters

#: Height of the title, and side of the square of a letter.
TITLE, TAG = 24.0, 17.0
#: Sizes of insets where lycées are dots, and where they have names, in units.
_SIZES = {
    False: ((180.0, 150.0), (230.0, 180.0), (290.0, 220.0), (350.0, 270.0)),
    True: ((320.0, 250.0), (380.0, 290.0), (440.0, 330.0), (500.0, 380.0), (560.0, 440.0)),
}
#: Margin around the lycées of an inset, across and up, in units; least margin in degrees.
_MARGINS, _AROUND = {False: (26.0, 26.0), True: (54.0, 30.0)}, 0.006
#: Least area per lycée with a name, in square units.
_NAME_AREA = 5200.0
#: Margin around the lycées of a place within which other lycées join its inset.
_HIDDEN = 16.0


@dataclass(frozen=True)
class Inset:
    """Inset on the sheet: its lycées, its box and its frame, their places and labels there."""

    points: tuple[LyceePoint, ...]
    #: box around its lycées on the main map
    extent: Box
    box: Box
    frame: Frame
    places: np.ndarray
    labels: tuple[tuple[MapLabel, LabelPosition], ...] = ()
    #: number of labels without room
    crowded: int = 0
    letter: str = ""

    @property
    def title(self) -> str:
        """Name of its town."""
        return town(self.points)

    @property
    def room(self) -> Box:
        """Box of the map below the title."""
        return self.box._replace(top=self.box.top - TITLE)

    @property
    def tag(self) -> Box:
        """Square of its letter, at the corner of the place."""
        right, top = self.extent.right, self.extent.top
        return Box(right, top - TAG / 2, right + TAG, top + TAG / 2)


def groups_near(
    places: np.ndarray, ranks: Sequence[int], near: float, least: int
) -> list[list[int]]:
    """Return the groups of some lycées within ``near`` units of one another, the largest first.

    A group has ``least`` lycées or more. ``places``, float[n, (x, y)], are those of all lycées;
    those in the box of a group join it, and groups that share a lycée are merged.
    """
    wholes: list[set[int]] = []
    for core in clusters(places[ranks], near):
        if len(core) < least:
            continue
        group = _with_covered([ranks[i] for i in core], places)
        while shared := [other for other in wholes if other & group]:
            wholes = [other for other in wholes if not other & group]
            group = _with_covered(sorted(group.union(*shared)), places)
        wholes.append(group)
    return sorted(map(sorted, wholes), key=lambda group: (-len(group), group))


def _with_covered(group: list[int], places: np.ndarray) -> set[int]:
    low, high = places[group].min(axis=0) - _HIDDEN, places[group].max(axis=0) + _HIDDEN
    inside = ((places >= low) & (places <= high)).all(axis=1)
    return set(np.flatnonzero(inside).tolist())


def insets_of(
    points: tuple[LyceePoint, ...], places: np.ndarray, free_space: FreeSpace, *, named: bool
) -> Iterator[Inset]:
    """Yield insets of a place without labels, the smallest first, as far as free space goes.

    ``places``, float[n, (x, y)], are on the main map; ``named``: with room for names of lycées.
    """
    low, high = places.min(axis=0) - 9, places.max(axis=0) + 9
    extent = Box(*low.tolist(), *high.tolist())
    least = len(points) * _NAME_AREA if named else 0.0
    sizes = [size for size in _SIZES[named] if size[0] * size[1] > least] or _SIZES[named][-1:]
    across, up = _MARGINS[named]
    lonlat = np.array([(point.lon, point.lat) for point in points])
    for size in sizes:
        box = free_space.nearest(*size, extent.centre, 8)
        if box is None:
            return
        inner = Box(box.left + across, box.bottom + up, box.right - across, box.top - TITLE - up)
        west, south = (lonlat.min(axis=0) - _AROUND).tolist()
        east, north = (lonlat.max(axis=0) + _AROUND).tolist()
        frame = replace(Frame.fit((west, south, east, north), inner), box=box)
        yield Inset(points, extent, box, frame, frame.points(lonlat))


def lettered(insets: Sequence[Inset]) -> tuple[Inset, ...]:
    """Return insets with letters from left to right."""
    ordered = sorted(insets, key=lambda inset: (inset.box.left, -inset.box.top))
    letters = zip(ordered, ascii_uppercase, strict=False)
    return tuple(replace(inset, letter=letter) for inset, letter in letters)


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
