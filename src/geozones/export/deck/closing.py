"""Last slides of the deck: the calendar as a timeline, the decision asked for, the sources."""

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.slide import Slide

from geozones.common.french import listing
from geozones.export.deck.page import Deck, SlideBox
from geozones.export.deck.parts import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    RED,
    TextLine,
    TextRun,
    add_slide,
    bullets,
    qr_code,
    rule,
    text,
    text_height,
    write_notes,
)
from geozones.export.deck.speech import SlideNotes
from geozones.export.dossier import Dossier, PlanComparison, Step
from geozones.metrics.headline_effects import Effect, effect_on, written

#: Dates on a slide of the timeline.
_DATES = 3
_HEAD, _DOT = 0.85, 0.2
_UNSURE = "lecture incertaine"


def calendar_slides(deck: Deck, dossier: Dossier, notes: SlideNotes) -> None:
    """Add the calendar of deployment as a timeline, with uncertain dates in amber."""
    steps = [part for step in dossier.calendar for part in _fitting(deck, _together(step))]
    pages = [steps[at : at + _DATES] for at in range(0, len(steps), _DATES)]
    for rank, part in enumerate(pages):
        first, last = part[0].heading, part[-1].heading
        span = first if first == last else f"{first} → {last}"
        slide = add_slide(deck, f"Calendrier : {span}")
        _timeline(deck, slide, part, more=rank < len(pages) - 1)
        write_notes(slide, notes)


def _together(step: Step) -> Step:
    """Return a date with all those for whom the same is planned on one line."""
    whom: dict[tuple[str, ...], list[str]] = {}
    for part, items in step.parts:
        whom.setdefault(items, []).append(part)
    parts = tuple((listing(_lowered(names)), items) for items, names in whom.items())
    return Step(step.heading, parts, step.doubts)


def _lowered(names: list[str]) -> list[str]:
    return [name if rank == 0 else name[:1].lower() + name[1:] for rank, name in enumerate(names)]


def _fitting(deck: Deck, step: Step) -> list[Step]:
    """Return a date as one column of the timeline, or several if its text is long."""
    width = deck.body.columns(_DATES)[0].width
    room = deck.body.height - _HEAD - _DOT - 0.3
    columns: list[list[tuple[str, tuple[str, ...]]]] = [[]]
    used = 0.0
    for whom, items in step.parts or (("", ("Rien de nouveau",)),):
        for rank, item in enumerate(items):
            need = text_height(f"• {item}", width) + 0.06
            if rank == 0:
                need += text_height(whom, width) + 0.06
            if columns[-1] and used + need > room:
                columns.append([])
                used = text_height(whom, width)
            if not columns[-1] or columns[-1][-1][0] != whom:
                columns[-1].append((whom, ()))
            columns[-1][-1] = (whom, (*columns[-1][-1][1], item))
            used += need
    return [Step(step.heading, tuple(parts), step.doubts) for parts in columns]


def _timeline(deck: Deck, slide: Slide, steps: list[Step], *, more: bool) -> None:
    body = deck.body
    line = body.top + _HEAD + _DOT / 2
    end = body.right if more else body.columns(_DATES)[len(steps) - 1].right
    rule(slide, SlideBox(body.left, line - 0.02, end - body.left, 0.04), BLUE)
    before = ""
    for box, step in zip(body.columns(_DATES), steps, strict=False):
        dot = rule(slide, SlideBox(box.left, body.top + _HEAD, _DOT, _DOT), BLUE)
        dot.auto_shape_type  # noqa: B018 - drawn as a disc below
        dot._element.spPr.prstGeom.set("prst", MSO_SHAPE.OVAL.xml_value)  # noqa: SLF001
        again = " (suite)" if step.heading == before else ""
        before = step.heading
        unsure = _UNSURE in step.heading
        head = SlideBox(box.left, body.top, box.width, _HEAD)
        colour = AMBER if unsure else BLUE
        text(slide, head, [[TextRun(f"{step.heading}{again}", 20, bold=True, colour=colour)]])
        lines: list[TextLine] = []
        for whom, items in step.parts:
            lines.append([TextRun(whom, bold=True)])
            lines += [
                [TextRun(f"• {item}", colour=AMBER if _UNSURE in item else INK)] for item in items
            ]
        text(slide, box.below(body.top + _HEAD + _DOT + 0.12), lines, PP_ALIGN.LEFT, space=3)


def decision_slide(deck: Deck, dossier: Dossier, notes: SlideNotes) -> None:
    """Add the decision asked for, and the decision taken; a QR code leads to the view."""
    if not dossier.asked and not dossier.address:
        return
    first, *taken = dossier.asked or ("",)
    asked = f"Décision demandée : {first[:1].lower()}{first[1:].rstrip('.')}"
    slide = add_slide(deck, asked if first else "Où retrouver ce plan")
    side = 2.6 if dossier.address else 0.0
    box = SlideBox(deck.body.left, deck.body.top, deck.body.width - side - 0.3, deck.body.height)
    lines: list[TextLine] = [[TextRun(decision, 24)] for decision in taken[:5]]
    comparison = dossier.comparison
    if comparison is not None and (comparison.moves or comparison.new_points):
        lines += _effects(comparison)
    if dossier.address:
        lines.append([TextRun(dossier.address, 18, colour=BLUE)])
        place = SlideBox(deck.body.right - side, deck.body.top, side, side)
        qr_code(slide, place, dossier.address)
    text(slide, box, lines, space=12)
    write_notes(slide, notes)


def _effects(comparison: PlanComparison) -> list[TextLine]:
    """Write a line for each plain figure that changes, what gets worse first."""
    lines: list[TextLine] = []
    for effect, colour in ((Effect.WORSE, RED), (Effect.BETTER, GREEN)):
        listed = [written(each) for each in comparison.headline if effect_on(each) is effect]
        if listed:
            lines.append([TextRun(str(effect), 22, bold=True, colour=colour)])
            lines += [[TextRun(f"• {change[:1].upper()}{change[1:]}", 22)] for change in listed]
    return lines


def sources_slide(deck: Deck, notes: SlideNotes) -> None:
    """Add the sources and the identity of the plan, which its notes repeat."""
    slide = add_slide(deck, "Sources et version")
    size = next(
        (
            size
            for size in (18.0, 16.0, 14.0)
            if sum(
                text_height(f"• {line}", deck.body.width, size) + 8 / 72 for line in notes.figures
            )
            < deck.body.height
        ),
        12.0,
    )
    lines = [TextRun(line, size, colour=INK) for line in notes.figures]
    bullets(deck, slide, lines, deck.body.top)
    write_notes(slide, notes)
