"""Two plans side by side, on the same extent."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from geozones.domain.french import plural
from geozones.render.figure.canvas import Canvas, Ink, Type
from geozones.render.figure.dots import MOVED, draw_ring, ring_ink
from geozones.render.figure.fonts import fit, width
from geozones.render.figure.frame import Box
from geozones.render.figure.ground import DARK
from geozones.render.figure.map import draw_map
from geozones.render.figure.page import lay_out
from geozones.render.figure.plan import plan_map
from geozones.render.figure.subject import Subject
from geozones.render.scene import Bounds, Outline, Scene
from geozones.render.sheet import Sheet

_HEAD, _ROW = 40.0, 24.0
_CAPTION = Type(19, "bold", DARK)
_TEXT = Type(14, colour="#37424c")
_ROWS = 8


def draw_pair(  # noqa: PLR0913, PLR0917 - two of each, and what they are drawn on
    before: Scene,
    after: Scene,
    outlines: Sequence[Outline],
    sheet: Sheet,
    captions: tuple[str, str] = ("Avant", "Après"),
    drafts: tuple[bool, bool] = (False, False),
) -> Figure:
    """Draw two scenes on the same extent: before and after, or two scenarios.

    The lycées that are not in the same zone in both are named, on a yellow ground, and listed.
    ``drafts`` tells which of the two is not decided; ``sheet.draft`` is for a single map.
    """
    canvas = Canvas(sheet)
    layout = lay_out(canvas)
    whole = layout.map
    if layout.legend is not None:
        whole = Box(
            min(whole.left, layout.legend.left),
            min(whole.bottom, layout.legend.bottom),
            max(whole.right, layout.legend.right),
            whole.top,
        )
    changes = changed_lycees(before, after)
    rows = min(len(changes), _ROWS + 1)
    low = whole.bottom + (0 if sheet.bare else 34 + _ROW * max(rows, 1))
    area = Box(whole.left, low, whole.right, whole.top)
    bounds = _both(before, after)
    moved = frozenset(lycee for lycee, _, _, _ in changes)
    sides = zip((before, after), captions, drafts, _halves(area), strict=True)
    for scene, caption, draft, box in sides:
        head = fit(caption, _CAPTION.size, box.width, "bold")
        gid = f"label-caption-{'before' if scene is before else 'after'}-0"
        canvas.text((box.left, box.top - 24), head, _CAPTION, gid=gid)
        room = Box(box.left, box.bottom, box.right, box.top - _HEAD)
        plan = plan_map(Subject(scene), room, bounds, moved)
        draw_map(canvas, plan, outlines, moved, draft=draft)
    if not sheet.bare:
        _changes(canvas, changes, Box(whole.left, whole.bottom, whole.right, low - 8))
    return canvas.figure


def changed_lycees(before: Scene, after: Scene) -> tuple[tuple[str, str, str, str], ...]:
    """Return the lycées in another zone: id, name, and the names of both zones."""
    first = {point.id: point.zone for point in before.lycees}
    names = [{zone.id: zone.name for zone in scene.zones} for scene in (before, after)]
    return tuple(
        (p.id, p.name, names[0].get(first[p.id], first[p.id]), names[1].get(p.zone, p.zone))
        for p in after.lycees
        if p.id in first and first[p.id] != p.zone
    )


def _halves(area: Box) -> tuple[Box, Box]:
    """Share an area out: side by side, or one above the other when it is higher than wide."""
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
    west, south, east, north = zip(before.view.bounds, after.view.bounds, strict=True)
    return min(west), min(south), max(east), max(north)


def _changes(canvas: Canvas, changes: Sequence[tuple[str, str, str, str]], box: Box) -> None:
    """List the lycées that change zone."""
    line = [(box.left, box.top - 6), (box.right, box.top - 6)]
    canvas.lines([line], Ink("#d5dce0", 1.2), 8.0)
    y = box.top - 26
    if not changes:
        canvas.text((box.left, y), "Aucun lycée ne change de zone.", _TEXT, gid="label-change-0")
        return
    for rank, (_, name, source, target) in enumerate(changes[:_ROWS]):
        draw_ring(canvas, (box.left + 9, y + 5), ring_ink(DARK), 8.0, MOVED)
        who = fit(name, _TEXT.size, box.width * 0.35, "bold")
        gid = f"label-change-{rank}"
        canvas.text((box.left + 26, y), who, Type(14, "bold", DARK), gid=f"{gid}-0")
        at = box.left + 26 + width(who, 14, "bold") + 12
        text = fit(f"{source} → {target}", _TEXT.size, box.right - at)
        canvas.text((at, y), text, _TEXT, gid=f"{gid}-1")
        y -= _ROW
    if len(changes) > _ROWS:
        more = plural(len(changes) - _ROWS, "autre lycée change", "autres lycées changent")
        canvas.text((box.left + 26, y), f"et {more} de zone.", _TEXT, gid="label-change-more-0")
