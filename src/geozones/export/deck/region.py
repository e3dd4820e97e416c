"""The first slides: what the deck is, and the region at a glance."""

from pptx.presentation import Presentation

from geozones.common.french import long_date
from geozones.domain import DecisionStatus
from geozones.export import sentences
from geozones.export.deck.parts import (
    AMBER,
    BLUE,
    BOTTOM,
    INK,
    INNER,
    MARGIN,
    MUTED,
    PALE,
    STATUS_COLOURS,
    TOP,
    WIDTH,
    SlideBox,
    TableColumn,
    TableRow,
    TextRun,
    add_slide,
    legend,
    notes,
    paged,
    picture,
    rule,
    table,
    text,
    title,
)
from geozones.export.dossier import Dossier, SectorRow
from geozones.export.estimates import mean_and_longest
from geozones.export.maps import map_png
from geozones.metrics import metric

_MAP = SlideBox(MARGIN, TOP, 6.35, BOTTOM - TOP - 0.3)
_SIDE = MARGIN + _MAP.width + 0.25
_COLUMNS = (
    TableColumn("", 0.3),
    TableColumn("Secteur", 1.7, strong=True),
    TableColumn("Statut", 0.9),
    TableColumn("Zones", 0.65, numeric=True),
    TableColumn("Lycées", 0.7, numeric=True),
    TableColumn(metric("mean_minutes").narrow, 0.72, numeric=True),
    TableColumn(metric("max_minutes").narrow, 0.76, numeric=True),
)
_SIZE = 11.0
#: Room in inches, and sentences, that go under the table.
_WORDS, _SAID = 1.8, 3


def title_slide(deck: Presentation, dossier: Dossier) -> None:
    """Add the first slide."""
    version = dossier.version
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    band = rule(slide, SlideBox(0, 0, WIDTH, 4.05), BLUE)
    # under the title, which the slide has from its layout
    slide.shapes._spTree.insert(2, band._element)  # noqa: SLF001 - no public way
    title(slide, dossier.title, (44, 36, 30, 24), lines=2, colour="FFFFFF")
    date = f" · {long_date(version.date)}" if version.date and not version.published else ""
    lines = [
        [TextRun("Organisation de l'assistance informatique des lycées", 20, colour=INK)],
        [TextRun(dossier.author, 20, bold=True, colour=INK)],
        [TextRun("", 10)],
        [TextRun(version.said, 16, colour=MUTED)],
        [TextRun(f"version {version.mark}{date}", 14, colour=MUTED)],
    ]
    if dossier.peak_note:
        lines.append([TextRun(f"Durées : {dossier.peak_note}", 14, bold=True, colour=AMBER)])
    text(slide, SlideBox(MARGIN, 4.35, INNER, 2.3), lines)
    notes(slide, sentences.of_region(dossier))


def region_slide(deck: Presentation, dossier: Dossier) -> None:
    """Add the region: its map and its sectors; more slides where there are many sectors."""
    colours = {sector.id: sector.colour for sector in dossier.scene.sectors}
    rows = [_row(sector, colours.get(sector.id)) for sector in dossier.sectors]
    rows.append(_total(dossier))
    room = BOTTOM - TOP - 0.3
    for rank, part in enumerate(paged(_COLUMNS, rows, _SIZE, room)):
        slide = add_slide(deck, "La région" if rank == 0 else "La région (suite)")
        side = _SIDE
        if rank == 0:
            description = f"Carte de la région : {len(dossier.sectors)} secteurs et leurs zones"
            picture(slide, _MAP, map_png(dossier.scene, dossier.ground, _MAP), description)
            legend(slide, SlideBox(MARGIN, BOTTOM - 0.3, _MAP.width, 0.3), dossier)
        else:
            side = (WIDTH - sum(column.width for column in _COLUMNS)) / 2
        box = SlideBox(side, TOP, WIDTH - side - MARGIN, room)
        end = table(slide, box, _COLUMNS, part, _SIZE) + 0.2
        if rank == 0 and BOTTOM - end > _WORDS:
            said = sentences.of_region(dossier)[1:]
            lines = [[TextRun(sentence, 12, colour=INK)] for sentence in said[:_SAID]]
            text(slide, SlideBox(side, end, box.width, BOTTOM - end), lines, space=6)
        notes(slide, sentences.of_region(dossier))


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
