"""Points to watch in an exported page, each linked to its zone on the map."""

from collections.abc import Sequence
from html import escape

from geozones.export.text import typeset
from geozones.export.vigilance import NOT_COUNTED, PointRow
from geozones.metrics.watch_list import watch_list


def watched(points: Sequence[PointRow]) -> str:
    """Return the points to watch as a collapsible list; nothing without points."""
    if not points:
        return ""
    known = watch_list(points)
    return (
        f'<details class="points"><summary><strong>{escape(known.text)}</strong></summary>'
        f"{_listed(known.counted)}"
        + (f"<p>{NOT_COUNTED}</p>{_listed(known.information)}" if known.information else "")
        + "</details>"
    )


def _listed(points: Sequence[PointRow]) -> str:
    return f'<ul class="alerts">{"".join(map(_point, points))}</ul>' if points else ""


def _point(point: PointRow) -> str:
    kind = "" if point.is_alert else ' class="info"'
    sentence = escape(typeset(point.sentence))
    if point.zone_id:
        sentence = f'<button type="button" data-point="{escape(point.zone_id)}">{sentence}</button>'
    text = typeset(f"{point.kind_and_origin} · {point.status}")
    return f"<li{kind}>{sentence}<small>{escape(text)}</small></li>"
