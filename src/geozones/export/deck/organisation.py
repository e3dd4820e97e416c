"""A slide of the whole organisation: who is under whom, what each does, who answers a request."""

from collections.abc import Iterable

from pptx.presentation import Presentation
from pptx.slide import Slide

from geozones.domain.organisation import OUTSIDE, RNS, TIP, TIS, Organisation, Quote, Role
from geozones.export.deck import measure
from geozones.export.deck.boxes import (
    BAND,
    GAP,
    ON_DARK,
    PAD,
    columns,
    filled_box,
    framed_box,
    line_down,
    text_height,
)
from geozones.export.deck.parts import (
    AMBER,
    BLUE,
    BOTTOM,
    INK,
    INNER,
    MARGIN,
    MUTED,
    PALE,
    RULE,
    TOP,
    SlideBox,
    TextLine,
    TextRun,
    add_slide,
    notes,
    text,
)
from geozones.export.organisation import READING, source_text, whole_sentences

_HEAD, _SOURCE, _STEPS = 0.62, 0.45, 1.2
_WIDE = 4.2
#: Part of the width for the RNS and the technicians.
_TREE = 0.6
_ROLE, _COUNT, _QUOTE = 15.0, 12.0, 12.0


def organisation_slide(deck: Presentation, organisation: Organisation) -> None:
    """Add the slide; its notes have every quote with its source."""
    slide = add_slide(deck, "Organisation : qui encadre, qui intervient")
    outside = [role for role in organisation.roles if role.id not in {RNS, TIS, TIP}]
    for role in outside[:1]:
        head = SlideBox(MARGIN + (INNER - _WIDE) / 2, TOP, _WIDE, _HEAD)
        _named(slide, head, role, BLUE)
        line_down(slide, MARGIN + INNER / 2, TOP + _HEAD)
    top, bottom = TOP + _HEAD + GAP, BOTTOM - _SOURCE - _STEPS
    beside = outside[1:]
    tree = SlideBox(MARGIN, top, INNER * _TREE if beside else INNER, bottom - top)
    _technicians(slide, organisation, tree)
    left = MARGIN + tree.width + GAP
    others = SlideBox(left, top, MARGIN + INNER - left, bottom - top)
    for box, role in zip(columns(others, len(beside)), beside, strict=True):
        _quoted(slide, box, role)
    _escalation(slide, organisation, bottom + 0.12)
    source = source_text(organisation)
    size = measure.fitting_size(source, INNER * 72 * 0.9, (10, 9, 8), lines=2)
    box = SlideBox(MARGIN, BOTTOM - _SOURCE, INNER, _SOURCE)
    text(slide, box, [[TextRun(source, size, colour=MUTED)]])
    notes(slide, whole_sentences(organisation))


def _technicians(slide: Slide, organisation: Organisation, tree: SlideBox) -> None:
    """Draw the RNS, and below them the two kinds of technicians."""
    roles = organisation.by_id
    if RNS in roles:
        _named(slide, SlideBox(tree.left, tree.top, tree.width, _HEAD), roles[RNS], BAND)
        line_down(slide, tree.left + tree.width / 2, tree.top + _HEAD)
    under = [roles[key] for key in (TIP, TIS) if key in roles]
    down = _HEAD + GAP
    row = SlideBox(tree.left, tree.top + down, tree.width, tree.height - down)
    for box, role in zip(columns(row, len(under)), under, strict=True):
        _quoted(slide, box, role)


def _named(slide: Slide, box: SlideBox, role: Role, fill: str) -> None:
    ink, quiet = ("FFFFFF", ON_DARK) if fill == BLUE else (INK, MUTED)
    lines: list[TextLine] = [[TextRun(_called(role), _ROLE, bold=True, colour=ink)]]
    if role.count:
        lines.append([TextRun(role.count, _COUNT, colour=quiet)])
    filled_box(slide, box, lines, fill)


def _called(role: Role) -> str:
    return f"{role.name} ({role.short})" if role.short else role.name


def _quoted(slide: Slide, box: SlideBox, role: Role) -> None:
    """Draw a role with as many of its quotes as fit in its box."""
    framed_box(slide, box, BLUE, MUTED if role.id == OUTSIDE else RULE)
    across = box.width - 2 * PAD
    lines: list[TextLine] = [[TextRun(_called(role), _ROLE, bold=True, colour=BLUE)]]
    room = box.height - 0.2 - text_height(_called(role), across, _ROLE, bold=True)
    if role.count:
        lines.append([TextRun(role.count, _COUNT, colour=MUTED)])
        room -= text_height(role.count, across, _COUNT)
    for quote in _fitting(role.quotes, across, room):
        doubt = [TextRun(f" {READING}", 10, colour=AMBER)] if quote.reading else []
        lines.append([TextRun(f"« {quote.text} »", _QUOTE), *doubt])
    text(slide, SlideBox(box.left + PAD, box.top + 0.1, across, box.height - 0.12), lines, space=3)


def _fitting(quotes: Iterable[Quote], width: float, room: float) -> list[Quote]:
    """Return the quotes that fit in a height, in order; the notes have them all."""
    kept = []
    for quote in quotes:
        said = f"« {quote.text} »{f' {READING}' if quote.reading else ''}"
        need = text_height(said, width, _QUOTE) + 0.05
        if need <= room:
            kept.append(quote)
            room -= need
    return kept


def _escalation(slide: Slide, organisation: Organisation, top: float) -> None:
    """Write who answers a request, one after the other."""
    steps = organisation.escalation
    if not steps:
        return
    label = [[TextRun("L'escalade d'une demande", 13, bold=True, colour=BLUE)]]
    text(slide, SlideBox(MARGIN, top, INNER, 0.3), label)
    boxes = columns(SlideBox(MARGIN, top + 0.36, INNER, 0.7), len(steps), gap=0.5)
    for rank, (box, level) in enumerate(zip(boxes, steps, strict=True)):
        lines = [
            [TextRun(level.levels, 12, colour=MUTED)],
            [TextRun(organisation.by_id[level.role].called, 15, bold=True)],
        ]
        filled_box(slide, box, lines, PALE)
        if rank:
            arrow = SlideBox(box.left - 0.4, box.top + 0.14, 0.36, 0.4)
            text(slide, arrow, [[TextRun("→", 18, bold=True, colour=BLUE)]])
