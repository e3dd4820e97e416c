"""First slides of the deck: title, map of the region, table of sectors."""

from collections.abc import Sequence

from pptx.slide import Slide

from geozones.common.french import NBSP, long_date, plural
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms
from geozones.export import alt_text, messages
from geozones.export.deck import measure
from geozones.export.deck.page import Deck, SlideBox
from geozones.export.deck.parts import (
    AMBER,
    BLUE,
    BODY,
    INK,
    MUTED,
    PALE,
    STATUS_COLOURS,
    TextLine,
    TextRun,
    add_slide,
    lines_height,
    picture,
    rule,
    text,
    write_notes,
    write_title,
)
from geozones.export.deck.speech import SlideNotes
from geozones.export.deck.tables import TableColumn, TableRow, paged, table
from geozones.export.dossier import Dossier, SectorRow
from geozones.export.estimates import mean_and_longest
from geozones.export.maps import map_png
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
_BETWEEN, _LINE = "    ", 0.31
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
    if dossier.peak_note:
        lines.append([TextRun(f"Durées : {dossier.peak_note}", 18, bold=True, colour=AMBER)])
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
    map_slide(deck, dossier, dossier.scene, (whole, alt_text.of_region(dossier)), beside)
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
    status = TextRun(sector.status_text, colour=STATUS_COLOURS[sector.status])
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


def key_of(deck: Deck, names: Sequence[str]) -> Sequence[str]:
    """Return the names of the zones that a map numbers, none if they are too many for a slide."""
    return names if len(_key_lines(names, deck.body.width)) <= _MOST_LINES else ()


def above_key(deck: Deck, names: Sequence[str]) -> SlideBox:
    """Return the box of a map above the key of its zones."""
    body = deck.body
    high = len(_key_lines(names, body.width)) * _LINE + 0.06 if names else 0.0
    return SlideBox(body.left, body.top, body.width, body.height - high)


def write_key(deck: Deck, slide: Slide, names: Sequence[str], top: float) -> None:
    """Write the zones of a map by number, from a height; nothing if there are none."""
    lines = [
        [
            run
            for rank, name in line
            for run in (TextRun(f"{rank}{NBSP}", bold=True), TextRun(f"{name}{_BETWEEN}"))
        ]
        for line in _key_lines(names, deck.body.width)
    ]
    if lines:
        box = SlideBox(deck.body.left, top + 0.04, deck.body.width, len(lines) * _LINE)
        text(slide, box, lines).name = "Zones de la carte"


def _key_lines(names: Sequence[str], width: float) -> list[list[tuple[int, str]]]:
    """Return numbered names line by line, unbroken unless a name is longer than a line."""
    lines: list[list[tuple[int, str]]] = []
    used = width
    for rank, name in enumerate(names, 1):
        need = measure.width_pt(f"{rank}{NBSP}{name}{_BETWEEN}", BODY, bold=True) / 72
        if used + need > width:
            lines.append([])
            used = 0.0
        lines[-1].append((rank, name))
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
    status = STATUS_COLOURS[sector.status]
    swatch = None if colour is None else (colour, sector.status is DecisionStatus.DRAFT)
    return TableRow(cells, colours=(INK, INK, status, INK, INK, INK, INK), swatch=swatch)
