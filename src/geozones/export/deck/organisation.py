"""Slide of the whole organisation: hierarchy, and escalation of a request."""

from pptx.enum.text import PP_ALIGN
from pptx.slide import Slide

from geozones.domain.organisation import RNS, TIP, TIS, Organisation, StaffRole
from geozones.domain.terms import terms
from geozones.export.deck.page import Deck, SlideBox
from geozones.export.deck.parts import (
    BLUE,
    INK,
    MUTED,
    PALE,
    TextLine,
    TextRun,
    add_slide,
    rule,
    text,
    write_notes,
)
from geozones.export.deck.speech import SlideNotes
from geozones.export.organisation import whole_sentences

_BOX, _GAP = 0.8, 0.15
#: Background of a box that spans the boxes below it, and colour of small letters on a dark box.
_BAND, _ON_DARK = "E6EEF4", "DCE8F0"
#: Part of the width for the RNS and the technicians.
_TREE = 0.62


def organisation_slide(deck: Deck, organisation: Organisation) -> None:
    """Add the slide; its notes have every quote with its source."""
    technician, by_site = terms().technician, terms().proximity_technician
    led = f"les {by_site.plural}, et {technician.agreeing('ceux', 'celles')} du secteur"
    led = f"{led}, les {terms().sector_technician.plural}".rstrip(".")
    asked = f"auprès {by_site.of_the} {terms().site.of_the}"
    slide = add_slide(deck, f"Un RNS par secteur encadre les {technician.plural} de proximité")
    roles = organisation.by_id
    outside = [role for role in organisation.roles if role.id not in {RNS, TIS, TIP}]
    body = deck.body
    escalation = 1.5 if organisation.escalation else 0.0
    room = SlideBox(body.left, body.top, body.width, body.height - escalation)
    high = min(_BOX, (room.height - 2 * _GAP) / 4)
    for role in outside[:1]:
        _box(slide, SlideBox(room.left, room.top, room.width, high), role, BLUE)
    left, top = room.width * _TREE, room.top + high + _GAP
    if RNS in roles:
        _box(slide, SlideBox(room.left, top, left, high), roles[RNS], _BAND)
    low = top + high + _GAP
    under = SlideBox(room.left, low, left, room.bottom - low)
    technicians = [roles[key] for key in (TIP, TIS) if key in roles]
    for box, role in zip(under.columns(len(technicians), _GAP), technicians, strict=True):
        _box(slide, box, role, PALE)
    others = outside[1:]
    beside = SlideBox(room.left + left + _GAP, top, room.width - left - _GAP, room.bottom - top)
    tall = (beside.height - _GAP * (len(others) - 1)) / max(len(others), 1)
    for rank, role in enumerate(others):
        place = SlideBox(beside.left, beside.top + rank * (tall + _GAP), beside.width, tall)
        _box(slide, place, role, PALE)
    if escalation:
        _escalation(slide, organisation, body.below(body.bottom - escalation + 0.1))
    spoken = [
        "Chaque secteur a un responsable numérique de secteur, le RNS.",
        f"Il encadre les {technician.plural} de proximité, {led}.",
        f"Une demande commence {asked} et ne monte que si besoin.",
    ]
    write_notes(slide, SlideNotes(spoken, whole_sentences(organisation)))


def _box(slide: Slide, box: SlideBox, role: StaffRole, paint: str) -> None:
    ink, quiet = ("FFFFFF", _ON_DARK) if paint == BLUE else (INK, MUTED)
    called = f"{role.name} ({role.short})" if role.short else role.name
    lines: list[TextLine] = [[TextRun(called, bold=True, colour=ink)]]
    if role.count:
        lines.append([TextRun(role.count, colour=quiet)])
    rule(slide, box, paint)
    inside = SlideBox(box.left + 0.12, box.top + 0.06, box.width - 0.24, box.height - 0.1)
    text(slide, inside, lines, PP_ALIGN.CENTER)


def _escalation(slide: Slide, organisation: Organisation, box: SlideBox) -> None:
    """Write the escalation of a request, step by step."""
    steps = organisation.escalation
    label = SlideBox(box.left, box.top, box.width, 0.35)
    text(slide, label, [[TextRun("L'escalade d'une demande", bold=True, colour=BLUE)]])
    row = box.below(box.top + 0.4)
    for rank, (each, level) in enumerate(zip(row.columns(len(steps), 0.45), steps, strict=True)):
        called = organisation.by_id[level.role].called
        rule(slide, each, PALE)
        lines = [[TextRun(level.levels, colour=MUTED)], [TextRun(called, bold=True)]]
        text(slide, each, lines, PP_ALIGN.CENTER)
        if rank:
            arrow = SlideBox(each.left - 0.42, each.top + 0.14, 0.4, 0.45)
            text(slide, arrow, [[TextRun("→", 20, bold=True, colour=BLUE)]], PP_ALIGN.CENTER)
