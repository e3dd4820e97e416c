"""Last slides of the deck: the calendar as a timeline, the decision asked for, the sources."""

import re
from collections.abc import Sequence

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.slide import Slide

from geozones.common.french import listing, long_date
from geozones.export.change_message import message_of
from geozones.export.deck.page import Deck, SlideBox
from geozones.export.deck.parts import (
    AMBER,
    BLUE,
    BODY,
    GREEN,
    INK,
    MUTED,
    RECORD,
    RED,
    TextLine,
    TextRun,
    add_slide,
    bullet_height,
    bullets,
    lines_height,
    qr_code,
    rule,
    text,
    text_height,
    write_notes,
)
from geozones.export.deck.speech import SlideNotes, Speech
from geozones.export.dossier import Dossier, PlanComparison, Step
from geozones.metrics.headline_effects import Effect, effect_on, written
from geozones.metrics.watch_list import watch_list

#: Dates on a slide of the timeline.
_DATES = 3
_HEAD, _DOT = 0.85, 0.2
_SOURCE_SIZES = (18.0, 16.0, 14.0)
#: Size of what is decided, space after a line in points, side of the QR code in inches.
_LARGE, _SPACE, _CODE = 22.0, 6.0, 2.6
_UNSURE = "lecture incertaine"
#: A day of the month at the beginning of a date, and the first letter of the month.
_DAY = re.compile(r"^\d+(?:er)? (\w)")


def calendar_slides(deck: Deck, dossier: Dossier, notes: SlideNotes) -> None:
    """Add the calendar of the document as a timeline, with uncertain dates in amber.

    It was planned when the document was presented: no date is shown as still to come.
    """
    steps = [part for step in dossier.calendar for part in _fitting(deck, _together(step))]
    pages = [steps[at : at + _DATES] for at in range(0, len(steps), _DATES)]
    planned = "Calendrier prévu"
    if dossier.organisation is not None:
        planned = f"{planned} en {long_date(dossier.organisation.date).partition(' ')[2]}"
    for rank, part in enumerate(pages):
        first, last = (_sure(step.heading) for step in (part[0], part[-1]))
        span = first if first == last else f"{first} → {last}"
        slide = add_slide(deck, f"{planned} : {span}")
        _timeline(deck, slide, part, more=rank < len(pages) - 1)
        write_notes(slide, notes)


def _sure(text: str) -> str:
    """Return a date or an action without the mark of a doubt, which is in the notes.

    Of an uncertain day, the month is certain: « 5 janvier 2026 (lecture incertaine) ».
    """
    if _UNSURE not in text:
        return text
    return _DAY.sub(lambda found: found[1].upper(), text.replace(f" ({_UNSURE})", ""))


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
                need += text_height(whom, width, bold=True) + 0.06
            if columns[-1] and used + need > room:
                columns.append([])
                used = text_height(whom, width, bold=True)
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
        text(
            slide, head, [[TextRun(f"{_sure(step.heading)}{again}", 20, bold=True, colour=colour)]]
        )
        lines: list[TextLine] = []
        for whom, items in step.parts:
            lines.append([TextRun(whom, bold=True)])
            lines += [
                [TextRun(f"• {_sure(item)}", colour=AMBER if _UNSURE in item else INK)]
                for item in items
            ]
        text(slide, box.below(body.top + _HEAD + _DOT + 0.12), lines, PP_ALIGN.LEFT, space=3)


def decision_slide(deck: Deck, dossier: Dossier, notes: SlideNotes) -> None:
    """Add the decision asked for, and the decision taken; a QR code leads to the view."""
    if not dossier.asked and not dossier.address:
        return
    slide = add_slide(deck, _question(dossier) or "Où retrouver ce plan")
    taken = dossier.asked[1:]
    side = _CODE + 0.3 if dossier.address else 0.0
    box = SlideBox(deck.body.left, deck.body.top, deck.body.width - side, deck.body.height)
    lines: list[TextLine] = [[TextRun(decision, _LARGE)] for decision in taken[:5]]
    comparison = dossier.comparison
    if comparison is not None:
        told = [[TextRun(f"• {line}", _LARGE)] for line in message_of(comparison).lines]
        lines += _effects(comparison, _LARGE) or told
    if dossier.address:
        lines.append([TextRun(dossier.address, 18, colour=BLUE)])
        _code(deck, slide, dossier.address)
    text(slide, box, lines, space=12)
    write_notes(slide, notes)


def _question(dossier: Dossier) -> str:
    """Return the decision asked for, as a title; empty if none is."""
    if not dossier.asked or not dossier.asked[0]:
        return ""
    first = dossier.asked[0]
    return f"Décision demandée : {first[:1].lower()}{first[1:].rstrip('.')}"


def _code(deck: Deck, slide: Slide, address: str) -> None:
    qr_code(slide, SlideBox(deck.body.right - _CODE, deck.body.top, _CODE, _CODE), address)


def _effects(comparison: PlanComparison, size: float) -> list[TextLine]:
    """Write a line for each plain figure that changes, what gets worse first."""
    lines: list[TextLine] = []
    for effect, colour in ((Effect.WORSE, RED), (Effect.BETTER, GREEN)):
        listed = [written(each) for each in comparison.headline if effect_on(each) is effect]
        if listed:
            lines.append([TextRun(str(effect), size, bold=True, colour=colour)])
            lines += [[TextRun(f"• {change[:1].upper()}{change[1:]}", size)] for change in listed]
    return lines


def sources_slide(deck: Deck, notes: SlideNotes) -> None:
    """Add the sources and the identity of the plan, which its notes repeat."""
    slide = add_slide(deck, "Sources et version")
    runs = [[TextRun(line, size) for line in notes.figures] for size in (*_SOURCE_SIZES, RECORD)]
    fitting = (each for each in runs if _fits(each, deck.body))
    bullets(deck, slide, next(fitting, runs[-1]), deck.body.top)
    write_notes(slide, notes)


def zone_end_slide(deck: Deck, dossier: Dossier, speech: Speech) -> None:
    """Add what is asked, what to watch in a zone and the sources, as far as they have room.

    All of it is in the notes.
    """
    watched = watch_list(dossier.points)
    asked = _question(dossier)
    slide = add_slide(deck, asked or (watched.text if watched.count else "Sources et version"))
    side = _CODE + 0.3 if dossier.address else 0.0
    box = SlideBox(deck.body.left, deck.body.top, deck.body.width - side, deck.body.height)
    effects = () if dossier.comparison is None else _effects(dossier.comparison, BODY)
    sentences = (*(point.sentence for point in watched.counted), *dossier.feedback)
    lines: list[TextLine] = [
        *effects,
        *([TextRun(f"• {sentence}")] for sentence in sentences),
        *([TextRun(f"• {line}", RECORD, colour=MUTED)] for line in speech.sources.figures),
    ]
    kept, used = 0, 0.0
    for line in lines:
        used += lines_height(line, box.width) + _SPACE / 72
        kept += used <= box.height
    text(slide, box, lines[:kept], space=_SPACE).name = "Texte"
    if dossier.address:
        _code(deck, slide, dossier.address)
    figures = [*speech.points.figures, *dossier.feedback, *speech.sources.figures]
    write_notes(slide, SlideNotes(speech.decision.spoken, figures))


def _fits(runs: Sequence[TextRun], box: SlideBox) -> bool:
    return sum(bullet_height(run, box.width) for run in runs) < box.height
