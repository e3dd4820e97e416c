"""Subject of a picture: its zones, lycées with their markers, names, and free space."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.basemap import OUTSIDE
from geozones.render.figure.canvas import Box, Canvas, Frame, StrokeStyle, TextStyle
from geozones.render.palette import mixed
from geozones.render.scene import Bounds, Label, LyceePoint, Scene, SectorArea, ZoneArea
from geozones.render.signs import MOVED
from geozones.territory.shapes import APART_KM, groups_apart

#: Side of a square of the grid, in units.
_STEP = 8.0


@dataclass
class FreeSpace:
    """Grid over a box of the sheet: bool[row, column] ``taken``, rows from the bottom."""

    box: Box
    taken: np.ndarray

    @classmethod
    def around(cls, box: Box, shape: BaseGeometry) -> "FreeSpace":
        """Return the grid of a box; squares on or near a shape of the sheet are taken."""
        across, high = int(box.width // _STEP), int(box.height // _STEP)
        x = box.left + (np.arange(across) + 0.5) * _STEP
        y = box.bottom + (np.arange(high) + 0.5) * _STEP
        # a unit is negligible here, and saves most of the corners
        whole = shape.simplify(1.0).buffer(_STEP)
        shapely.prepare(whole)
        grid_x, grid_y = np.meshgrid(x, y)
        return cls(box, np.asarray(shapely.contains_xy(whole, grid_x, grid_y)))

    def copy(self) -> "FreeSpace":
        """Return another grid with the same squares taken."""
        return FreeSpace(self.box, self.taken.copy())

    def take(self, box: Box) -> None:
        """Mark the squares of a rectangle as taken."""
        left, bottom = self._square(box.left, box.bottom)
        right, top = self._square(box.right + _STEP, box.top + _STEP)
        self.taken[max(bottom, 0) : max(top, 0), max(left, 0) : max(right, 0)] = True

    def corners(self, width: float, height: float) -> np.ndarray:
        """Return the lower left corners of the free rectangles of a size: float[n, (x, y)]."""
        across, high = int(np.ceil(width / _STEP)), int(np.ceil(height / _STEP))
        rows, columns = self.taken.shape
        if high > rows or across > columns:
            return np.zeros((0, 2))
        sums = np.zeros((rows + 1, columns + 1), dtype=np.int64)
        sums[1:, 1:] = self.taken.cumsum(0).cumsum(1)
        count = (
            sums[high:, across:] - sums[:-high, across:] - sums[high:, :-across]
            + sums[:-high, :-across]
        )  # fmt: skip
        row, column = np.nonzero(count == 0)
        corner = (self.box.left, self.box.bottom)
        return np.column_stack((column, row)) * _STEP + corner

    def nearest(
        self, width: float, height: float, to: tuple[float, float], clear: float = 0.0
    ) -> Box | None:
        """Return the free rectangle of a size, with a margin ``clear``, nearest to a point."""
        corners = self.corners(width + 2 * clear, height + 2 * clear)
        if not len(corners):
            return None
        middles = corners + np.array((width / 2 + clear, height / 2 + clear))
        # of two equally near, the lower left: always the same
        x, y = corners[int(np.argmin(np.hypot(*(middles - to).T).round(3)))].tolist()
        return Box(x + clear, y + clear, x + clear + width, y + clear + height)

    def _square(self, x: float, y: float) -> tuple[int, int]:
        return int((x - self.box.left) // _STEP), int((y - self.box.bottom) // _STEP)


#: A region of more lycées than this is drawn with dots: rings, numbers and insets have no room.
_MANY = 400
#: Islands farther than this from all others, in far parts of a territory, are parts too.
_ISLAND_KM = 100.0


@dataclass(frozen=True)
class PictureSubject:
    """Contents of a picture of a scene: zones, sectors, lycées, in the order of its legend."""

    scene: Scene
    #: names of the ground, the most important first
    ground_names: tuple[Label, ...] = ()
    #: whether it is for a slide: few names, all large, no inset
    room: bool = False
    #: whether a legend beside the map names the zones of a region by their numbers
    listed: bool = False
    #: whether a picture of few names, without room for those of its lycées, leaves them all out
    unnamed: bool = False
    #: whether the ground has limits of départements
    departements: bool = True

    @cached_property
    def moved(self) -> frozenset[str]:
        """Lycées that move between two plans, which are the subject of a picture of both."""
        change = self.scene.change
        return frozenset() if change is None else frozenset(move.id for move in change.moves)

    @property
    def few(self) -> bool:
        """Whether few things are named and no town enlarged: a slide, a change, or `many`."""
        return self.room or self.scene.change is not None or self.many

    @cached_property
    def many(self) -> bool:
        """Whether it shows so many lycées that no sheet has room for their rings and numbers."""
        return not self.close and len(self.lycees) > _MANY

    @property
    def dots(self) -> bool:
        """Whether lycées are only dots at their positions, without names."""
        return not self.names_lycees

    @property
    def enlarges(self) -> bool:
        """Whether insets show places that are too small: not where few names are on a slide."""
        if self.scene.change is not None or not self.named or (self.room and self.names_lycees):
            return False
        return self.close or (self.listed and not self.many)

    @cached_property
    def zones(self) -> tuple[ZoneArea, ...]:
        """Zones of the subject, which are not faded."""
        return tuple(zone for zone in self.scene.zones if not zone.aside)

    @cached_property
    def close(self) -> bool:
        """Whether it is a close-up of a part of the region, whose zones and lycées are labelled."""
        return len(self.zones) < len(self.scene.zones)

    @cached_property
    def sectors(self) -> tuple[SectorArea, ...]:
        """Sectors of the subject."""
        own = {zone.sector for zone in self.zones}
        return tuple(sector for sector in self.scene.sectors if sector.id in own)

    @cached_property
    def area(self) -> BaseGeometry:
        """Union of its zones, in degrees, which no inset may cover."""
        areas = self.zones or self.scene.zones or self.scene.sectors
        return shapely.union_all([area.geometry for area in areas])

    @cached_property
    def parts(self) -> tuple[tuple[LyceePoint, ...], ...]:
        """Its lycées by part of the territory, the main part first; see `APART_KM`."""
        main, *others = sorted(self._apart(self.lycees, APART_KM), key=lambda part: -len(part))
        islands = (self._apart(part, _ISLAND_KM) for part in others)
        return (main, *chain.from_iterable(islands))

    @staticmethod
    def _apart(points: Sequence[LyceePoint], km: float) -> list[tuple[LyceePoint, ...]]:
        """Return lycées in groups with more than some km between two groups."""
        groups = groups_apart([(point.lon, point.lat) for point in points], km)
        return [tuple(points[rank] for rank in ranks) for ranks in groups]

    @property
    def main_part(self) -> tuple[LyceePoint, ...]:
        """Its lycées but those of the `far_parts`."""
        return self.parts[0]

    @property
    def far_parts(self) -> tuple[tuple[LyceePoint, ...], ...]:
        """Its lycées that would be too small on a map at one scale with the others."""
        return self.parts[1:]

    @cached_property
    def bounds(self) -> Bounds:
        """West, south, east and north of its main part, in degrees."""
        if not self.far_parts:
            return self.scene.view.bounds
        own = {point.zone for point in self.main_part}
        shapes = [zone.geometry for zone in self.scene.zones if zone.id in own]
        west, south, east, north = shapely.total_bounds(shapes).tolist()
        return west, south, east, north

    @cached_property
    def spaces(self) -> dict[Frame, FreeSpace]:
        """Free spaces around it that were computed, by frame."""
        return {}

    @cached_property
    def land(self) -> dict[Frame, BaseGeometry]:
        """Its area in frames where it was computed, in units."""
        return {}

    @cached_property
    def number(self) -> dict[str, int]:
        """Number of each zone (id) of the picture, none if a change has too many for its maps."""
        if self.scene.change is not None and not self.scene.change.zones:
            return {}
        return {zone.id: zone.number for zone in self.zones}

    @cached_property
    def lycees(self) -> tuple[LyceePoint, ...]:
        """Lycées of its zones that have a position."""
        zones = {zone.id for zone in self.zones} or None
        shown = (self.scene.layers or {}).get("lycees", True)
        return tuple(
            point
            for point in self.scene.lycees
            if shown and point.is_placed and (zones is None or point.zone in zones)
        )

    @cached_property
    def others(self) -> tuple[LyceePoint, ...]:
        """Other lycées, drawn faintly."""
        own = {point.id for point in self.lycees}
        shown = (self.scene.layers or {}).get("lycees", True)
        return tuple(
            point
            for point in self.scene.lycees
            if shown and point.is_placed and point.id not in own
        )

    @cached_property
    def unplaced(self) -> tuple[LyceePoint, ...]:
        """Lycées that cannot be drawn, since their position is unknown."""
        zones = {zone.id for zone in self.zones}
        return tuple(
            point
            for point in self.scene.lycees
            if not point.is_placed and (not zones or point.zone in zones)
        )

    @property
    def names_lycees(self) -> bool:
        """Whether each lycée has its name: in a close-up; on a slide, only if all have room.

        In a picture of a change, only the lycées that move have their names.
        """
        if self.scene.change is not None or self.unnamed:
            return False
        return self.close

    @property
    def named(self) -> bool:
        """Whether any label is drawn."""
        return (self.scene.layers or {}).get("labels", True)


def town(points: tuple[LyceePoint, ...]) -> str:
    """Return the most frequent commune of some lycées."""
    communes = [dict(point.facts).get("Commune", "") for point in points]
    return Counter(communes).most_common(1)[0][0]


type Point = tuple[float, float]

#: Radius of a lycée's ring, half the side of a support centre's square, radius of a dot, in units.
RADIUS, HALF, _DOT = 5.2, 8.0, 3.0
#: Length of the head of an arrow, and its colour.
_ARROW, _ARROW_INK = 15.0, "#15202b"
#: Size of the text of a zone's number; its disc is 1.64 times as wide.
BADGE = 14.0


def box_of(point: LyceePoint, at: Sequence[float], *, dots: bool = False) -> Box:
    """Return the box of a lycée's marker at a place of the sheet, which may be one of ``dots``."""
    reach = HALF if point.role == "support" else _DOT if dots else RADIUS + 1.2
    return Box(at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach)


def draw_markers(
    canvas: Canvas,
    points: Sequence[LyceePoint],
    places: np.ndarray,
    layer: float,
    moved: frozenset[str] = frozenset(),
    *,
    dots: bool = False,
) -> None:
    """Draw the markers of lycées at positions, float[n, (x, y)]; ``moved`` have one of their own.

    ``dots``: lycées that are neither moved nor support centres are only dots.
    """
    for point, at in zip(points, places.tolist(), strict=True):
        if dots and point.id not in moved and point.role != "support":
            draw_dot(canvas, (at[0], at[1]), point.ink, layer)
        elif point.role == "support" and point.id not in moved:
            draw_star(canvas, at, point.ink, layer + 0.02)
        elif point.id in moved:
            draw_moved(canvas, at, layer + 0.05)  # over the dots nearby
        else:
            stroke = ring_stroke(point.ink, approximate=point.approximate)
            draw_ring(canvas, at, stroke, layer)


def draw_faint(canvas: Canvas, places: np.ndarray, box: Box, layer: float) -> None:
    """Draw the lycées outside the picture's subject faintly, at positions, float[n, (x, y)]."""
    for x, y in places.tolist():
        if box.inset(6).holds(Box(x, y, x, y)):
            tone = mixed("#5a6670", OUTSIDE, 0.45)
            canvas.circle((x, y), 2.4, tone, layer)


def draw_dot(canvas: Canvas, at: tuple[float, float], colour: str, layer: float) -> None:
    """Draw a dot: a town, or a lycée that has no ring."""
    for radius, tone, up in ((3.4, "#ffffff", 0.0), (2.3, colour, 0.01)):
        canvas.circle(at, radius, tone, layer + up)


def draw_ring(
    canvas: Canvas,
    at: Sequence[float],
    stroke: StrokeStyle,
    layer: float,
    fill: str = "#ffffff",
) -> None:
    """Draw the marker of a lycée; ``stroke`` comes from `ring_stroke`."""
    canvas.circle(at, RADIUS + 2.0, "#ffffff", layer)
    canvas.circle(at, RADIUS, fill, layer + 0.01, stroke)


def draw_moved(canvas: Canvas, at: Sequence[float], layer: float) -> None:
    """Draw the marker of a lycée that moves: a yellow ring with a dot, wherever its position is."""
    draw_ring(canvas, at, ring_stroke(_ARROW_INK), layer, MOVED)
    angles = np.linspace(0, 2 * np.pi, 25)
    dot = np.column_stack((np.cos(angles), np.sin(angles))) * 2.2 + (at[0], at[1])
    canvas.polygon(dot, _ARROW_INK, layer + 0.02)


def ring_stroke(colour: str, *, approximate: bool = False) -> StrokeStyle:
    """Return the stroke of a lycée's ring, dashed if its position is approximate."""
    return StrokeStyle(colour, 2.5, (2.5, 1.75) if approximate else ())


def draw_star(canvas: Canvas, at: Sequence[float], ink: str, layer: float) -> None:
    """Draw the marker of a support centre."""
    x, y = at
    square = Box(x - HALF, y - HALF, x + HALF, y + HALF)
    canvas.panel(square.inset(-1.6), "#ffffff", layer=layer, radius=3.6)
    canvas.panel(square, ink, layer=layer + 0.01, radius=2.6)
    turns = np.pi * (0.5 + np.arange(10) / 5)
    reach = np.resize((5.6, 5.6 * 0.42), 10)
    corners = np.column_stack((x + reach * np.cos(turns), y - 0.4 + reach * np.sin(turns)))
    canvas.polygon(corners, "#ffffff", layer + 0.02)


def draw_arrow(canvas: Canvas, start: Point, end: Point, layer: float) -> None:
    """Draw the arrow of a lycée that moves; nothing if it is too short to be seen."""
    way = np.array(end) - np.array(start)
    length = float(np.hypot(*way))
    if length < 2 * RADIUS + _ARROW:
        return
    along = way / length
    side = np.array((-along[1], along[0])) * _ARROW * 0.45
    first, tip = np.array(start) + along * (RADIUS + 3), np.array(end)
    back = tip - along * _ARROW
    for stroke, up in ((StrokeStyle("#ffffff", 6.4), 0.0), (StrokeStyle(_ARROW_INK, 3.0), 0.01)):
        canvas.lines([np.array((first, back))], stroke, layer + up)
    grown = along * 2.4, side * 1.4
    outer = [tip + grown[0], back - grown[0] + grown[1], back - grown[0] - grown[1]]
    canvas.polygon(np.array([*outer, outer[0]]), "#ffffff", layer)
    canvas.polygon(np.array((tip, back + side, back - side, tip)), _ARROW_INK, layer + 0.02)


def draw_diamond(canvas: Canvas, at: Sequence[float], layer: float) -> None:
    """Draw the marker of a searched place that is not a lycée."""
    x, y = at
    sign = shapely.Polygon([(x, y + 11), (x + 11, y), (x, y - 11), (x - 11, y)])
    canvas.area(sign, MOVED, StrokeStyle("#15202b", 3), layer)


def draw_badge(canvas: Canvas, at: tuple[float, float], number: int, style: TextStyle) -> None:
    """Draw a zone's number around a point, in a disc of a style's colour, size and layer."""
    size, ink, layer = style.size, style.colour, style.layer
    canvas.circle(at, size * 0.82, ink, layer, StrokeStyle("#ffffff", 1.6))
    small = size if number < 10 else size * 0.86
    white = TextStyle(small, "bold", "#ffffff", align="center", layer=layer + 0.01)
    canvas.text((at[0], at[1] - size * 0.365), str(number), white)
