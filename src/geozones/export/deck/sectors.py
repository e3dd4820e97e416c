"""A sector: its map, who runs it, its zones with their lycées; on more slides where it is long."""

from collections import Counter
from dataclasses import replace

from pptx.presentation import Presentation
from pptx.slide import Slide

from geozones.common.french import NBSP
from geozones.domain import DecisionStatus
from geozones.export import sentences
from geozones.export.deck import measure
from geozones.export.deck.parts import (
    AMBER,
    BOTTOM,
    INK,
    INNER,
    MARGIN,
    MUTED,
    STATUS_COLOURS,
    STATUS_NOTES,
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
    table,
    text,
)
from geozones.export.dossier import Dossier, LyceeRow, SectorRow, ZoneRow
from geozones.export.estimates import mean_and_longest
from geozones.export.maps import map_png
from geozones.metrics import metric, written
from geozones.render import Scene

NOT_PUBLISHED = "non publié"
_LABEL, _VALUE = 10.0, 13.0
_SIZE, _SMALL = 11.0, 10.0
_FACTS_HEIGHT = 0.62
_BODY = TOP + _FACTS_HEIGHT + 0.12
_MAP = SlideBox(MARGIN, _BODY, 5.9, BOTTOM - _BODY - 0.3)
_SIDE = MARGIN + _MAP.width + 0.2
_BESIDE = WIDTH - MARGIN - _SIDE
_FOOTNOTE = 0.3


def sector_slides(deck: Presentation, dossier: Dossier, sector: SectorRow) -> None:
    """Add the slides of a sector."""
    beside, alone = _columns(_BESIDE), _columns(INNER)
    size = _size(beside, sector)
    room = BOTTOM - _BODY - _FOOTNOTE
    rows = _rows(beside, sector, size, room)
    first, *others = paged(beside, rows, size, room)
    title = f"Secteur {sector.name}" if sector is not _one_zone(dossier) else dossier.title
    slide = add_slide(deck, title)
    _facts(slide, sector)
    description = f"Carte du secteur {sector.name} : {len(sector.zones)} zones de continuité"
    picture(slide, _MAP, map_png(_scene(dossier, sector), dossier.ground, _MAP), description)
    legend(slide, SlideBox(MARGIN, BOTTOM - 0.3, _MAP.width, 0.3), dossier)
    table(slide, SlideBox(_SIDE, _BODY, _BESIDE, room), beside, first, size)
    _footnote(slide, sector, _SIDE)
    notes(slide, sentences.of_sector(dossier, sector))
    left = [row for part in others for row in part]
    full = BOTTOM - TOP - _FOOTNOTE
    for part in paged(alone, left, size, full) if left else ():
        slide = add_slide(deck, f"{title} (suite)")
        table(slide, SlideBox(MARGIN, TOP, INNER, full), alone, part, size)
        _footnote(slide, sector, MARGIN)
        notes(slide, sentences.of_sector(dossier, sector))


def _one_zone(dossier: Dossier) -> SectorRow | None:
    """Return the sector of which the dossier shows one zone only, if it does."""
    return dossier.sectors[0] if dossier.scene.selected_zones else None


def _scene(dossier: Dossier, sector: SectorRow) -> Scene:
    return dossier.scene if _one_zone(dossier) is sector else sector.scene


def _columns(width: float) -> tuple[TableColumn, ...]:
    figures = 0.82
    number, zone = 0.36, width * 0.26
    return (
        TableColumn("", number),
        TableColumn("Zone de continuité", zone, strong=True),
        TableColumn("Lycées", width - number - zone - 2 * figures),
        TableColumn(metric("mean_minutes").narrow, figures, numeric=True),
        TableColumn(metric("max_minutes").narrow, figures, numeric=True),
    )


def _size(columns: tuple[TableColumn, ...], sector: SectorRow) -> float:
    """Return the text size: the smaller one where it saves a slide."""
    room = BOTTOM - _BODY - _FOOTNOTE
    rows = _rows(columns, sector, _SIZE, room)
    return _SIZE if len(paged(columns, rows, _SIZE, room)) == 1 else _SMALL


def _rows(
    columns: tuple[TableColumn, ...], sector: SectorRow, size: float, room: float
) -> list[TableRow]:
    """Return a row for each zone, or several for a zone too long for a slide."""
    colours = {zone.id: zone.colour for zone in sector.scene.zones}
    rows = []
    for rank, zone in enumerate((zone for zone in sector.zones if zone.lycees), 1):
        # numbered as on the map
        swatch = (colours.get(zone.id, "#b9bec4"), zone.status is DecisionStatus.DRAFT)
        apart = sector.apart(zone)
        name = f"{zone.name} ({apart})" if apart else zone.name
        zone_rows = _zone_rows(columns, zone, name, (size, room))
        rows += [
            replace(row, cells=(str(rank), *row.cells[1:]), swatch=swatch) for row in zone_rows
        ]
    return rows


def _zone_rows(
    columns: tuple[TableColumn, ...], zone: ZoneRow, name: str, space: tuple[float, float]
) -> list[TableRow]:
    """Return the rows of a zone called ``name``; ``space`` is the text size and the room."""
    (size, room), figures = space, mean_and_longest(zone)
    rows: list[TableRow] = []
    kept: list[str] = []
    widths = [column.width * 72 for column in columns]
    for lycee in _named(zone.lycees):
        trial = ("", name, ", ".join([*kept, lycee]), *figures)
        if kept and measure.row_height(trial, widths, size) > (room - 0.6) * 72:
            rows.append(TableRow(("", name, ", ".join(kept) + ",", *figures)))
            name, figures, kept = f"{zone.name} (suite)", ("", ""), []
        kept.append(lycee)
    return [*rows, TableRow(("", name, ", ".join(kept), *figures))]


def _named(lycees: tuple[LyceeRow, ...]) -> list[str]:
    """Name the lycées of a zone, the commune once where they are all in it."""
    towns = Counter(lycee.commune for lycee in lycees)
    return [_lycee(lycee, alone=len(towns) > 1) for lycee in lycees]


def _lycee(lycee: LyceeRow, *, alone: bool) -> str:
    known = lycee.name.endswith(")") or lycee.commune.casefold() in lycee.name.casefold()
    name = lycee.name if known or not alone else f"{lycee.name} ({lycee.commune})"
    star = f"★{NBSP}" if lycee.is_support else ""
    return f"{star}{name}" + ("" if lycee.is_placed else " (sans position)")


def _facts(slide: Slide, sector: SectorRow) -> None:
    """Write who runs a sector, and its figures, in a strip across the slide."""
    guess = " *" if sector.estimated else ""
    values, (mean, longest) = sector.values, mean_and_longest(sector)
    support = "—"
    if values["support_mean_minutes"] is not None:
        support = f"{written(values, 'support_mean_minutes', 0)}, au plus "
        support += written(values, "support_max_minutes") + guess
    facts = (
        ("Statut", sector.status.label, 1.2, STATUS_COLOURS[sector.status]),
        ("RNS", sector.rns or NOT_PUBLISHED, 2.45, INK if sector.rns else AMBER),
        ("Centre support", sector.support_centre or NOT_PUBLISHED, 3.0,
         INK if sector.support_centre else AMBER),
        (metric("mean_minutes").label, mean, 2.2, INK),
        (metric("max_minutes").sheet_heading, longest, 1.15, INK),
        ("Depuis le centre support", support, 2.3, INK),
    )  # fmt: skip
    left = MARGIN
    for label, value, width, colour in facts:
        fitting = measure.fitting_size(value, (width - 0.2) * 72, (_VALUE, 11, 9, 8), lines=1)
        lines = [
            [TextRun(label, _LABEL, colour=MUTED)],
            [TextRun(value, fitting, bold=True, colour=colour)],
        ]
        text(slide, SlideBox(left, TOP - 0.12, width, _FACTS_HEIGHT), lines)
        left += width


def _footnote(slide: Slide, sector: SectorRow, left: float) -> None:
    said = "Trajets en voiture entre deux lycées d'une même zone."
    said += " * estimé." if sector.estimated else ""
    said += f" {STATUS_NOTES[sector.status]}" if sector.status in STATUS_NOTES else ""
    said += f" Ce qui change : {sector.marks}." if sector.marks else ""
    colour = AMBER if sector.status in STATUS_NOTES else MUTED
    box = SlideBox(left, BOTTOM - _FOOTNOTE, WIDTH - MARGIN - left, _FOOTNOTE)
    text(slide, box, [[TextRun(said, 9, colour=colour)]])
