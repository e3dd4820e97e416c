"""Drawing as SVG: projection of the map, areas, lines, text measured in its typeface."""

import math
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from fontTools.ttLib import TTFont
from shapely.geometry.base import BaseGeometry

from geozones.common.french import NARROW, NBSP, typeset
from geozones.render.scene import Bounds
from geozones.render.typeface import MONO_ADVANCE, MONO_LETTERS, MONO_NAME, Face, typeface

#: Height above and depth below the base line, as parts of the size, accented capitals included.
ASCENT, DESCENT = 0.94, 0.24
#: Distance between base lines, as a part of the size.
LEADING = 1.22
_NAMELESS = "(sans nom)"
#: Code point of the space; kind of the tables of pairs in OpenType's GPOS.
_SPACE, _PAIRS = 0x20, 2
_FROM_RIGHT = frozenset({"R", "AL"})
#: Characters where a line may break, and spaces where it may not.
_BREAKS, _GLUE = re.compile(r"[ \t\r\n\f\v]+"), frozenset((NBSP, NARROW))


class FontMetrics:
    """Advances of the letters of a font file and kerning of its pairs, as parts of the size."""

    def __init__(self, path: Path) -> None:
        font = TTFont(path, lazy=True)
        em, widths = font["head"].unitsPerEm, font["hmtx"]
        self.glyphs: Mapping[int, str] = font.getBestCmap()
        self.advances = {letter: widths[glyph][0] / em for letter, glyph in self.glyphs.items()}
        self._em = em
        self._pairs = list(_pair_tables(font["GPOS"].table)) if "GPOS" in font else []
        self._kerning: dict[tuple[int, int], float] = {}
        self._lock = threading.Lock()

    def kerning(self, letter: int, following: int) -> float:
        """Return what is added to the advance of a letter before another."""
        pair = letter, following
        if pair not in self._kerning:
            with self._lock:  # fontTools reads its tables when they are asked for
                self._kerning[pair] = self._kerning_of(*map(self.glyphs.get, pair)) / self._em
        return self._kerning[pair]

    def _kerning_of(self, left: str | None, right: str | None) -> int:
        """Return the kerning of two glyphs, of the first table that has the pair."""
        for table in self._pairs:
            if left not in table.Coverage.glyphs:
                continue
            if table.Format == 1:
                records = table.PairSet[table.Coverage.glyphs.index(left)].PairValueRecord
                value = next((r.Value1 for r in records if r.SecondGlyph == right), None)
                if value is None:
                    continue
            else:
                first = table.Class1Record[table.ClassDef1.classDefs.get(left, 0)]
                value = first.Class2Record[table.ClassDef2.classDefs.get(right, 0)].Value1
            return int(getattr(value, "XAdvance", 0))
        return 0


def _pair_tables(positioning: Any) -> Iterator[Any]:  # noqa: ANN401 - a table of fontTools
    """Return the tables of pairs that the feature ``kern`` of a font names."""
    features = positioning.FeatureList.FeatureRecord
    ranks = {rank for f in features if f.FeatureTag == "kern" for rank in f.Feature.LookupListIndex}
    for rank in sorted(ranks):
        for table in positioning.LookupList.Lookup[rank].SubTable:
            inner = getattr(table, "ExtSubTable", table)
            if inner.LookupType == _PAIRS:
                yield inner


@lru_cache(maxsize=32)
def _metrics(path: Path) -> FontMetrics:
    return FontMetrics(path)


def _family_of(letter: str, face: Face) -> int:
    """Return the rank of the first family that has a letter in a face; -1 for `MONO_NAME`."""
    files = typeface().files[face]
    has = (rank for rank, path in enumerate(files) if ord(letter) in _metrics(path).advances)
    return next(has, -1 if ord(letter) in MONO_LETTERS else 0)


@lru_cache
def _known(_name: str) -> frozenset[int]:
    """Return the code points that both upright faces of the typeface can write."""
    regular, bold = (
        frozenset[int]().union(*(_metrics(path).advances for path in typeface().files[face]))
        for face in ("regular", "bold")
    )
    return regular & bold | MONO_LETTERS


def drawable(text: str) -> str:
    """Return typeset text on one line, without characters that no font has, such as emoji."""
    return _drawable(typeset(text), typeface().name)


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
    return size * sum(_advance(run, rank, face) for rank, run in _runs(drawable(text), face))


def _runs(line: str, face: Face) -> Iterator[tuple[int, str]]:
    """Return the parts of a line with the ranks of their families.

    A line with letters from right to left is one part, in their family: parts have their places
    from left to right.
    """
    turned = (each for each in line if unicodedata.bidirectional(each) in _FROM_RIGHT)
    if (letter := next(turned, None)) is not None:
        yield _family_of(letter, face), line
        return
    for rank, run in groupby(line, key=lambda letter: _family_of(letter, face)):
        yield rank, "".join(run)


def _advance(run: str, rank: int, face: Face) -> float:
    """Return the width of letters of one family, as a part of the size."""
    if rank < 0:
        return MONO_ADVANCE * len(run)
    font, letters = _metrics(typeface().files[face][rank]), [ord(letter) for letter in run]
    blank = font.advances[_SPACE]
    plain = sum((font.advances.get(letter, blank) for letter in letters), 0.0)
    return plain + sum(font.kerning(*pair) for pair in pairwise(letters))


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


def metres_per_degree(latitude: float) -> float:
    """Return the metres of a degree of longitude (WGS84 ellipsoid, series)."""
    phi = math.radians(latitude)
    return 111_412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)


def mercator(latitude: float | np.ndarray) -> np.ndarray:
    """Return the height of latitudes on a Web Mercator map, in degrees of longitude."""
    return np.degrees(np.arcsinh(np.tan(np.radians(latitude))))


def latitude_at(height: float) -> float:
    """Return the latitude at a height of `mercator`."""
    return math.degrees(math.atan(math.sinh(math.radians(height))))


@dataclass(frozen=True)
class Frame:
    """Projection into a box of the sheet.

    The point (``longitude``, ``latitude``), in degrees, is drawn at ``centre`` (units of the
    sheet). The projection is Web Mercator, as on screen, with the true scale at the middle
    latitude: over the region lengths are correct within 2 %, and nothing looks stretched.
    """

    box: Box
    longitude: float
    latitude: float
    metres_per_unit: float
    centre: tuple[float, float]
    #: details smaller than this are left out, in units
    detail: float = 0.2

    @classmethod
    def fit(
        cls, bounds: Bounds, box: Box, scale: float = 1.0, align: tuple[float, float] = (0.5, 0.5)
    ) -> "Frame":
        """Return the frame that shows all of ``bounds`` (west, south, east, north) in a box.

        A ``scale`` of less than 1 leaves a margin; ``align`` (x, y) is its side: 0 puts the bounds
        at the left or the bottom of the box, 1 at the right or the top.
        """
        west, south, east, north = bounds
        low, high = (float(mercator(latitude)) for latitude in (south, north))
        latitude = latitude_at((low + high) / 2)
        metres = metres_per_degree(latitude)
        across, up = max((east - west) * metres, 1.0), max((high - low) * metres, 1.0)
        per_unit = max(across / box.width, up / box.height) / scale
        x = box.left + across / per_unit / 2 + (box.width - across / per_unit) * align[0]
        y = box.bottom + up / per_unit / 2 + (box.height - up / per_unit) * align[1]
        return cls(box, (west + east) / 2, latitude, per_unit, (x, y))

    @property
    def degree(self) -> float:
        """Units of a degree of longitude."""
        return metres_per_degree(self.latitude) / self.metres_per_unit

    def points(self, places: np.ndarray) -> np.ndarray:
        """Project places: float[n, (longitude, latitude)], degrees, to float[n, (x, y)], units."""
        across = places[:, 0] - self.longitude
        up = mercator(places[:, 1]) - mercator(self.latitude)
        return np.column_stack((across, up)) * self.degree + self.centre

    def point(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Project a place; return x and y in units of the sheet."""
        x, y = self.points(np.array([[longitude, latitude]]))[0].tolist()
        return x, y

    def shape(self, geometry: BaseGeometry, margin: float = 8.0) -> BaseGeometry:
        """Project a geometry, clipped to ``margin`` outside the box, without small details."""
        placed = shapely.transform(geometry, self.points)
        left, bottom, right, top = self.box.inset(-margin)
        cut = shapely.clip_by_rect(placed, left, bottom, right, top)
        return shapely.simplify(cut, self.detail) if max(cut.area, cut.length) > 1 else cut

    def lines(self, geometry: BaseGeometry) -> list[np.ndarray]:
        """Project lines, clipped a little outside the box: each float[n, (x, y)]."""
        parts = shapely.get_parts(shapely.line_merge(self.shape(geometry, 20.0)))
        return [shapely.get_coordinates(part) for part in parts if part.length > 0]

    @property
    def bounds(self) -> Bounds:
        """Bounds of the box: west, south, east, north in degrees."""
        (x, y), degree, middle = self.centre, self.degree, float(mercator(self.latitude))
        return (
            self.longitude + (self.box.left - x) / degree,
            latitude_at(middle + (self.box.bottom - y) / degree),
            self.longitude + (self.box.right - x) / degree,
            latitude_at(middle + (self.box.top - y) / degree),
        )


@dataclass(frozen=True)
class StrokeStyle:
    """Stroke of a line: colour, width (units), dashes (units drawn, units left blank, …)."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class TextStyle:
    """Style of a text: size (units), face, colour, the halo's colour (or none).

    ``align`` is the point of a line at its position: ``left``, ``center`` or ``right``.
    """

    size: float
    face: Face = "regular"
    colour: str = "#1f2a33"
    halo: str = ""
    align: str = "left"
    layer: float = 9.0


#: Steps of the drawing in a unit: its numbers are whole.
_STEPS = 10
_ANCHORS = {"center": {"text-anchor": "middle"}, "right": {"text-anchor": "end"}}
_FACES = {"bold": {"font-weight": "700"}, "italic": {"font-style": "italic"}}


class Mark(NamedTuple):
    """Element of a drawing, by its layer; it is not drawn outside of ``clip``."""

    layer: float
    clip: Box | None
    kind: str
    attributes: Mapping[str, object]
    content: str = ""


@dataclass
class Canvas:
    """Drawing of a box, whose lower left corner is 0, in units of the layout, as an SVG.

    Elements of higher layers are drawn over those of lower layers, then in the order of drawing.
    """

    box: Box
    marks: list[Mark] = field(default_factory=list)

    def area(
        self,
        geometry: BaseGeometry,
        fill: str = "none",
        stroke: StrokeStyle | None = None,
        layer: float = 1.0,
        clip: Box | None = None,
        gid: str | None = None,
    ) -> None:
        """Draw polygons of the sheet, clipped to a box if given; ``gid`` is their id in the SVG."""
        rings = shapely.get_rings(shapely.get_parts(geometry))
        path = self._path((shapely.get_coordinates(ring)[:-1] for ring in rings), closed=True)
        name = {"id": gid} if gid else {}
        self._shape("path", {**name, "d": path, "fill": fill}, stroke, layer, clip)

    def polygon(self, corners: np.ndarray, fill: str, layer: float) -> None:
        """Draw a filled shape, float[n, (x, y)]."""
        self.area(shapely.Polygon(corners), fill, layer=layer)

    def circle(
        self,
        at: Sequence[float],
        radius: float,
        fill: str,
        layer: float,
        stroke: StrokeStyle | None = None,
    ) -> None:
        """Draw a disc around a point."""
        x, y = self._place(at)
        self._shape("circle", {"cx": x, "cy": y, "r": _long(radius), "fill": fill}, stroke, layer)

    def panel(
        self,
        box: Box,
        fill: str,
        stroke: StrokeStyle | None = None,
        layer: float = 0.5,
        radius: float = 10.0,
    ) -> None:
        """Draw a rectangle with round corners."""
        round_ = {"rx": _long(radius)} if radius else {}
        self._shape("rect", {**self._rectangle(box), **round_, "fill": fill}, stroke, layer)

    def lines(
        self,
        lines: Iterable[np.ndarray | Sequence[tuple[float, float]]],
        stroke: StrokeStyle,
        layer: float = 2.0,
        clip: Box | None = None,
    ) -> None:
        """Draw lines, each a list of (x, y)."""
        path = self._path(map(np.asarray, lines), closed=False)
        self._shape("path", {"d": path, "fill": "none"}, stroke, layer, clip)

    def text(
        self, at: tuple[float, float], text: str, style: TextStyle, gid: str | None = None
    ) -> None:
        """Print a line of text, ``at`` on its base line; its halo is a stroke below the letters.

        ``gid`` is its id in the SVG.
        """
        if not (line := drawable(text)):
            return
        x, y = self._place(at)
        attributes: dict[str, object] = {}
        if gid:
            attributes["id"] = gid
        attributes |= {"x": x, "y": y, "font-size": _long(style.size), "fill": style.colour}
        attributes |= _FACES.get(style.face, {})
        if style.halo:
            attributes |= {
                "stroke": style.halo,
                "stroke-width": _long(max(3.2, style.size * 0.26)),
                "stroke-linejoin": "round",
                "paint-order": "stroke",
            }
        runs = list(_runs(line, style.face))
        if len(runs) == 1 and not runs[0][0]:
            attributes |= _ANCHORS.get(style.align, {})
            words = escape(line)
        else:
            words = "".join(self._placed(runs, at[0], style))
        self.marks.append(Mark(style.layer, None, "text", attributes, words))

    def _placed(self, runs: Sequence[tuple[int, str]], x: float, style: TextStyle) -> Iterator[str]:
        """Return the parts of a line, each in its family and at its own place.

        Without a place, usvg writes the whole line in the family of a letter that the first lacks.
        """
        widths = [style.size * _advance(run, rank, style.face) for rank, run in runs]
        x -= sum(widths) * {"center": 0.5, "right": 1.0}.get(style.align, 0.0)
        for (rank, run), wide in zip(runs, widths, strict=True):
            family = MONO_NAME if rank < 0 else typeface().names[rank]
            attributes = {"x": _long(x), "font-family": f"'{family}'"}
            yield f"<tspan{_written(attributes)}>{escape(run)}</tspan>"
            x += wide

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
            self.text((x, base), line, style, None if gid is None else f"{gid}-{rank}")
        return y - style.size * leading * len(lines)

    def svg(self) -> str:
        """Return the drawing as an SVG document, its fonts by their names."""
        width, height = _long(self.box.width), _long(self.box.height)
        families = ", ".join(f"'{name}'" for name in typeface().names)
        clips = list(dict.fromkeys(mark.clip for mark in self.marks if mark.clip is not None))
        paths = Counter(mark.attributes["d"] for mark in self.marks if mark.kind == "path")
        shared = {path: f"path-{rank}" for rank, path in enumerate(paths) if paths[path] > 1}
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
            f' width="{width}" height="{height}" font-family="{families}">'
            f"<defs>{''.join(self._defined(clips, shared))}</defs>"
            f"{''.join(self._drawn(clips, shared))}</svg>"
        )

    def _defined(self, clips: Sequence[Box], shared: Mapping[object, str]) -> Iterator[str]:
        """Return the boxes that clip, and the paths that are drawn more than once."""
        for rank, box in enumerate(clips):
            inside = f"<rect{_written(self._rectangle(box))}/>"
            yield f'<clipPath id="clip-{rank}">{inside}</clipPath>'
        for path, name in shared.items():
            yield f'<path id="{name}" d="{path}"/>'

    def _drawn(self, clips: Sequence[Box], shared: Mapping[object, str]) -> Iterator[str]:
        """Return the elements in their order, those of a run in one clip together."""
        ordered = sorted(self.marks, key=lambda mark: mark.layer)
        for clip, marks in groupby(ordered, key=lambda mark: mark.clip):
            elements = "".join(_element(mark, shared) for mark in marks)
            if clip is None:
                yield elements
            else:
                yield f'<g clip-path="url(#clip-{clips.index(clip)})">{elements}</g>'

    def _shape(
        self,
        kind: str,
        attributes: dict[str, object],
        stroke: StrokeStyle | None,
        layer: float,
        clip: Box | None = None,
    ) -> None:
        if stroke is not None:
            attributes |= {"stroke": stroke.colour, "stroke-width": _long(stroke.width)}
            attributes["stroke-linejoin"] = "round"
        if stroke is not None and stroke.dash:
            attributes["stroke-dasharray"] = " ".join(str(_long(part)) for part in stroke.dash)
            if not stroke.dash[0]:
                attributes["stroke-linecap"] = "round"
        self.marks.append(Mark(layer, clip, kind, attributes))

    def _place(self, at: Sequence[float]) -> tuple[int, int]:
        return _long(at[0]), _long(self.box.height - at[1])

    def _rectangle(self, box: Box) -> dict[str, object]:
        x, y = self._place((box.left, box.top))
        return {"x": x, "y": y, "width": _long(box.width), "height": _long(box.height)}

    def _path(self, lines: Iterable[np.ndarray], *, closed: bool) -> str:
        """Return lines, each float[n, (x, y)], as the commands of a path."""
        return "".join(self._commands(lines, "z" if closed else ""))

    def _commands(self, lines: Iterable[np.ndarray], end: str) -> Iterator[str]:
        for line in lines:
            places = np.rint((line * (1, -1) + (0, self.box.height)) * _STEPS).astype(int)
            steps = np.diff(places, axis=0)
            steps = steps[steps.any(axis=1)].tolist()
            x, y = places[0].tolist()
            yield f"M{x} {y}l{' '.join(f'{x} {y}' for x, y in steps)}{end}".replace(" -", "-")


def _long(units: float) -> int:
    return round(units * _STEPS)


def _element(mark: Mark, shared: Mapping[object, str]) -> str:
    """Return the element of a mark; of a path in ``shared``, a use of it by its name."""
    kind, attributes = mark.kind, mark.attributes
    if kind == "path" and attributes["d"] in shared:
        kind, name = "use", shared[attributes["d"]]
        attributes = {"href": f"#{name}", **{k: v for k, v in attributes.items() if k != "d"}}
    start = f"<{kind}{_written(attributes)}"
    return f"{start}>{mark.content}</{kind}>" if mark.content else f"{start}/>"


def _written(attributes: Mapping[str, object]) -> str:
    return "".join(f" {name}={quoteattr(str(value))}" for name, value in attributes.items())
