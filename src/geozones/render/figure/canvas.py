"""What a sheet is drawn with: areas, lines and text, in units of the layout, y upwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.fonts import LEADING, Face, printable, properties
from geozones.render.figure.frame import Box
from geozones.render.sheet import Sheet


@dataclass(frozen=True)
class Ink:
    """How an outline is drawn: its colour, width (units) and dashes (units drawn, units left)."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Type:
    """How text is printed: its size (units), face, colour, the halo's colour, its opacity.

    ``align`` is which end of a line stands at its place: ``left``, ``center`` or ``right``.
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
    """A matplotlib figure whose single axes are the sheet, one data unit a unit of the layout."""

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
        """Return a length in typographic points, as matplotlib counts sizes and widths."""
        return units * self.sheet.unit * 72 / self.sheet.dpi

    def area(
        self,
        geometry: BaseGeometry,
        fill: str = "none",
        ink: Ink | None = None,
        layer: float = 1.0,
        clip: Box | None = None,
    ) -> PathPatch:
        """Draw polygons."""
        patch = PathPatch(
            _path(geometry),
            facecolor=fill,
            edgecolor="none" if ink is None else ink.colour,
            linewidth=0 if ink is None else self.points(ink.width),
            linestyle=self.dashes(ink),
            joinstyle="round",
            capstyle="round" if ink is not None and ink.dash[:1] == (0,) else "butt",
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
        self, box: Box, fill: str, ink: Ink | None = None, layer: float = 0.5, radius: float = 10.0
    ) -> FancyBboxPatch:
        """Draw a rectangle with round corners."""
        patch = FancyBboxPatch(
            (box.left, box.bottom),
            box.width,
            box.height,
            boxstyle=f"round,pad=0,rounding_size={radius}",
            facecolor=fill,
            edgecolor="none" if ink is None else ink.colour,
            linewidth=0 if ink is None else self.points(ink.width),
            linestyle=self.dashes(ink),
            mutation_aspect=1,
            zorder=layer,
        )
        self.axes.add_artist(patch)
        return patch

    def lines(
        self,
        lines: Sequence[np.ndarray | Sequence[tuple[float, float]]],
        ink: Ink,
        layer: float = 2.0,
        clip: PathPatch | Box | None = None,
    ) -> None:
        """Draw lines, each a list of (x, y)."""
        drawn = LineCollection(
            [np.asarray(line) for line in lines],
            colors=ink.colour,
            linewidths=self.points(ink.width),
            linestyles=[self.dashes(ink)],
            capstyle="round" if ink.dash[:1] == (0,) else "butt",
            zorder=layer,
        )
        self.axes.add_collection(drawn, autolim=False)
        self._clip(drawn, clip)

    def text(
        self,
        at: tuple[float, float],
        text: str,
        kind: Type,
        gid: str | None = None,
        angle: float = 0.0,
    ) -> None:
        """Print a line of text; ``at`` is on its base line.

        The halo is a path of its own under the text, which stays text in a vector file.
        """
        if not (line := printable(text)):
            return
        font = properties(kind.face, self.points(kind.size))
        drawn = self.axes.text(
            *at,
            line,
            fontproperties=font,
            color=kind.colour,
            alpha=kind.alpha,
            ha=kind.align,
            va="baseline",
            rotation=angle,
            rotation_mode="anchor",
            zorder=kind.layer,
            parse_math=False,
            gid=gid,
        )
        drawn.set_in_layout(False)
        if kind.halo:
            self._halo(at, line, kind)

    def block(
        self,
        at: tuple[float, float],
        lines: Sequence[str],
        kind: Type,
        gid: str | None = None,
        leading: float = LEADING,
    ) -> float:
        """Print lines under one another, ``at`` the top; return where the block ends."""
        x, y = at
        for rank, line in enumerate(lines):
            base = y - kind.size * (0.93 + rank * leading)
            name = None if gid is None else f"{gid}-{rank}"
            self.text((x, base), line, kind, name)
        return y - kind.size * leading * len(lines)

    def _halo(self, at: tuple[float, float], line: str, kind: Type) -> None:
        path = TextPath((0, 0), line, size=kind.size, prop=properties(kind.face, kind.size))
        box = path.get_extents()
        shift = {"left": 0.0, "center": (box.x0 + box.x1) / 2, "right": box.x1}[kind.align]
        moved = path.transformed(Affine2D().translate(at[0] - shift, at[1]))
        patch = PathPatch(
            moved,
            facecolor=kind.halo,
            edgecolor=kind.halo,
            linewidth=self.points(max(3.2, kind.size * 0.26)),
            joinstyle="round",
            zorder=kind.layer - 0.05,
        )
        self.axes.add_artist(patch)

    def dashes(self, ink: Ink | None) -> str | tuple[float, tuple[float, ...]]:
        """Return the dashes of a line as matplotlib takes them."""
        if ink is None or not ink.dash:
            return "solid"
        # matplotlib counts dashes in line widths
        return 0.0, tuple(part / ink.width for part in ink.dash)

    def _clip(self, artist: PathPatch | LineCollection, clip: PathPatch | Box | None) -> None:
        if isinstance(clip, PathPatch):
            artist.set_clip_path(clip)
        elif clip is not None:
            artist.set_clip_path(_path(shapely.box(*clip)), self.axes.transData)


def _path(geometry: BaseGeometry) -> Path:
    """Return polygons as one path, holes the other way round."""
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
