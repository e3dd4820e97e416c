"""Drawing of a scene on a sheet, or of two plans side by side on the same extent, as SVG."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from geozones.common.french import NBSP, plural
from geozones.domain.terms import terms, worded
from geozones.render.figure.basemap import DARK, credit_size, draw_basemap, draw_credit
from geozones.render.figure.canvas import Box, Canvas, StrokeStyle, TextStyle, fit, width, wrap
from geozones.render.figure.figure_legend import (
    FACT,
    draw_key_strip,
    draw_legend,
    key_strip_box,
    legend_keys_of,
)
from geozones.render.figure.insets import Inset, draw_key, draw_numbers
from geozones.render.figure.labels import draw_label, text_style
from geozones.render.figure.map_layout import MapLayout, lay_out_map
from geozones.render.figure.page_layout import PageLayout, draw_cartons, draw_scale_bar, lay_out
from geozones.render.figure.subject import (
    PictureSubject,
    draw_arrow,
    draw_diamond,
    draw_faint,
    draw_markers,
    draw_moved,
)
from geozones.render.map_ground import MapGround
from geozones.render.scene import Bounds, Scene
from geozones.render.sheet import DRAFTS, LEAST_IN_ROOM, UNDECIDED, Sheet

_SIZE, _LEADING, _PAD, _GAP = 16.0, 1.3, 8.0, 8.0
_PAPER, _INK, _EDGE = "#fff4dd", "#7a4300", "#b98030"


def draw_band(
    canvas: Canvas,
    subject: PictureSubject,
    box: Box,
    undecided: bool,  # noqa: FBT001 - what the band is about
) -> Box:
    """Print the band, if any, at the top of a box; return the rest of the box."""
    sentences = [UNDECIDED] if undecided else []
    sentences += [worded(DRAFTS)] if any(zone.draft for zone in subject.zones) else []
    if not sentences:
        return box
    style = TextStyle(_SIZE, "bold", _INK)
    lines = wrap(" ".join(sentences), _SIZE, box.width - 4 * _PAD, "bold", most=3)
    high = _SIZE * _LEADING * len(lines) + 1.2 * _PAD
    band = Box(box.left, box.top - high, box.right, box.top)
    canvas.panel(band, _PAPER, StrokeStyle(_EDGE, 1.5), 8.0, radius=4)
    at = (band.left + 2 * _PAD, band.top - 0.6 * _PAD)
    canvas.block(at, lines, style, "label-band", _LEADING)
    return box._replace(top=band.bottom - _GAP)


def draw_map(canvas: Canvas, layout: MapLayout, ground: MapGround) -> None:
    """Draw a map according to its layout; the lycées that move are yellow, each with its arrow."""
    subject, frame = layout.subject, layout.frame
    scene, moved = subject.scene, subject.moved
    draw_basemap(canvas, scene, ground, frame)
    if subject.others:
        others = frame.points(np.array([(p.lon, p.lat) for p in subject.others]))
        draw_faint(canvas, others, frame.box, 2.0)
    draw_markers(canvas, layout.points, layout.places, 3.0, moved, dots=subject.dots)
    for start, end in layout.arrows:
        draw_arrow(canvas, start, end, 3.4)
    if scene.pin is not None:
        draw_diamond(canvas, frame.point(scene.pin.lat, scene.pin.lon), 3.5)
    for inset in layout.insets:
        _inset(canvas, inset, subject, ground)
    draw_cartons(canvas, layout.cartons, ground)
    for label, position in layout.labels:
        draw_label(canvas, label, position, 8.0)
    draw_scale_bar(canvas, layout.scale_bar, frame)
    draw_credit(canvas, ground, frame)


def _inset(
    canvas: Canvas,
    inset: Inset,
    subject: PictureSubject,
    ground: MapGround,
) -> None:
    box, extent = inset.box, inset.town.extent
    for stroke, layer in ((StrokeStyle("#ffffff", 4.0), 3.6), (StrokeStyle(DARK, 1.3), 3.61)):
        canvas.panel(extent, "none", stroke, layer, radius=5)
    draw_markers(canvas, inset.town.points, inset.town.places, 3.55, dots=subject.dots)
    draw_basemap(canvas, subject.scene, ground.near, inset.frame, 4.0)
    band = Box(box.left, box.top - 23, box.right, box.top)
    shown = inset.frame.box
    if shown.bottom > box.bottom:
        names = box._replace(top=shown.bottom)
        canvas.panel(names, "#ffffff", layer=5.9, radius=2)
        zones = subject.number if subject.listed else {}
        draw_key(canvas, inset.town.points, zones, names, 8.0)
        draw_numbers(canvas, inset.town.points, inset.places, 5.0)
    else:
        draw_markers(canvas, inset.town.points, inset.places, 5.0, dots=subject.dots)
    for label, position in inset.labels:
        draw_label(canvas, label, position, 8.0)
    canvas.panel(box, "none", StrokeStyle("#ffffff", 5), 6.0, radius=2)
    canvas.panel(box, "none", StrokeStyle(DARK, 1.5), 6.1, radius=2)
    canvas.panel(band, "#ffffff", StrokeStyle(DARK, 1.5), 6.05, radius=2)
    style = text_style("zone", DARK)
    code = inset.town.points[0].id
    at = Box(box.left, box.top - 23, box.left + 23, box.top)
    _letter(canvas, inset.letter, at, 6.2, f"label-letter-{code}-0")
    _letter(canvas, inset.letter, inset.tag, 3.7, f"label-tag-{code}-0")
    title = fit(inset.town.title, style.size, box.width - 40, style.face)
    canvas.text((box.left + 31, box.top - 17), title, style, gid=f"label-inset-{code}-0")


def _letter(canvas: Canvas, letter: str, box: Box, layer: float, gid: str) -> None:
    """Draw the letter of an inset, white in a dark square."""
    canvas.panel(box, DARK, StrokeStyle("#ffffff", 1.2), layer, radius=2)
    x, y = box.centre
    size = LEAST_IN_ROOM if canvas.sheet.room else 13.0
    style = TextStyle(size, "bold", "#ffffff", align="center", layer=layer + 0.02)
    canvas.text((x, y - size * 0.36), letter, style, gid)


def draw(scene: Scene, ground: MapGround, sheet: Sheet) -> str:
    """Draw a scene on a sheet: map, insets, labels, scale bar, legend, title and notes.

    A scene with faded zones is a close-up of the others: their zones are numbered and their lycées
    labelled. ``ground`` has the layers under and over the zones.
    """
    canvas = Canvas(sheet)
    layout = lay_out(canvas)
    subject = PictureSubject(
        scene,
        ground.names,
        sheet.room,
        listed=not sheet.bare,
        departements=bool(ground.departements),
    )
    box = layout.map
    strip = _key_strip_box(sheet, subject, box)
    if not sheet.bare:
        box = draw_band(canvas, subject, box, sheet.undecided)
    box = box._replace(bottom=strip.top)
    subject = replace(subject, credit=credit_size(ground, box, sheet.credit_size))
    shown = lay_out_map(subject, box)
    draw_map(canvas, shown, ground)
    if sheet.keys:
        draw_key_strip(canvas, legend_keys_of(shown.subject), strip, _key_size(sheet))
    if layout.legend is not None:
        draw_legend(canvas, shown.subject, layout.legend, columns=layout.columns)
    return canvas.svg()


def _key_strip_box(sheet: Sheet, subject: PictureSubject, box: Box) -> Box:
    """Return the box of the symbols of a picture at the bottom of another; empty without any."""
    if not sheet.keys:
        return box._replace(top=box.bottom)
    return key_strip_box(legend_keys_of(subject), box, _key_size(sheet))


def _key_size(sheet: Sheet) -> float:
    return LEAST_IN_ROOM if sheet.room else FACT.size


_HEAD, _ROW, _LEAST_CAPTION = 40.0, 24.0, 13.0
_CAPTION = TextStyle(19, "bold", DARK)
_TEXT = TextStyle(14, colour="#37424c")
#: Most lycées listed, in columns of this many.
_ROWS, _IN_COLUMN = 16, 4


def draw_before_after(
    before: Scene,
    after: Scene,
    ground: MapGround,
    sheet: Sheet,
    captions: tuple[str, str] = ("Avant", "Après"),
    undecided: tuple[bool, bool] = (False, False),
) -> str:
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
    limits = bool(ground.departements)
    subjects = [
        PictureSubject(s, ground.names, sheet.room, departements=limits) for s in (before, after)
    ]
    strip = _key_strip_box(sheet, subjects[-1], area)
    if sheet.keys:
        draw_key_strip(canvas, legend_keys_of(subjects[-1]), strip, _key_size(sheet))
    area = area._replace(bottom=strip.top)
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
    for side, half in zip(subjects, halves, strict=True):
        room = half._replace(top=half.top - less)
        subject = replace(side, credit=credit_size(ground, room, sheet.credit_size))
        draw_map(canvas, lay_out_map(subject, room, bounds), ground)
    if not sheet.bare:
        _changes(canvas, changes, page._replace(top=area.bottom - 8))
    return canvas.svg()


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
    """Print the caption of a map at the top of its box: without its name if that has no room.

    A name that is cut tells less than « Après » alone, and the footer has it.
    """
    size = _CAPTION.size
    while size > _LEAST_CAPTION and width(caption, size, "bold") > box.width:
        size -= 1
    if width(caption, size, "bold") > box.width:
        caption, size = caption.partition(" : ")[0], _CAPTION.size
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
        draw_moved(canvas, (left + 9, y + 5), 8.0)
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
