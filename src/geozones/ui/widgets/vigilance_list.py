"""List of points to watch: each links to its place on the map."""

from collections.abc import Iterable

import htpy

from geozones.ui.widgets import html
from geozones.workspace.vigilance import VigilancePoint


def point_list(points: Iterable[VigilancePoint]) -> htpy.Element:
    """Return the points as sentences that link to their places, with origin and status."""
    return htpy.ul(".gz-alerts")[
        [
            htpy.li(class_=None if point.is_alert else "gz-info")[
                html.go(point.place, point.sentence),
                htpy.small[f"{_first(point)} · {point.status.label}"],
            ]
            for point in points
        ]
    ]


def _first(point: VigilancePoint) -> str:
    text = point.about if point.is_alert else f"information, {point.about}"
    return text[0].upper() + text[1:]
