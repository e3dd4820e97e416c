"""The names of a map as wishes: how each may be written, and where it would like to be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.canvas import Canvas, Ink, Type
from geozones.render.figure.dots import BADGE, draw_badge
from geozones.render.figure.fonts import ASCENT, DESCENT, LEADING, Face, width, wrap
from geozones.render.figure.frame import Box
from geozones.render.figure.placement import Candidate, Wish, around

_HALO = "#ffffff"
#: Distances of a name from its lycée; beyond the third a line ties them.
_GAPS = (8.0, 13.0, 20.0, 30.0, 42.0, 56.0, 72.0, 92.0, 116.0, 144.0)
_TIED_BEYOND = 17.0
#: A line to a name stays as far as this from the other lycées.
_PASSING = 8.0


@dataclass(frozen=True)
class Name:
    """A name to place: its forms (lines of text), how it is printed, and its wish.

    ``number`` is printed in a disc before the text;
    """

    wish: Wish
    forms: tuple[tuple[str, ...], ...]
    kind: Type
    align: str = "left"
    number: int = 0


def size_of(lines: Sequence[str], kind: Type, number: int = 0) -> tuple[float, float]:
    """Return width and height of a block of text with its number."""
    text = max((width(line, kind.size, kind.face) for line in lines), default=0.0)
    badge = BADGE * 1.64 + 4 if number else 0.0
    high = kind.size * (LEADING * (len(lines) - 1) + ASCENT + DESCENT) if lines else 0.0
    return text + badge + 4, max(high, badge) + 2


def lycee_name(
    key: str, text: str, at: tuple[float, float], kind: Type, others: np.ndarray
) -> Name:
    """Return the name of a lycée, beside its point, on one line or two or three.

    ``others`` are all the points, float[n, 2]: a line to a name passes none of them.
    """
    forms = _forms(text, kind, (400.0, 150.0, 104.0))
    sizes = [size_of(form, kind) for form in forms]
    found = _clear_of(others, at, around(at, sizes, _GAPS))
    wish = Wish(f"lycee-{key}", tuple(found), 2.0, tie=at)
    return Name(wish, forms, kind)


def _clear_of(
    others: np.ndarray, at: tuple[float, float], found: Sequence[Candidate]
) -> list[Candidate]:
    """Leave out the places whose line to the point passes another point."""
    start = np.array(at)
    boxes = np.array([candidate.box for candidate in found])
    way = np.clip(start, boxes[:, :2], boxes[:, 2:]) - start
    to = others[np.hypot(*(others - start).T) > 1] - start
    square = np.maximum((way**2).sum(axis=1), 1e-9)
    # how far along each way the other points lie, and how far from it
    along = np.clip(way @ to.T / square[:, None], 0, 1)
    gaps = np.hypot(*(to[None, :, :] - along[..., None] * way[:, None, :]).transpose(2, 0, 1))
    close = (gaps < _PASSING).any(axis=1)
    return [each for each, bad in zip(found, close, strict=True) if not bad]


def _nearest(box: Box, at: tuple[float, float]) -> tuple[float, float]:
    """Return the point of a box nearest to a point."""
    return min(max(at[0], box.left), box.right), min(max(at[1], box.bottom), box.top)


def town_name(key: str, text: str, at: tuple[float, float], kind: Type, rank: float) -> Name:
    """Return the name of a town, beside its place, where there is room."""
    forms = _forms(text, kind, (400.0,))
    sizes = [size_of(form, kind) for form in forms]
    wish = Wish(f"town-{key}", tuple(around(at, sizes, (7.0, 13.0, 20.0))), rank, optional=True)
    return Name(wish, forms, kind, "left")


def area_name(
    key: str, text: str, shape: BaseGeometry, kind: Type, *, optional: bool = False
) -> Name:
    """Return a name that stays inside its area where it can."""
    forms = _forms(text, kind, (600.0, 250.0, 165.0))
    sizes = [size_of(form, kind) for form in forms]
    wish = Wish(key, tuple(_inside(shape, sizes, strict=optional)), 0.0, optional=optional)
    return Name(wish, forms, kind, "center")


def zone_name(key: str, text: str, shape: BaseGeometry, kind: Type, number: int) -> Name:
    """Return the name of a zone after its number, or the number alone where it is crowded."""
    forms = (*_forms(text, kind, (400.0, 190.0, 130.0)), ())
    sizes = [size_of(form, kind, number) for form in forms]
    found = [
        candidate
        if forms[candidate.form]
        else Candidate(candidate.box, candidate.cost + 60, candidate.form)
        for candidate in _inside(shape, sizes, strict=False)
    ]
    found = _held_by(shape, found)
    return Name(Wish(f"zone-{key}", tuple(found), 1.0), forms, kind, "left", number)


def _held_by(shape: BaseGeometry, found: Sequence[Candidate]) -> list[Candidate]:
    """Keep the boxes whose number is inside the area: it says which zone is meant."""
    if not found:
        return []
    badges = np.array([(c.box.left + BADGE * 0.82 + 2, c.box.centre[1]) for c in found])
    inside = shapely.contains_xy(shape, badges)
    kept = [candidate for candidate, ok in zip(found, inside, strict=True) if ok]
    return kept or list(found)


def _forms(text: str, kind: Type, rooms: Sequence[float]) -> tuple[tuple[str, ...], ...]:
    forms = [wrap(text, kind.size, room, kind.face, most=4) for room in rooms]
    return tuple(dict.fromkeys(forms))


def _inside(
    shape: BaseGeometry, sizes: Sequence[tuple[float, float]], *, strict: bool
) -> list[Candidate]:
    """Return boxes over an area, those wholly inside and near its middle first.

    ``strict`` leaves out those that are not inside.
    """
    parts = [part for part in shapely.get_parts(shape) if part.area > 0]
    if not parts:
        return []
    whole = max(parts, key=lambda part: part.area)
    middle = shapely.maximum_inscribed_circle(whole, tolerance=2.0).coords[0]
    left, bottom, right, top = whole.bounds
    step = max(9.0, (right - left) / 34, (top - bottom) / 34)
    x, y = np.meshgrid(np.arange(left, right, step), np.arange(bottom, top, step))
    spots = np.vstack(([middle], np.column_stack((x.ravel(), y.ravel()))))
    spots = spots[shapely.contains_xy(whole, spots)]
    shapely.prepare(whole)
    found: list[Candidate] = []
    for form, (wide, high) in enumerate(sizes):
        offsets = [(i * wide / 2, j * high / 2) for i in (-1, -0.5, 0, 0.5, 1) for j in (-1, 0, 1)]
        outside = np.zeros(len(spots))
        for offset in offsets:
            outside += ~shapely.contains_xy(whole, spots + offset)
        away = np.hypot(*(spots - middle).T)
        for (cx, cy), out, far in zip(spots.tolist(), outside, away.tolist(), strict=True):
            if strict and out:
                continue
            box = Box(cx - wide / 2, cy - high / 2, cx + wide / 2, cy + high / 2)
            found.append(Candidate(box, far * 0.12 + float(out) * 7 + form * 3.0, form))
    return found


def draw_name(canvas: Canvas, name: Name, given: Candidate, layer: float) -> None:
    """Print a name at its place."""
    box = given.box
    align, left = name.align, box.left + 2
    if name.number:
        at = (box.left + BADGE * 0.82 + 2, box.centre[1])
        draw_badge(canvas, at, name.number, name.kind.colour, layer)
        align, left = "left", box.left + BADGE * 1.64 + 8
    elif name.wish.tie is not None:
        x = name.wish.tie[0]
        align = "right" if box.right < x else "left" if box.left > x else "center"
        if is_tied(name, given):
            _tie(canvas, name, box, layer - 0.3)
    lines = name.forms[given.form]
    kind = replace(name.kind, halo=_HALO, align=align, layer=layer)
    high = kind.size * (LEADING * (len(lines) - 1) + ASCENT + DESCENT)
    at = ({"center": box.centre[0], "right": box.right - 2}.get(align, left), box.centre[1])
    canvas.block((at[0], at[1] + high / 2), lines, kind, f"label-{name.wish.key}")


def is_tied(name: Name, given: Candidate) -> bool:
    """Tell whether a name is away from its lycée, or a zone's left out for its number."""
    if name.wish.tie is None:
        return not name.forms[given.form]
    near = _nearest(given.box, name.wish.tie)
    return float(np.hypot(near[0] - name.wish.tie[0], near[1] - name.wish.tie[1])) > _TIED_BEYOND


def _tie(canvas: Canvas, name: Name, box: Box, layer: float) -> None:
    """Draw a line from a lycée to its name."""
    if name.wish.tie is None:
        return
    line = [name.wish.tie, _nearest(box, name.wish.tie)]
    canvas.lines([line], Ink("#ffffff", 3.0), layer)
    canvas.lines([line], Ink(name.kind.colour, 1.1), layer + 0.01)


def type_of(kind: str, colour: str, *, quiet: bool = False) -> Type:
    """Return how a name is printed: of a ``sector``, ``zone``, ``lycee`` or ``town``."""
    size, face = _TYPES[kind]
    return Type(size * (0.8 if quiet else 1.0), face, colour)


_TYPES: dict[str, tuple[float, Face]] = {
    "sector": (21.0, "bold"),
    "zone": (15.0, "bold"),
    "lycee": (13.0, "regular"),
    "town": (12.5, "italic"),
}
