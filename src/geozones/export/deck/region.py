"""First and last slides: title, map, table of sectors; calendar, decision asked for, sources."""

from collections.abc import Sequence
from itertools import accumulate

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.slide import Slide

from geozones.common.french import NBSP, capital, inside, listing, long_date, plural
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms
from geozones.export import messages
from geozones.export.deck import page
from geozones.export.deck.page import Deck, SlideBox
from geozones.export.deck.parts import (
    BODY,
    EFFECT_COLOURS,
    RECORD,
    TextLine,
    TextRun,
    add_slide,
    bullet_height,
    bullets,
    cut_to,
    lines_height,
    picture,
    qr_code,
    rule,
    status_colour,
    text,
    write_notes,
    write_title,
)
from geozones.export.deck.speech import SlideNotes
from geozones.export.deck.tables import TableColumn, TableRow, paged, table
from geozones.export.dossier import Dossier, PlanComparison, SectorRow, Step
from geozones.export.file_parts import AMBER, BLUE, INK, MUTED, PALE
from geozones.export.messages import ChangeMessage, message_of
from geozones.export.organisation import READING, without_doubt
from geozones.export.pictures import map_png
from geozones.export.sentences import mean_and_longest
from geozones.metrics.metric_changes import Change, change_text, effect_on
from geozones.metrics.metric_registry import VIGILANCE
from geozones.render import Scene

_COLUMNS = (
    TableColumn("", 0.3),
    TableColumn("Secteur", 3.6, strong=True),
    TableColumn("Statut", 1.7),
    TableColumn("Zones", 1.1, numeric=True),
    TableColumn("{Sites}", 1.2, numeric=True),
    TableColumn("Trajet moyen", 1.9, numeric=True),
    TableColumn("Le plus long", 1.9, numeric=True),
)
#: Parts of the width for the lines beside a map, in order of trial; space between them.
_SHARES, _BESIDE = (0.34, 0.4, 0.46, 0.52, 0.57), 0.25
#: Separator of two zones in a key, and the height of its lines in inches.
_SEPARATOR, _LINE = "    ", 0.31
_MOST_LINES = 3


def title_slide(deck: Deck, dossier: Dossier, notes: SlideNotes) -> None:
    """Add the first slide."""
    version = dossier.version
    slide = deck.presentation.slides.add_slide(deck.first)
    date = long_date(version.date) if version.date and not version.published else ""
    subject = f"Organisation de l'assistance informatique des {terms().site.plural}"
    lines = [
        [TextRun(subject, 22, colour=INK)],
        *([[TextRun(dossier.author, 22, bold=True, colour=INK)]] if version.published else []),
        [TextRun(version.name_and_status, 20, colour=MUTED)],
        *([[TextRun(date, 18, colour=MUTED)]] if date else []),
    ]
    if deck.own:
        band = rule(slide, SlideBox(0, 0, 13.333, 4.05), BLUE)
        # under the title, a placeholder of the slide's layout
        slide.shapes._spTree.insert(2, band._element)  # noqa: SLF001 - no public way
        write_title(deck, slide, dossier.title, "FFFFFF")
        text(slide, SlideBox(deck.body.left, 4.35, deck.body.width, 2.5), lines)
    else:
        write_title(deck, slide, dossier.title)
        title = slide.shapes.title
        top = ((title.top or 0) + (title.height or 0)) / 914_400 + 0.15
        bottom = deck.footer.top
        if bottom - top < 1.9:  # a title at the bottom of its slide: the rest goes above
            top, bottom = 0.5, (title.top or 0) / 914_400
        left, width = (title.left or 0) / 914_400, (title.width or 0) / 914_400
        text(slide, SlideBox(left, top, width, max(bottom - top, 1.0)), lines)
    write_notes(slide, notes)


def region_slides(deck: Deck, dossier: Dossier, notes: SlideNotes) -> None:
    """Add the region: its map, then its sectors in a table."""
    zones = plural(len([zone for zone in dossier.zones if zone.lycees]), "zone")
    whole = f"{plural(len(dossier.sectors), 'secteur')}, {zones} de continuité, "
    whole += terms().site.counted(len(dossier.lycees))
    beside = [line for sector in dossier.sectors if sector.lycees for line in _brief(sector)]
    map_slide(deck, dossier, dossier.scene, (whole, messages.alt_of_region(dossier)), beside)
    write_notes(deck.presentation.slides[-1], notes)
    colours = {sector.id: sector.colour for sector in dossier.scene.sectors}
    rows = [_row(sector, colours.get(sector.id)) for sector in dossier.sectors]
    rows.append(_total(dossier))
    title = messages.of_region(dossier)
    for rank, part in enumerate(paged(_COLUMNS, rows, deck.body)):
        slide = add_slide(deck, title if rank == 0 else f"{title} (suite)")
        table(slide, deck.body, _COLUMNS, part)
        write_notes(slide, notes.continued)


def _brief(sector: SectorRow) -> list[TextLine]:
    """Return a sector in two lines: its name, then its zones, its lycées and its status."""
    zones = plural(len([zone for zone in sector.zones if zone.lycees]), "zone")
    counted = f"{zones}, {terms().site.counted(len(sector.lycees))} · "
    status = TextRun(sector.status_text, colour=status_colour(sector))
    return [[TextRun(sector.name, bold=True)], [TextRun(counted), status]]


def map_slide(
    deck: Deck,
    dossier: Dossier,
    scene: Scene,
    words: tuple[str, str],
    beside: Sequence[TextLine],
) -> None:
    """Add a slide with a map and lines beside it; ``words``: title, description."""
    title, described = words
    slide = add_slide(deck, title)
    place, panel = beside_map(deck, beside)
    picture(slide, place, map_png(scene, dossier.ground, place), described)
    if beside and panel.width:
        text(slide, panel, beside).name = "Zones de la carte"


def beside_map(deck: Deck, lines: Sequence[TextLine]) -> tuple[SlideBox, SlideBox]:
    """Return the boxes of a map and of the lines at its right, the map as wide as they allow.

    The second is empty, and the map as wide as the slide, if the lines have no room.
    """
    body = deck.body
    for share in _SHARES if lines else ():
        width = body.width * share
        if sum(lines_height(line, width - _BESIDE) for line in lines) <= body.height:
            left = body.right - width + _BESIDE
            place = SlideBox(body.left, body.top, body.width - width, body.height)
            return place, SlideBox(left, body.top, width - _BESIDE, body.height)
    return body, SlideBox(body.right, body.top, 0.0, 0.0)


def key_of(box: SlideBox, names: Sequence[tuple[int, str]]) -> Sequence[tuple[int, str]]:
    """Return the names of the zones that a map numbers, none if they are too many for a box."""
    return names if len(_key_lines(names, box.width)) <= _MOST_LINES else ()


def above_key(box: SlideBox, names: Sequence[tuple[int, str]]) -> SlideBox:
    """Return the box of a map above the key of its zones."""
    high = len(_key_lines(names, box.width)) * _LINE + 0.06 if names else 0.0
    return SlideBox(box.left, box.top, box.width, box.height - high)


def write_key(slide: Slide, box: SlideBox, names: Sequence[tuple[int, str]], top: float) -> None:
    """Write the zones of a map by number, from a height; nothing if there are none."""
    lines = [
        [
            run
            for number, name in line
            for run in (TextRun(f"{number}{NBSP}", bold=True), TextRun(f"{name}{_SEPARATOR}"))
        ]
        for line in _key_lines(names, box.width)
    ]
    if lines:
        place = SlideBox(box.left, top + 0.04, box.width, len(lines) * _LINE)
        text(slide, place, lines).name = "Zones de la carte"


def _key_lines(names: Sequence[tuple[int, str]], width: float) -> list[list[tuple[int, str]]]:
    """Return numbered names line by line, unbroken unless a name is longer than a line."""
    lines: list[list[tuple[int, str]]] = []
    used = width
    for number, name in names:
        need = page.width_pt(f"{number}{NBSP}{name}{_SEPARATOR}", BODY, bold=True) / 72
        if used + need > width:
            lines.append([])
            used = 0.0
        lines[-1].append((number, name))
        used += need
    return lines


def _total(dossier: Dossier) -> TableRow:
    zones, lycees = len([zone for zone in dossier.zones if zone.lycees]), len(dossier.lycees)
    cells = ("", "Ensemble", "", str(zones), str(lycees), *mean_and_longest(dossier))
    return TableRow(cells, strong=True, fill=PALE)


def _row(sector: SectorRow, colour: str | None) -> TableRow:
    zones = len([zone for zone in sector.zones if zone.lycees])
    cells = (
        "",
        sector.name + (f" ({sector.marks})" if sector.marks else ""),
        sector.status.label,
        str(zones),
        str(len(sector.lycees)),
        *mean_and_longest(sector),
    )
    status = status_colour(sector)
    swatch = None if colour is None else (colour, sector.status is DecisionStatus.DRAFT)
    return TableRow(cells, colours=(INK, INK, status, INK, INK, INK, INK), swatch=swatch)


_HEAD, _DOT = 0.85, 0.2
#: Space after a line of the plans of a date in points, between two dates in inches; bounds of the
#: width of a date, as a part of the mean.
_BETWEEN, _APART, _LEAST_SHARE, _MOST_SHARE = 3.0, 0.15, 0.75, 1.7
_SOURCE_SIZES = (18.0, 16.0, 14.0)
#: Size of what is decided, space after a line in points, side of the QR code in inches.
_LARGE, _SPACE, _CODE = 22.0, 6.0, 2.6
#: Sizes of the effects of a change on the slide of the decision, the greatest that fits.
_EFFECT_SIZES = (BODY, 16.0, 14.0, RECORD)


def calendar_slide(deck: Deck, dossier: Dossier, notes: SlideNotes) -> None:
    """Add the calendar of the document as a timeline, with uncertain dates in amber.

    It was planned when the document was presented: no date is shown as still to come. What a
    column has no room for is counted, and in the notes.
    """
    if not dossier.calendar:
        return
    steps = [_together(step) for step in dossier.calendar]
    first, last = (without_doubt(step.heading) for step in (steps[0], steps[-1]))
    planned = "Calendrier prévu"
    if dossier.organisation is not None:
        planned = f"{planned} en {long_date(dossier.organisation.date).partition(' ')[2]}"
    span = first if len(steps) == 1 else f"{first} → {last}"
    slide = add_slide(deck, f"{planned} : {span}")
    _timeline(deck, slide, steps)
    write_notes(slide, notes)


def _together(step: Step) -> Step:
    """Return a date with all those for whom the same is planned on one line."""
    whom: dict[tuple[str, ...], list[str]] = {}
    for part, items in step.parts:
        whom.setdefault(items, []).append(part)
    parts = tuple((listing(_lowered(names)), items) for items, names in whom.items())
    return Step(step.heading, parts, step.doubts)


def _lowered(names: list[str]) -> list[str]:
    return [name if rank == 0 else inside(name) for rank, name in enumerate(names)]


def _timeline(deck: Deck, slide: Slide, steps: Sequence[Step]) -> None:
    """Draw each date with its plans, as many as fit."""
    body, columns = deck.body, _columns(deck.body, steps)
    rooms = [box.below(body.top + _HEAD + _DOT + 0.12) for box in columns]
    kept = [cut_to(_planned(step), room, _BETWEEN) for step, room in zip(steps, rooms, strict=True)]
    line = body.top + _HEAD + _DOT / 2
    rule(slide, SlideBox(body.left, line - 0.02, body.width, 0.04), BLUE)
    for box, room, step, lines in zip(columns, rooms, steps, kept, strict=True):
        dot = rule(slide, SlideBox(box.left, body.top + _HEAD, _DOT, _DOT), BLUE)
        dot.auto_shape_type  # noqa: B018 - drawn as a disc below
        dot._element.spPr.prstGeom.set("prst", MSO_SHAPE.OVAL.xml_value)  # noqa: SLF001
        colour = AMBER if READING in step.heading else BLUE
        heading = TextRun(without_doubt(step.heading), BODY, bold=True, colour=colour)
        text(slide, SlideBox(box.left, body.top, box.width, _HEAD), [[heading]])
        text(slide, room, lines, PP_ALIGN.LEFT, space=_BETWEEN)


def _columns(box: SlideBox, steps: Sequence[Step]) -> list[SlideBox]:
    """Return a column for each date, wider for one of which more was planned."""
    said = [sum(len(run.text) for line in _planned(step) for run in line) for step in steps]
    mean = sum(said) / len(said)
    shares = [min(max(each / mean, _LEAST_SHARE), _MOST_SHARE) for each in said]
    room = box.width - _APART * (len(steps) - 1)
    widths = [share / sum(shares) * room for share in shares]
    lefts = accumulate(widths[:-1], lambda left, width: left + width + _APART, initial=box.left)
    return [
        SlideBox(left, box.top, width, box.height)
        for left, width in zip(lefts, widths, strict=True)
    ]


def _planned(step: Step) -> list[TextLine]:
    """Return what was planned for a date: for whom, in bold, then each plan."""
    lines: list[TextLine] = []
    for whom, items in step.parts or (("", ("Rien de nouveau",)),):
        lines += [[TextRun(whom, bold=True)]] if whom else []
        for item in items:
            colour = AMBER if READING in item else INK
            lines.append([TextRun(f"• {without_doubt(item)}", colour=colour)])
    return lines


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
    address = [[TextRun(dossier.address, 18, colour=BLUE)]] if dossier.address else []
    if dossier.address:
        _code(deck, slide, dossier.address)
    if comparison is not None:
        lines = cut_to([*lines, *_effects(comparison, box, [*lines, *address])], box, _SPACE)
    lines += address
    text(slide, box, lines, space=_SPACE)
    write_notes(slide, notes)


def _question(dossier: Dossier) -> str:
    """Return the decision asked for, as a title; empty if none is."""
    if not dossier.asked or not dossier.asked[0]:
        return ""
    first = dossier.asked[0]
    return f"Décision demandée : {inside(first).rstrip('.')}"


def _code(deck: Deck, slide: Slide, address: str) -> None:
    qr_code(slide, SlideBox(deck.body.right - _CODE, deck.body.top, _CODE, _CODE), address)


def _effects(
    comparison: PlanComparison, box: SlideBox, others: Sequence[TextLine]
) -> list[TextLine]:
    """Write the effects of a change at the greatest size at which they fit with other lines."""
    message = message_of(comparison)
    lines: list[TextLine] = []
    for size in _EFFECT_SIZES:
        lines = _effects_at(size, comparison, message)
        if sum(_heights([*others, *lines], box)) <= box.height:
            break
    return lines


def _heights(lines: Sequence[TextLine], box: SlideBox) -> list[float]:
    """Return the height in inches of each line in a box, with the space after it."""
    return [lines_height(line, box.width) + _SPACE / 72 for line in lines]


def _effects_at(size: float, comparison: PlanComparison, message: ChangeMessage) -> list[TextLine]:
    """Write where posts change, each figure, what gets worse first, and the effect on the whole."""
    lines: list[TextLine] = []
    if comparison.change.posts:
        lines.append([TextRun(comparison.change.posts, size, bold=True)])
    for effect, said in comparison.by_effect.items():
        if (colour := EFFECT_COLOURS.get(effect)) is None:
            lines.append([TextRun(said, size)])
            continue
        lines.append([TextRun(comparison.located(effect), size, bold=True, colour=colour)])
        listed = [each for each in comparison.headline if effect_on(each) is effect]
        lines += [[TextRun(f"• {_told(each, comparison)}", size)] for each in listed]
    ends = (*message.beside, message.verdict)
    return [*lines, *([TextRun(line, size)] for line in ends)]


def _told(change: Change, comparison: PlanComparison) -> str:
    """Write a figure; points to watch with how many are new, worse and lifted."""
    counted = comparison.points.counted if change.metric is VIGILANCE else ""
    return capital(change_text(change)) + (f" : {counted}" if counted else "")


def sources_slide(deck: Deck, notes: SlideNotes) -> None:
    """Add the sources and the identity of the plan, which its notes repeat."""
    slide = add_slide(deck, "Sources et version")
    runs = [[TextRun(line, size) for line in notes.figures] for size in (*_SOURCE_SIZES, RECORD)]
    fitting = (each for each in runs if _fits(each, deck.body))
    bullets(deck, slide, next(fitting, runs[-1]), deck.body.top)
    write_notes(slide, notes)


def _fits(runs: Sequence[TextRun], box: SlideBox) -> bool:
    return sum(bullet_height(run, box.width) for run in runs) < box.height
