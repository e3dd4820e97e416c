"""Names of the ground on a sheet: towns beside their dots, rivers, départements around."""

from collections.abc import Sequence

import shapely

from geozones.render.figure.basemap import zoom_of
from geozones.render.figure.canvas import Box, Frame
from geozones.render.figure.labels import MapLabel, forms_of, size_of, text_style
from geozones.render.figure.placement import LabelPosition, LabelRequest, around
from geozones.render.figure.subject import PictureSubject
from geozones.render.scene import Label

_TOWNS_SHOWN = 26
_ONLY_INSIDE = frozenset({"town", "departement"})
_DOTTED = frozenset({"city", "town"})
#: Distances of a town's name from its dot.
_BESIDE_DOT = (5.0, 9.0, 14.0)
#: Least distance of a named place from the frame, and from what covers the map.
_EDGE, _CLEAR = 20.0, 6.0
#: Alternative positions of the name of a river or département, in widths and heights of the label.
_SHIFTS = (
    (0, 0), (0, 1), (0, -1), (0.3, 0), (-0.3, 0), (0.3, 1), (-0.3, 1), (0.6, 0), (-0.6, 0),
    (0, 2.5), (0, -2.5), (0.6, 2.5), (-0.6, 2.5), (0.6, -2.5), (-0.6, -2.5),
)  # fmt: skip
#: Number of these positions for a line: its name stays on it.
_LINES, _ON_LINE = frozenset({"river", "motorway"}), 3


def ground_labels(
    subject: PictureSubject, frame: Frame, titles: frozenset[str], covered: Sequence[Box]
) -> list[MapLabel]:
    """Return the labels of the ground in a frame; only the most important towns.

    A place is left out if it is the title of an inset, if a lycée has its name, or if a box of
    ``covered`` is over it. A close-up names only the cities around it; a slide or a picture of a
    change, cities only.
    """
    named = titles | {point.name for point in subject.lycees if subject.close}
    room = frame.box.inset(_EDGE)
    closed = [box.inset(-_CLEAR) for box in covered]
    labels: list[MapLabel] = []
    left, zoom = _TOWNS_SHOWN, zoom_of(frame)
    for order, label in enumerate(subject.ground_names):
        at = frame.point(label.lat, label.lon)
        here, dotted = Box(*at, *at), label.kind in _DOTTED
        if label.text in named or not room.holds(here):
            continue
        if label.kind == "motorway" and zoom >= label.zooms[1]:
            continue
        if subject.few and label.kind != "city":
            continue
        if (
            subject.close
            and label.kind in _ONLY_INSIDE
            and not bool(shapely.contains_xy(subject.area, label.lon, label.lat))
        ):
            continue
        if dotted and (left <= 0 or any(box.holds(here) for box in closed)):
            continue
        left -= dotted
        key = f"{label.kind}-{label.text}-{order}"
        labels.append(_ground_label(label, at, key, room=subject.room))
    return labels


def _ground_label(
    label: Label, at: tuple[float, float], key: str, *, room: bool = False
) -> MapLabel:
    """Return the label of a town, beside its dot, or of a river or département, over its place.

    ``None`` if there is no room.
    """
    style = text_style(label.kind, label.ink, room=room)
    forms = forms_of(label.text, style, (400.0,))
    sizes = [size_of(form, style) for form in forms]
    dotted = label.kind in _DOTTED
    shifts = _SHIFTS[:_ON_LINE] if label.kind in _LINES else _SHIFTS
    positions = around(at, sizes, _BESIDE_DOT) if dotted else _over(at, sizes[0], shifts)
    request = LabelRequest(key, tuple(positions), 5.0 + label.rank, optional=True)
    if dotted:
        return MapLabel(request, forms, style, dot=at)
    return MapLabel(request, forms, style, "center")


def _over(
    at: tuple[float, float], size: tuple[float, float], shifts: Sequence[tuple[float, float]]
) -> list[LabelPosition]:
    """Return positions over a point, and positions shifted by widths and heights of the label."""
    (x, y), (wide, high) = at, size
    boxes = [(x + across * wide - wide / 2, y + up * high - high / 2) for across, up in shifts]
    return [
        LabelPosition(Box(left, low, left + wide, low + high), 10.0 * rank)
        for rank, (left, low) in enumerate(boxes)
    ]
