"""What the signs of a sheet mean, and the small signs themselves: swatches, pills."""

from collections.abc import Sequence

import shapely

from geozones.domain.french import listing, plural
from geozones.render.figure.canvas import Canvas, Ink, Type
from geozones.render.figure.dots import draw_ring, draw_star, ring_ink
from geozones.render.figure.fonts import width as text_width
from geozones.render.figure.fonts import wrap
from geozones.render.figure.frame import Box, Frame
from geozones.render.figure.ground import DARK, hatch, mixed, stripe
from geozones.render.figure.subject import Subject

GREY, _SOFT = "#52606a", "#d5dce0"
FACT = Type(13, "regular", GREY)
_PUBLISHED = ("Publié", "#1d5c3a", "#ffffff")
_DRAFT = ("Brouillon", "#fff4dd", "#7a4300")
_ROW, _LINE = 25.0, 17.0


def swatches(
    canvas: Canvas,
    colours: Sequence[str],
    at: tuple[float, float],
    *,
    draft: bool,
    width: float = 48,
) -> None:
    """Draw the shades of a sector side by side, hatched where they are not decided."""
    x, y = at
    high = 18.0
    whole = Box(x, y, x + width, y + high)
    seen = list(dict.fromkeys(colours)) or ["#b9bec4"]
    step = width / len(seen)
    for rank, colour in enumerate(seen):
        part = shapely.box(x + rank * step, y, x + (rank + 1) * step, y + high)
        canvas.area(part, colour, None, 8.0)
        if draft:
            hatch(canvas, part, Frame(whole, 0, 0, 1, (0, 0)), 8.1, stripe(colour, DARK))
    edge = Ink("#7b8790", 1.0, (3.5, 2.5) if draft else ())
    canvas.area(shapely.box(*whole), "none", edge, 8.2)


def pill_width(draft: bool) -> float:  # noqa: FBT001 - two kinds of pill
    """Return how wide the pill is that says whether a sector is published."""
    return text_width((_DRAFT if draft else _PUBLISHED)[0], 11.5, "bold") + 18


def draw_pill(canvas: Canvas, at: tuple[float, float], *, draft: bool) -> None:
    """Say in a pill whether a sector is published; ``at`` is its lower left corner."""
    text, fill, colour = _DRAFT if draft else _PUBLISHED
    box = Box(at[0], at[1], at[0] + pill_width(draft), at[1] + 19)
    edge = Ink("#b98030", 1.1, (3.0, 2.0)) if draft else None
    canvas.panel(box, fill, edge, 8.0, radius=9.4)
    kind = Type(11.5, "bold", colour, align="center")
    canvas.text((box.centre[0], box.bottom + 5.4), text, kind)


def signs_of(subject: Subject) -> list[tuple[str, str]]:
    """Return the signs that the map uses, each with what it means."""
    scene = subject.scene
    drafts = [zone.draft for zone in subject.zones]
    changed = any(zone.changed for zone in subject.zones)
    signs = []
    if not all(drafts):
        signs.append(("published", "secteur publié"))
    if any(drafts):
        signs.append(("draft", "brouillon : proposition de l'outil, non décidée"))
    if changed:
        signs.append(("changed", "zone modifiée par le scénario, non décidée"))
    if any(not zone.deployed for zone in subject.zones):
        signs.append(("later", "pas encore déployé"))
    points = subject.lycees
    if points:
        signs.append(("lycee", "lycée"))
    if any(point.approximate for point in points):
        signs.append(("approximate", "lycée placé au centre de sa commune"))
    if any(point.role == "support" for point in points):
        signs.append(("support", "centre support"))
    if (scene.layers or {}).get("departements", True):
        signs.append(("border", "limite de département"))
    if subject.unplaced:
        names = listing([point.name for point in subject.unplaced[:4]])
        more = len(subject.unplaced) - 4
        tail = f" et {plural(more, 'autre')}" if more > 0 else ""
        signs.append(("unplaced", f"sans position, non dessiné : {names}{tail}"))
    return signs


def signs_height(signs: Sequence[tuple[str, str]], room: float = 360) -> float:
    """Return the height that signs take."""
    return sum(_sign_height(text, room) for _, text in signs) + 22


def _sign_height(text: str, room: float) -> float:
    return _ROW + _LINE * (len(wrap(text, 13, room - 46, most=3)) - 1)


def draw_signs(canvas: Canvas, signs: Sequence[tuple[str, str]], box: Box) -> None:
    """Draw signs with what they mean under one another, from the top of a box."""
    line = [(box.left, box.top - 2), (box.right, box.top - 2)]
    canvas.lines([line], Ink(_SOFT, 1.2), 8.0)
    y = box.top - 14
    for rank, (sign, text) in enumerate(signs):
        _sign(canvas, sign, (box.left + 19, y - 11))
        lines = wrap(text, 13, box.width - 50, most=3)
        canvas.block((box.left + 50, y - 3), lines, FACT, gid=f"label-sign-{rank}")
        y -= _sign_height(text, box.width)


def _sign(canvas: Canvas, sign: str, at: tuple[float, float]) -> None:
    x, y = at
    green = "#9fc3a5"
    if sign in ("published", "draft"):
        swatches(canvas, [green], (x - 14, y - 9), draft=sign == "draft", width=28)
    elif sign == "later":
        swatches(canvas, [mixed(green, "#ffffff", 0.62)], (x - 14, y - 9), draft=False, width=28)
    elif sign == "changed":
        swatches(canvas, [green], (x - 14, y - 9), draft=True, width=28)
        canvas.area(shapely.box(x - 14, y - 9, x + 14, y + 9), "none", Ink(DARK, 2.6), 8.5)
    elif sign in ("lycee", "approximate"):
        ink = ring_ink("#3d464d", approximate=sign == "approximate")
        draw_ring(canvas, at, ink, 8.0)
    elif sign == "support":
        draw_star(canvas, at, "#3d464d", 8.0)
    elif sign == "border":
        canvas.lines([[(x - 15, y), (x + 15, y)]], Ink("#20303a", 1.6, (1.6, 3.0)), 8.0)
