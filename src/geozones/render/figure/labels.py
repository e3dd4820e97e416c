"""Labels of a map: forms of each label, and its possible positions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.canvas import (
    ASCENT,
    DESCENT,
    LEADING,
    Canvas,
    StrokeStyle,
    TextStyle,
    width,
    wrap,
)
from geozones.render.figure.placement import (
    LabelArea,
    LabelPosition,
    LabelRequest,
    around,
    beside,
    inside,
)
from geozones.render.figure.subject import BADGE, draw_badge, draw_dot
from geozones.render.sheet import LEAST, LEAST_IN_ROOM
from geozones.render.typeface import Face

_HALO = "#ffffff"
#: Distances of a label from its lycée; beyond the third it gets a leader.
_GAPS = (8.0, 13.0, 20.0, 30.0, 42.0, 56.0, 72.0, 92.0, 116.0, 144.0)
_LEADER_BEYOND, _WITHOUT_LEADER = 17.0, 2
#: Least distance of a leader from other lycées.
_CLEARANCE = 8.0
#: Cost of a zone's number without its name, in units of distance.
_WITHOUT_NAME = 60
#: Sizes of the name of a sector, by the room available.
_SCALES = (1.0, 0.85, 0.7, 0.58, 0.5)
#: Cost of a leader from an area to its name, beyond that from a zone to its number.
_LED = 400.0
#: Cost of a number that covers the sign of a lycée.
_HIDES = 1000.0
#: Cost of a name over a border, in units of distance; part of its box that may touch one.
_ON_LINE, _TOUCH = 60.0, 2.5
#: Size of a zone's number on slides, where its digits are as large as the smallest name.
_IN_ROOM = 1.25


@dataclass(frozen=True)
class MapLabel:
    """Label to place: its forms (each lines of text), its style, and its request.

    A ``number`` other than 0 is printed in a disc before the text; a town has a ``dot``.
    """

    request: LabelRequest
    forms: tuple[tuple[str, ...], ...]
    style: TextStyle
    align: str = "left"
    number: int = 0
    #: factors of the size of each form; empty for 1
    scales: tuple[float, ...] = ()
    #: position of the dot of a town
    dot: tuple[float, float] | None = None


def size_of(lines: Sequence[str], style: TextStyle, number: int = 0) -> tuple[float, float]:
    """Return the width and height of lines of text with a number before them, in units."""
    text = max((width(line, style.size, style.face) for line in lines), default=0.0)
    badge = _badge(style) * 1.64 + 4 if number else 0.0
    high = style.size * (LEADING * (len(lines) - 1) + ASCENT + DESCENT) if lines else 0.0
    return text + badge + 4, max(high, badge) + 2


def _badge(style: TextStyle) -> float:
    """Return the size of the disc of a number beside a text."""
    return BADGE * style.size / _STYLES["zone"][0]


def lycee_key(code: str) -> str:
    """Return the key of the label of a lycée (id)."""
    return f"lycee-{code}"


def lycee_label(
    key: str,
    text: str,
    at: tuple[float, float],
    style: TextStyle,
    others: np.ndarray,
    *,
    optional: bool = False,
) -> MapLabel:
    """Return the label of a lycée, beside its marker, on one line, two or three.

    ``others`` are the markers of all lycées, float[n, (x, y)]: no leader passes near another. An
    optional label has no leader, and is left out where it has no room.
    """
    forms = forms_of(text, style, (400.0, 150.0, 104.0))
    sizes = [size_of(form, style) for form in forms]
    gaps = _GAPS[:_WITHOUT_LEADER] if optional else _GAPS
    positions = _clear_of(others, at, around(at, sizes, gaps))
    request = LabelRequest(lycee_key(key), tuple(positions), 2.0, optional=optional, anchor=at)
    return MapLabel(request, forms, style)


def _clear_of(
    others: np.ndarray, at: tuple[float, float], positions: Sequence[LabelPosition]
) -> list[LabelPosition]:
    """Remove the positions whose leader to a point would pass near another marker."""
    start = np.array(at)
    boxes = np.array([position.box for position in positions])
    way = np.clip(start, boxes[:, :2], boxes[:, 2:]) - start
    to = others[np.hypot(*(others - start).T) > 1] - start
    square = np.maximum((way**2).sum(axis=1), 1e-9)
    # the distances of the other points along each way, and from it
    along = np.clip(way @ to.T / square[:, None], 0, 1)
    gaps = np.hypot(*(to[None, :, :] - along[..., None] * way[:, None, :]).transpose(2, 0, 1))
    close = (gaps < _CLEARANCE).any(axis=1)
    return [each for each, near in zip(positions, close, strict=True) if not near]


def at_home(label: MapLabel, home: BaseGeometry | None) -> MapLabel:
    """Return the label of a lycée without the positions wholly out of its zone and no leader."""
    request = label.request
    if home is None:
        return label
    texts = [each.box.inset(_TOUCH) for each in request.positions]
    boxes = shapely.box(*np.array(texts).reshape(-1, 4).T)
    near = shapely.intersects(home, boxes).tolist()
    positions = tuple(
        position
        for position, at in zip(request.positions, near, strict=True)
        if at or is_displaced(label, position)
    )
    return replace(label, request=replace(request, positions=positions))


def off_lines(labels: Sequence[MapLabel], lines: BaseGeometry) -> list[MapLabel]:
    """Return the labels, those of lycées and towns off the lines where they can be.

    A town smaller than a city is left out if its name crosses a line wherever it is placed.
    """
    shapely.prepare(lines)
    return [
        _off_lines(label, lines)
        if label.dot is not None or label.request.anchor is not None
        else label
        for label in labels
    ]


def _off_lines(label: MapLabel, lines: BaseGeometry) -> MapLabel:
    request = label.request
    boxes = np.array([position.box.inset(_TOUCH) for position in request.positions]).reshape(-1, 4)
    crossing = shapely.intersects(lines, shapely.box(*boxes.T)).tolist()
    known = zip(request.positions, crossing, strict=True)
    if label.dot is not None and label.style.size < _STYLES["city"][0]:
        positions = tuple(position for position, crosses in known if not crosses)
    else:
        positions = tuple(
            position._replace(cost=position.cost + _ON_LINE) if crosses else position
            for position, crosses in known
        )
    return replace(label, request=replace(request, positions=positions))


def area_label(
    key: str,
    text: str,
    area: LabelArea,
    style: TextStyle,
    *,
    optional: bool = False,
    room: bool = False,
) -> MapLabel:
    """Return the label of an area, inside it, in a smaller size or on more lines if needed.

    An optional label is printed only in the area's rooms; any other stands beside its area, with a
    leader, rather than be left out. With ``room`` (for a slide) all are larger.
    """
    forms: list[tuple[str, ...]] = []
    scales: list[float] = []
    least = min((LEAST_IN_ROOM if room else LEAST) / style.size, 1.0)
    for scale in dict.fromkeys(max(scale, least) for scale in _SCALES):
        sized = replace(style, size=style.size * scale)
        # the width that breaks a text in two, without breaking a word
        words = max(width(part, sized.size, sized.face) for part in re.findall(r"[^- ]+-?", text))
        found = forms_of(
            text,
            sized,
            (600.0, 250.0, 165.0, max(words, 0.6 * width(text, sized.size, sized.face))),
        )
        forms += found
        scales += [scale] * len(found)
    sizes = [size_of(*each) for each in _scaled(forms, style, scales)]
    positions = inside(area, sizes, rooms_only=optional)
    if not optional:
        form = min(range(len(sizes)), key=lambda rank: sizes[rank][0])
        positions += [
            position._replace(cost=position.cost + _LED)
            for position in beside(area, sizes[form], form)
        ]
    request = LabelRequest(key, tuple(positions), 0.0, optional=optional)
    return MapLabel(request, tuple(forms), style, "center", scales=tuple(scales))


def zone_label(
    key: str,
    text: str,
    area: LabelArea,
    style: TextStyle,
    number: int,
    *,
    room: bool = False,
    led: bool = True,
) -> MapLabel:
    """Return the label of a zone: its number and name, or its number alone if crowded.

    Without a ``text`` it is always its number alone. The number stands beside its zone, with a
    leader, rather than over a border or the sign of a lycée; it is left out if it may not be
    ``led``. With ``room`` (for a slide) it is larger.
    """
    named = forms_of(text, style, (400.0, 190.0, 130.0)) if text else ()
    forms = (*named, ())
    scales = (_IN_ROOM if room else 1.0,) * len(forms)
    sizes = [size_of(*each, number) for each in _scaled(forms, style, scales)]
    # better a number beside its zone, with a line to it, than one over a lycée
    positions = [
        each._replace(
            cost=each.cost + _WITHOUT_NAME * (not forms[each.form]) + _HIDES * (each.over > 1)
        )
        for each in inside(area, sizes)
    ]
    positions += beside(area, sizes[-1], len(forms) - 1) if led else []
    request = LabelRequest(f"zone-{key}", tuple(positions), 1.0, optional=not led)
    return MapLabel(request, forms, style, "left", number, scales)


def _scaled(
    forms: Sequence[tuple[str, ...]], style: TextStyle, scales: Sequence[float]
) -> list[tuple[tuple[str, ...], TextStyle]]:
    """Return each form with its scaled style."""
    return [
        (form, replace(style, size=style.size * scale))
        for form, scale in zip(forms, scales, strict=True)
    ]


def forms_of(text: str, style: TextStyle, rooms: Sequence[float]) -> tuple[tuple[str, ...], ...]:
    """Return the ways to break a text into lines, one for each width of room.

    A name is cut only if it would be cut in every room.
    """
    forms = dict.fromkeys(wrap(text, style.size, room, style.face, most=4) for room in rooms)
    whole = tuple(form for form in forms if not form[-1].endswith("…"))
    return whole or tuple(forms)


def draw_label(canvas: Canvas, label: MapLabel, position: LabelPosition, layer: float) -> None:
    """Print a label at its position, with its number or its leader."""
    box, anchor = position.box, label.request.anchor
    size = label.style.size * (label.scales[position.form] if label.scales else 1.0)
    if label.dot is not None:
        draw_dot(canvas, label.dot, label.style.colour, layer - 0.2)
    align, left = label.align, box.left + 2
    if leader := leader_of(label, position):
        _draw_leader(canvas, leader, label.style.colour, layer - 0.3)
    if label.number:
        badge = _badge(replace(label.style, size=size))
        at = (box.left + badge * 0.82 + 2, box.centre[1])
        draw_badge(canvas, at, label.number, replace(label.style, size=badge, layer=layer))
        align, left = "left", box.left + badge * 1.64 + 8
    elif anchor is not None:
        align = "right" if box.right < anchor[0] else "left" if box.left > anchor[0] else "center"
    lines = label.forms[position.form]
    style = replace(label.style, size=size, halo=_HALO, align=align, layer=layer)
    high = style.size * (LEADING * (len(lines) - 1) + ASCENT + DESCENT)
    x = {"center": box.centre[0], "right": box.right - 2}.get(align, left)
    canvas.block((x, box.centre[1] + high / 2), lines, style, f"label-{label.request.key}")


def leader_of(label: MapLabel, position: LabelPosition) -> list[tuple[float, float]]:
    """Return the line from what a label names to its box, in units; none for a label beside it."""
    anchor = label.request.anchor
    if position.start is not None:
        return [
            position.start,
            position.box.centre if label.number else position.box.nearest_to(position.start),
        ]
    if anchor is not None and is_displaced(label, position):
        return [anchor, position.box.nearest_to(anchor)]
    return []


def is_displaced(label: MapLabel, position: LabelPosition) -> bool:
    """Return whether a label is far enough from its lycée for a leader, or is a number alone."""
    anchor = label.request.anchor
    if anchor is None:
        return position.start is not None or not label.forms[position.form]
    x, y = position.box.nearest_to(anchor)
    return float(np.hypot(x - anchor[0], y - anchor[1])) > _LEADER_BEYOND


def _draw_leader(
    canvas: Canvas, line: list[tuple[float, float]], colour: str, layer: float
) -> None:
    canvas.lines([line], StrokeStyle(_HALO, 3.0), layer)
    canvas.lines([line], StrokeStyle(colour, 1.1), layer + 0.01)


def text_style(what: str, colour: str, *, quiet: bool = False, room: bool = False) -> TextStyle:
    """Return the style of a kind of labels: see `geozones.render.scene.Label`.

    With ``room`` (for a slide) none is smaller than `LEAST_IN_ROOM`.
    """
    size, face = _STYLES[what]
    size *= 0.8 if quiet else 1.0
    return TextStyle(max(size, LEAST_IN_ROOM) if room else size, face, colour)


_STYLES: dict[str, tuple[float, Face]] = {
    "sector": (21.0, "bold"),
    "zone": (15.0, "bold"),
    "lycee": (13.0, "regular"),
    "city": (14.5, "bold"),
    "town": (12.0, "regular"),
    "river": (12.0, "italic"),
    "departement": (13.5, "regular"),
    "motorway": (12.0, "bold"),
}
