"""Two plans drawn side by side, on the same extent."""

from collections.abc import Sequence
from dataclasses import replace

from matplotlib.figure import Figure

from geozones.common.french import NBSP, plural
from geozones.domain.terms import terms, worded
from geozones.render.figure.basemap import DARK
from geozones.render.figure.canvas import Canvas, StrokeStyle, TextStyle
from geozones.render.figure.draft_band import draw_band
from geozones.render.figure.drawing_lock import exclusive
from geozones.render.figure.fonts import fit, width
from geozones.render.figure.legend_keys import draw_key_strip, legend_keys_of
from geozones.render.figure.map import draw_map
from geozones.render.figure.map_frame import Box
from geozones.render.figure.map_layout import lay_out_map
from geozones.render.figure.markers import draw_ring, ring_stroke
from geozones.render.figure.page_layout import PageLayout, lay_out
from geozones.render.figure.subject import PictureSubject
from geozones.render.map_ground import MapGround
from geozones.render.scene import Bounds, Scene
from geozones.render.sheet import Sheet
from geozones.render.signs import MOVED

_HEAD, _ROW, _LEAST_CAPTION = 40.0, 24.0, 13.0
_CAPTION = TextStyle(19, "bold", DARK)
_TEXT = TextStyle(14, colour="#37424c")
#: Most lycées listed, in columns of this many.
_ROWS, _IN_COLUMN = 16, 4


@exclusive
def draw_before_after(  # noqa: PLR0913, PLR0917 - two of each, and what they are drawn on
    before: Scene,
    after: Scene,
    ground: MapGround,
    sheet: Sheet,
    captions: tuple[str, str] = ("Avant", "Après"),
    undecided: tuple[bool, bool] = (False, False),
) -> Figure:
    """Draw two scenes at one scale on the same extent: before and after, or two scenarios.

    The lycées that change zone are listed. ``undecided`` gives for each map whether it has « non
    décidé » above; ``sheet.undecided`` is not used.
    """
    canvas = Canvas(sheet)
    page = _whole(lay_out(canvas))
    changes = changed_lycees(before, after)
    listed = 0 if sheet.bare else 34 + _ROW * _lines(changes)
    area = page._replace(bottom=page.bottom + listed)
    bounds = _both(before, after)
    subjects = [PictureSubject(s, ground.names, sheet.room) for s in (before, after)]
    if sheet.keys:
        area = draw_key_strip(canvas, legend_keys_of(subjects[-1]), area)
    halves = _halves(area)
    rooms = []
    sides = zip(subjects, captions, undecided, halves, strict=True)
    for subject, caption, open_still, box in sides:
        gid = f"label-caption-{'before' if subject.scene is before else 'after'}-0"
        _caption(canvas, caption, box, gid)
        room = box._replace(top=box.top - _HEAD)
        rooms.append(room if sheet.bare else draw_band(canvas, subject, room, open_still))
    # both maps have one size, so that each place is at the same position
    less = max(half.top - room.top for half, room in zip(halves, rooms, strict=True))
    for subject, half in zip(subjects, halves, strict=True):
        room = half._replace(top=half.top - less)
        draw_map(canvas, lay_out_map(subject, room, bounds), ground)
    if not sheet.bare:
        _changes(canvas, changes, page._replace(top=area.bottom - 8))
    return canvas.figure


def _whole(layout: PageLayout) -> Box:
    """Return the box of a page's map and legend together, which two maps need."""
    if layout.legend is None:
        return layout.map
    return Box(
        min(layout.map.left, layout.legend.left),
        min(layout.map.bottom, layout.legend.bottom),
        max(layout.map.right, layout.legend.right),
        layout.map.top,
    )


def _caption(canvas: Canvas, caption: str, box: Box, gid: str) -> None:
    """Print the caption of a map at the top of its box."""
    size = _CAPTION.size
    while size > _LEAST_CAPTION and width(caption, size, "bold") > box.width:
        size -= 1
    line = fit(caption, size, box.width, "bold")
    canvas.text((box.left, box.top - 24), line, replace(_CAPTION, size=size), gid=gid)


def changed_lycees(before: Scene, after: Scene) -> tuple[tuple[str, str, str, str], ...]:
    """Return the lycées that change zone: id, name, and the names of the zones before and after."""
    first = {point.id: point.zone for point in before.lycees}
    names = [_zone_names(scene) for scene in (before, after)]
    return tuple(
        (p.id, p.name, names[0].get(first[p.id], first[p.id]), names[1].get(p.zone, p.zone))
        for p in after.lycees
        if p.id in first and first[p.id] != p.zone
    )


def _zone_names(scene: Scene) -> dict[str, str]:
    """Return the name of each zone (id), after its number on the map if it has one."""
    numbers = PictureSubject(scene).number if scene.change is not None else {}
    return {
        zone.id: f"{numbers[zone.id]}{NBSP}{zone.name}" if zone.id in numbers else zone.name
        for zone in scene.zones
    }


def _halves(area: Box) -> tuple[Box, Box]:
    """Return two halves of an area: left and right, or top and bottom where it is upright."""
    gap = 28.0
    if area.height > area.width:
        middle = area.centre[1]
        return (
            Box(area.left, middle + gap / 2, area.right, area.top),
            Box(area.left, area.bottom, area.right, middle - gap / 2),
        )
    middle = area.centre[0]
    return (
        Box(area.left, area.bottom, middle - gap / 2, area.top),
        Box(middle + gap / 2, area.bottom, area.right, area.top),
    )


def _both(before: Scene, after: Scene) -> Bounds:
    """Return the bounds of both views: west, south, east, north in degrees."""
    west, south, east, north = zip(before.view.bounds, after.view.bounds, strict=True)
    return min(west), min(south), max(east), max(north)


def _changes(canvas: Canvas, changes: Sequence[tuple[str, str, str, str]], box: Box) -> None:
    """List the lycées that change zone."""
    line = [(box.left, box.top - 6), (box.right, box.top - 6)]
    canvas.lines([line], StrokeStyle("#d5dce0", 1.2), 8.0)
    y = box.top - 26
    if not changes:
        unchanged = worded("{No_site} ne change de zone.")
        canvas.text((box.left, y), unchanged, _TEXT, gid="label-change-0")
        return
    columns = 1 if len(changes) <= _IN_COLUMN else 2
    rows = -(-min(len(changes), _ROWS) // columns)
    across, top = box.width / columns, y
    for rank, (_, name, source, target) in enumerate(changes[:_ROWS]):
        column, row = divmod(rank, rows)
        left, y = box.left + column * across, top - row * _ROW
        draw_ring(canvas, (left + 9, y + 5), ring_stroke(DARK), 8.0, MOVED)
        who = fit(name, _TEXT.size, across * 0.35, "bold")
        gid = f"label-change-{rank}"
        canvas.text((left + 26, y), who, TextStyle(14, "bold", DARK), gid=f"{gid}-0")
        at = left + 26 + width(who, 14, "bold") + 12
        text = fit(f"{source} → {target}", _TEXT.size, left + across - at - 12)
        canvas.text((at, y), text, _TEXT, gid=f"{gid}-1")
    if len(changes) > _ROWS:
        site = terms().site
        one, several = f"autre {site} change", f"autres {site.plural} changent"
        more = plural(len(changes) - _ROWS, one, several)
        canvas.text(
            (box.left + 26, top - rows * _ROW),
            f"et {more} de zone.",
            _TEXT,
            gid="label-change-more-0",
        )


def _lines(changes: Sequence[tuple[str, str, str, str]]) -> int:
    """Return the number of lines that the list of the lycées takes."""
    shown = min(len(changes), _ROWS)
    lines = shown if shown <= _IN_COLUMN else -(-shown // 2)
    return max(lines, 1) + (len(changes) > _ROWS)
