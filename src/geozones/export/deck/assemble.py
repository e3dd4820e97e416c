"""Assembly of the deck, with the slides of points to watch, feedback and organisation."""

import io

from pptx.enum.text import PP_ALIGN
from pptx.slide import Slide

from geozones.domain.organisation import RNS, TIP, TIS, Organisation, StaffRole
from geozones.domain.terms import terms
from geozones.export.change_scenes import shown_sectors, tells_change
from geozones.export.deck import changes, region, sectors
from geozones.export.deck.page import Deck, SlideBox, new_deck
from geozones.export.deck.parts import (
    TextLine,
    TextRun,
    add_slide,
    cut_to,
    footers,
    rule,
    text,
    write_notes,
)
from geozones.export.deck.speech import SlideNotes, Speech, speech_of
from geozones.export.deck.tables import TableColumn, TableRow, cut_rows, table
from geozones.export.dossier import Dossier
from geozones.export.file_parts import BLUE, INK, MUTED, PALE, undated
from geozones.export.messages import FEEDBACK_TITLE
from geozones.export.organisation import whole_sentences
from geozones.metrics.metric_registry import watch_list
from geozones.render.typeface import office_typeface, set_in


def feedback_slide(deck: Deck, dossier: Dossier, notes: SlideNotes) -> None:
    """Add the feedback, as much as fits a slide; nothing without feedback."""
    if dossier.feedback:
        slide = add_slide(deck, FEEDBACK_TITLE)
        lines: list[TextLine] = [[TextRun(f"• {sentence}")] for sentence in dossier.feedback]
        text(slide, deck.body, cut_to(lines, deck.body, 8), space=8).name = "Texte"
        write_notes(slide, notes)


_COLUMNS = (
    TableColumn("À surveiller", 9.2),
    TableColumn("Origine", 3.1),
)


def vigilance_slide(deck: Deck, dossier: Dossier, notes: SlideNotes) -> None:
    """Add the points to watch in view, as many as fit a slide; nothing without any."""
    known = watch_list(dossier.points)
    if not known.counted:
        return
    rows = [
        TableRow((point.sentence, f"{point.kind_and_origin} ({point.status})"))
        for point in known.counted
    ]
    slide = add_slide(deck, known.text)
    kept = cut_rows(_COLUMNS, rows, deck.body, "autre point", "autres points")
    table(slide, deck.body, _COLUMNS, kept)
    write_notes(slide, notes)


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


def pptx(dossier: Dossier, template: bytes | None = None) -> bytes:
    """Return the deck, based on a template (a .pptx file) if given.

    The same dossier and template give the same bytes.
    """
    deck, speech = new_deck(dossier, template), speech_of(dossier)
    with set_in(office_typeface()):
        if tells_change(dossier):
            _change(deck, dossier, speech)
        else:
            _whole(deck, dossier, speech)
    footers(deck, dossier)
    stream = io.BytesIO()
    deck.presentation.save(stream)
    return undated(stream.getvalue())


#: Most slides of the deck of a change.
_MOST = 8


def _change(deck: Deck, dossier: Dossier, speech: Speech) -> None:
    """Add the slides of a change; the sectors that change have one each if all have room."""
    comparison = dossier.comparison
    assert comparison is not None  # noqa: S101 - who calls looked
    changes.finding_slide(deck, dossier, comparison, speech.finding)
    changes.moves_slide(deck, dossier, comparison, speech.moves)
    changes.figures_slide(deck, comparison, speech.figures)
    changes.alerts_slide(deck, dossier, comparison, speech.alerts)
    ends = 2 + bool(dossier.feedback)
    shown = shown_sectors(dossier)
    if len(deck.presentation.slides) + len(shown) + ends <= _MOST:
        for sector in shown:
            sectors.sector_slide(deck, dossier, sector, speech.sectors[sector.id])
    _end(deck, dossier, speech)


def _whole(deck: Deck, dossier: Dossier, speech: Speech) -> None:
    """Add the slides of the region or of a sector, as a plan without changes has it."""
    region.title_slide(deck, dossier, speech.opening)
    if len(dossier.sectors) > 1:
        region.region_slides(deck, dossier, speech.region)
    for sector in dossier.sectors:
        if sector.lycees:
            sectors.sector_slides(deck, dossier, sector, speech.sectors[sector.id])
    vigilance_slide(deck, dossier, speech.points)
    if dossier.comparison is None:
        if len(dossier.sectors) > 1 and dossier.organisation is not None:
            organisation_slide(deck, dossier.organisation)
        region.calendar_slide(deck, dossier, speech.calendar)
    _end(deck, dossier, speech)


def _end(deck: Deck, dossier: Dossier, speech: Speech) -> None:
    feedback_slide(deck, dossier, speech.feedback)
    region.decision_slide(deck, dossier, speech.decision)
    region.sources_slide(deck, speech.sources)
