"""Drawing on a figure: projection of the map, areas, lines, text measured in its typeface."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import shapely
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D
from shapely.geometry.base import BaseGeometry

from geozones.common.french import NARROW, NBSP
from geozones.render.scene import Bounds
from geozones.render.sheet import Sheet
from geozones.render.typeface import Face, typeface

#: Height above and depth below the base line, as parts of the size, accented capitals included.
ASCENT, DESCENT = 0.94, 0.24
#: Distance between base lines, as a part of the size.
LEADING = 1.22
_MEASURED_AT = 100
_NAMELESS = "(sans nom)"
#: Characters where a line may break, and spaces where it may not.
_BREAKS, _GLUE = re.compile(r"[ \t\r\n\f\v]+"), frozenset((NBSP, NARROW))


def _font(face: Face) -> FT2Font:
    """Return the font of a face, with a fallback for missing letters.

    A font holds its last size and text, so it is never cached here: matplotlib keeps a font for
    each thread.
    """
    return get_font(typeface().files[face])


def letters_of(face: Face) -> list[frozenset[int]]:
    """Return the code points that each family has a glyph for in a face."""
    return [frozenset(get_font(path).get_charmap()) for path in typeface().files[face]]


@lru_cache
def _known(_name: str) -> frozenset[int]:
    """Return the code points that both upright faces of the typeface can write."""
    regular, bold = letters_of("regular"), letters_of("bold")
    return frozenset.union(*regular) & frozenset.union(*bold)


@lru_cache
def _names(_name: str) -> list[str]:
    """Register the files of the typeface in matplotlib, before any that a machine has."""
    found = fontManager.ttflist
    for path in (path for paths in typeface().files.values() for path in paths):
        known = len(found)
        fontManager.addfont(path)
        added = found[known:]
        found[:] = [*added, *found[:known]]
    return list(typeface().names)


def properties(face: Face, points: float) -> FontProperties:
    """Return matplotlib's properties of a face at a size: its families, by preference."""
    return FontProperties(
        family=_names(typeface().name),
        weight="bold" if face == "bold" else "normal",
        style="italic" if face == "italic" else "normal",
        size=points,
    )


def drawable(text: str) -> str:
    """Return text on one line, without the characters that no font has, such as emoji."""
    return _drawable(text, typeface().name)


@lru_cache(maxsize=8192)
def _drawable(text: str, name: str) -> str:
    known = _known(name)
    spaced = _BREAKS.sub(" ", unicodedata.normalize("NFC", text))
    kept = "".join(c for c in spaced if c in _GLUE or (ord(c) in known and c.isprintable()))
    return _BREAKS.sub(" ", kept).strip(" ") or (_NAMELESS if text.strip() else "")


def width(text: str, size: float, face: Face = "regular") -> float:
    """Return the width of a line, in the unit of ``size``."""
    return _width(text, size, face, typeface().name)


@lru_cache(maxsize=16384)
def _width(text: str, size: float, face: Face, _name: str) -> float:
    font = _font(face)
    font.set_size(_MEASURED_AT, 72)
    font.set_text(drawable(text), 0.0, flags=LoadFlags.NO_HINTING)
    measured, _ = font.get_width_height()
    return float(measured) / 64 * size / _MEASURED_AT


def wrap(
    text: str, size: float, room: float, face: Face = "regular", most: int = 3
) -> tuple[str, ...]:
    """Cut text into lines no wider than ``room``, at most ``most`` lines; ``…`` ends a cut.

    Lines end at spaces, else after a hyphen, else anywhere.
    """
    lines = [""]
    for word in drawable(text).split(" "):
        for rank, piece in enumerate(_pieces(word, size, room, face)):
            joint = "" if rank or not lines[-1] else " "
            longer = f"{lines[-1]}{joint}{piece}"
            if not lines[-1] or width(longer, size, face) <= room:
                lines[-1] = longer
            else:
                lines.append(piece)
    if len(lines) > most:
        lines = [*lines[: most - 1], fit(f"{lines[most - 1]} {lines[most]}…", size, room, face)]
        if not lines[-1].endswith("…"):
            lines[-1] = fit(f"{lines[-1]}…", size, room, face)
    return tuple(lines)


def _pieces(word: str, size: float, room: float, face: Face) -> list[str]:
    """Return a word whole if it fits on a line, else its parts."""
    if width(word, size, face) <= room:
        return [word]
    pieces = []
    for part in re.findall(r"[^-]*-|[^-]+", word):
        left = part
        while width(left, size, face) > room and len(left) > 1:
            end = max(1, int(len(left) * room / width(left, size, face)))
            while end > 1 and width(left[:end], size, face) > room:
                end -= 1
            pieces.append(left[:end])
            left = left[end:]
        pieces.append(left)
    return pieces


def fit(text: str, size: float, room: float, face: Face = "regular") -> str:
    """Return text, shortened with ``…`` if it is wider than ``room``."""
    clean = drawable(text)
    if width(clean, size, face) <= room:
        return clean
    bare = clean.rstrip(" …")
    while bare and width(f"{bare}…", size, face) > room:
        bare = bare[:-1].rstrip()
    return f"{bare}…"


class Box(NamedTuple):
    """Rectangle of the sheet, in its units, y upwards."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Width in units."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in units."""
        return self.top - self.bottom

    @property
    def centre(self) -> tuple[float, float]:
        """The middle."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def inset(self, margin: float) -> "Box":
        """Return the box reduced by a margin on all sides."""
        return Box(self.left + margin, self.bottom + margin, self.right - margin, self.top - margin)

    def holds(self, other: "Box") -> bool:
        """Return whether the box contains another box."""
        return (
            self.left <= other.left
            and self.bottom <= other.bottom
            and other.right <= self.right
            and other.top <= self.top
        )

    def nearest_to(self, point: tuple[float, float]) -> tuple[float, float]:
        """Return the point of the box nearest to a point."""
        x, y = point
        return min(max(x, self.left), self.right), min(max(y, self.bottom), self.top)


def metres_per_degree(latitude: float) -> tuple[float, float]:
    """Return the metres of a degree of longitude and of latitude (WGS84 ellipsoid, series)."""
    phi = math.radians(latitude)
    along = 111_412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
    up = 111_132.954 - 559.822 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
    return along, up


@dataclass(frozen=True)
class Frame:
    """Projection into a box of the sheet.

    The point (``longitude``, ``latitude``), in degrees, is drawn at ``centre`` (units of the
    sheet). The projection is equirectangular with the true scale at the middle latitude, north up:
    over the region lengths are correct within 2 %, and nothing looks stretched.
    """

    box: Box
    longitude: float
    latitude: float
    metres_per_unit: float
    centre: tuple[float, float]

    @classmethod
    def fit(
        cls, bounds: Bounds, box: Box, scale: float = 1.0, align: tuple[float, float] = (0.5, 0.5)
    ) -> "Frame":
        """Return the frame that shows all of ``bounds`` (west, south, east, north) in a box.

        A ``scale`` of less than 1 leaves a margin; ``align`` (x, y) is its side: 0 puts the bounds
        at the left or the bottom of the box, 1 at the right or the top.
        """
        west, south, east, north = bounds
        latitude = (south + north) / 2
        along, up = metres_per_degree(latitude)
        across, high = max((east - west) * along, 1.0), max((north - south) * up, 1.0)
        metres = max(across / box.width, high / box.height) / scale
        x = box.left + across / metres / 2 + (box.width - across / metres) * align[0]
        y = box.bottom + high / metres / 2 + (box.height - high / metres) * align[1]
        return cls(box, (west + east) / 2, latitude, metres, (x, y))

    def points(self, places: np.ndarray) -> np.ndarray:
        """Project places: float[n, (longitude, latitude)], degrees, to float[n, (x, y)], units."""
        along, up = metres_per_degree(self.latitude)
        offset = places - (self.longitude, self.latitude)
        moved: np.ndarray = offset * (along, up) / self.metres_per_unit + self.centre
        return moved

    def point(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Project a place; return x and y in units of the sheet."""
        x, y = self.points(np.array([[longitude, latitude]]))[0].tolist()
        return x, y

    def shape(self, geometry: BaseGeometry, margin: float = 8.0) -> BaseGeometry:
        """Project a geometry, clipped to ``margin`` outside the box and simplified to 0.2 units."""
        placed = shapely.transform(geometry, self.points)
        left, bottom, right, top = self.box.inset(-margin)
        cut = shapely.clip_by_rect(placed, left, bottom, right, top)
        return shapely.simplify(cut, 0.2) if max(cut.area, cut.length) > 1 else cut

    def lines(self, geometry: BaseGeometry) -> list[np.ndarray]:
        """Project lines, clipped a little outside the box: each float[n, (x, y)]."""
        parts = shapely.get_parts(shapely.line_merge(self.shape(geometry, 20.0)))
        return [shapely.get_coordinates(part) for part in parts if part.length > 0]

    @property
    def bounds(self) -> Bounds:
        """Bounds of the box: west, south, east, north in degrees."""
        along, up = metres_per_degree(self.latitude)
        (x, y), size = self.centre, self.metres_per_unit
        return (
            self.longitude + (self.box.left - x) * size / along,
            self.latitude + (self.box.bottom - y) * size / up,
            self.longitude + (self.box.right - x) * size / along,
            self.latitude + (self.box.top - y) * size / up,
        )


@dataclass(frozen=True)
class StrokeStyle:
    """Stroke of a line: colour, width (units), dashes (units drawn, units left blank, …)."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class TextStyle:
    """Style of a text: size (units), face, colour, the halo's colour (or none), opacity.

    ``align`` is the point of a line at its position: ``left``, ``center`` or ``right``; ``layer``
    is matplotlib's zorder.
    """

    size: float
    face: Face = "regular"
    colour: str = "#1f2a33"
    halo: str = ""
    alpha: float = 1.0
    align: str = "left"
    layer: float = 9.0


@dataclass
class Canvas:
    """Matplotlib figure whose single axes cover the whole sheet, in units of the layout.

    ``layer`` is a zorder everywhere: higher layers are drawn over lower layers.
    """

    sheet: Sheet
    figure: Figure = field(init=False)
    width: float = field(init=False)
    height: float = field(init=False)

    def __post_init__(self) -> None:
        sheet = self.sheet
        self.figure = Figure(
            figsize=(sheet.width_px / sheet.dpi, sheet.height_px / sheet.dpi),
            dpi=sheet.dpi,
            facecolor="white",
        )
        self.width, self.height = sheet.width_px / sheet.unit, sheet.height_px / sheet.unit
        self.axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set_xlim(0, self.width)
        self.axes.set_ylim(0, self.height)
        self.axes.set_axis_off()

    @property
    def box(self) -> Box:
        """The whole sheet."""
        return Box(0, 0, self.width, self.height)

    def points(self, units: float) -> float:
        """Return a length in points (1/72 inch), the unit of matplotlib's sizes and widths."""
        return units * self.sheet.unit * 72 / self.sheet.dpi

    def area(
        self,
        geometry: BaseGeometry,
        fill: str = "none",
        stroke: StrokeStyle | None = None,
        layer: float = 1.0,
        clip: Box | None = None,
    ) -> PathPatch:
        """Draw polygons of the sheet, clipped to a box if given."""
        patch = PathPatch(
            _path(geometry),
            facecolor=fill,
            edgecolor="none" if stroke is None else stroke.colour,
            linewidth=0 if stroke is None else self.points(stroke.width),
            linestyle=self.dashes(stroke),
            joinstyle="round",
            capstyle="round" if stroke is not None and stroke.dash[:1] == (0,) else "butt",
            zorder=layer,
        )
        self.axes.add_artist(patch)
        self._clip(patch, clip)
        return patch

    def polygon(self, corners: np.ndarray, fill: str, layer: float) -> None:
        """Draw a filled shape, float[n, (x, y)]."""
        self.axes.add_artist(
            PathPatch(Path(corners, closed=True), facecolor=fill, linewidth=0, zorder=layer)
        )

    def panel(
        self,
        box: Box,
        fill: str,
        stroke: StrokeStyle | None = None,
        layer: float = 0.5,
        radius: float = 10.0,
    ) -> FancyBboxPatch:
        """Draw a rectangle with round corners."""
        patch = FancyBboxPatch(
            (box.left, box.bottom),
            box.width,
            box.height,
            boxstyle=f"round,pad=0,rounding_size={radius}",
            facecolor=fill,
            edgecolor="none" if stroke is None else stroke.colour,
            linewidth=0 if stroke is None else self.points(stroke.width),
            linestyle=self.dashes(stroke),
            mutation_aspect=1,
            zorder=layer,
        )
        self.axes.add_artist(patch)
        return patch

    def lines(
        self,
        lines: Sequence[np.ndarray | Sequence[tuple[float, float]]],
        stroke: StrokeStyle,
        layer: float = 2.0,
        clip: PathPatch | Box | None = None,
    ) -> None:
        """Draw lines, each a list of (x, y)."""
        drawn = LineCollection(
            [np.asarray(line) for line in lines],
            colors=stroke.colour,
            linewidths=self.points(stroke.width),
            linestyles=[self.dashes(stroke)],
            capstyle="round" if stroke.dash[:1] == (0,) else "butt",
            zorder=layer,
        )
        self.axes.add_collection(drawn, autolim=False)
        self._clip(drawn, clip)

    def text(
        self,
        at: tuple[float, float],
        text: str,
        style: TextStyle,
        gid: str | None = None,
        angle: float = 0.0,
    ) -> None:
        """Print a line of text, ``at`` on its base line, turned by ``angle`` degrees.

        The halo is a separate path below the text, which stays text in a vector file. ``gid``
        names the text in an SVG.
        """
        if not (line := drawable(text)):
            return
        font = properties(style.face, self.points(style.size))
        drawn = self.axes.text(
            *at,
            line,
            fontproperties=font,
            color=style.colour,
            alpha=style.alpha,
            ha=style.align,
            va="baseline",
            rotation=angle,
            rotation_mode="anchor",
            zorder=style.layer,
            parse_math=False,
            gid=gid,
        )
        drawn.set_in_layout(False)
        if style.halo:
            self._halo(at, line, style)

    def block(
        self,
        at: tuple[float, float],
        lines: Sequence[str],
        style: TextStyle,
        gid: str | None = None,
        leading: float = LEADING,
    ) -> float:
        """Print lines below one another from the top left ``at``; return the y of their end."""
        x, y = at
        for rank, line in enumerate(lines):
            base = y - style.size * (0.93 + rank * leading)
            name = None if gid is None else f"{gid}-{rank}"
            self.text((x, base), line, style, name)
        return y - style.size * leading * len(lines)

    def _halo(self, at: tuple[float, float], line: str, style: TextStyle) -> None:
        path = TextPath((0, 0), line, size=style.size, prop=properties(style.face, style.size))
        # the width for alignment; measuring its outlines takes long
        part = {"left": 0.0, "center": 0.5, "right": 1.0}[style.align]
        shift = part * width(line, style.size, style.face)
        moved = path.transformed(Affine2D().translate(at[0] - shift, at[1]))
        patch = PathPatch(
            moved,
            facecolor=style.halo,
            edgecolor=style.halo,
            linewidth=self.points(max(3.2, style.size * 0.26)),
            joinstyle="round",
            zorder=style.layer - 0.05,
        )
        self.axes.add_artist(patch)

    def dashes(self, stroke: StrokeStyle | None) -> str | tuple[float, tuple[float, ...]]:
        """Return the dashes of a line for matplotlib: offset, then lengths in line widths."""
        if stroke is None or not stroke.dash:
            return "solid"
        return 0.0, tuple(part / stroke.width for part in stroke.dash)

    def _clip(self, artist: PathPatch | LineCollection, clip: PathPatch | Box | None) -> None:
        if isinstance(clip, PathPatch):
            artist.set_clip_path(clip)
        elif clip is not None:
            artist.set_clip_path(_path(shapely.box(*clip)), self.axes.transData)


def _path(geometry: BaseGeometry) -> Path:
    """Return polygons as one path; holes run in the opposite direction of exteriors."""
    vertices, codes = [], []
    polygons = [p for p in shapely.get_parts(geometry) if isinstance(p, shapely.Polygon)]
    for polygon in polygons:
        for ring in shapely.get_rings(shapely.orient_polygons(polygon)):
            places = shapely.get_coordinates(ring)
            step = np.full(len(places), Path.LINETO, dtype=Path.code_type)
            step[0], step[-1] = Path.MOVETO, Path.CLOSEPOLY
            vertices.append(places)
            codes.append(step)
    if not vertices:
        return Path(np.zeros((0, 2)))
    return Path(np.concatenate(vertices), np.concatenate(codes))
