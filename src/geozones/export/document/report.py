"""Report, atlas and sheets of lycées: which blocks each document has, in order.

A report of a change begins with that change, and shows only the sectors that change.
"""

from geozones.domain.terms import terms
from geozones.export import messages, sentences
from geozones.export.change_scenes import on_zone, shown_sectors
from geozones.export.document import parts
from geozones.export.document.blocks import Document, bullets, heading, index, paragraph, table
from geozones.export.dossier import Dossier, SectorRow, ZoneRow
from geozones.export.dossier_parts import SiteSheet
from geozones.export.file_parts import slug
from geozones.metrics import MetricPlace
from geozones.metrics.metric_changes import Effect
from geozones.metrics.metric_registry import watch_list

#: Height of the map of a sector in inches: a page each, and (``True``) under a change.
_MAPS = {False: 4.8, True: 3.3}


def report(dossier: Dossier) -> bytes:
    """Return the view as a tagged A4 document, PDF/UA-1."""
    document = Document(dossier, dossier.title)
    several, paired = len(dossier.sectors) > 1, dossier.paired
    document.add(heading(dossier.title), paragraph(dossier.version.dated_name, strong=True))
    document.add(parts.drafts(dossier), paragraph(f"{messages.of_view(dossier)}."))
    if paired:
        parts.changes(document, dossier)
    elif several:
        document.map(dossier.scene, messages.alt_of_region(dossier), 4.9)
        document.add(parts.sectors_table(dossier))
        document.add(bullets(sentences.of_region(dossier)[:2]))
    for sector in shown_sectors(dossier):
        if paired:  # under the change, each whole; else a page a sector
            document.begin_whole()
        if several:
            name, key = f"Secteur {sector.name}", f"s-{sector.id}"
            document.add(heading(name, new_page=not paired, key=key))
            document.add(paragraph(f"{messages.of_sector(dossier, sector)}.", strong=True))
        _sector(document, dossier, sector)
        if paired:
            document.end_whole()
        if several:
            _alerts(document, dossier, sector)
    if not paired:
        parts.changes(document, dossier)
    parts.feedback(document, dossier)
    parts.vigilance(document, dossier)
    if not paired:
        parts.calendar(document, dossier)
    parts.sources(document, dossier)
    return document.pdf()


def _sector(document: Document, dossier: Dossier, sector: SectorRow) -> None:
    document.add(parts.sector_facts(sector))
    if dossier.is_of_zone:
        (zone,) = sector.zones
        document.map(dossier.scene, messages.alt_of_zone(dossier), 4.4, room=True)
        document.add(parts.lycees_table(zone))
        return
    high = _MAPS[dossier.paired]
    document.map(sector.scene, messages.alt_of_sector(sector), high)
    document.add(parts.zones_table(sector))


def _alerts(document: Document, dossier: Dossier, sector: SectorRow) -> None:
    alerts = [point.sentence for point in watch_list(dossier.points_of(sector)).counted]
    if alerts and not dossier.is_of_zone:
        document.add(heading("À surveiller", 2, key=f"w-{sector.id}"), bullets(alerts, "#7a4300"))


#: Heights of maps, in inches: two zones with five lycées have room on a page.
_SECTOR_MAP, _ZONE_MAP = 4.0, 2.2
#: Most lycées of a zone, and zones of a sector, that are kept on one page.
_MOST_LINES = 15
TITLE = "Atlas des secteurs et zones de continuité"


def atlas(dossier: Dossier) -> bytes:
    """Return every sector and zone in view, two zones a page where they fit, as PDF/UA-1."""
    document = Document(dossier, parts.titled(TITLE, dossier))
    document.add(heading(TITLE, key="top"), paragraph(dossier.version.dated_name, strong=True))
    document.add(parts.drafts(dossier), paragraph(f"{messages.of_view(dossier)}."))
    sectors = [sector for sector in dossier.sectors if sector.lycees]
    several = len(sectors) > 1
    if several:
        document.map(dossier.scene, messages.alt_of_region(dossier), 5.4)
        document.add(parts.sectors_table(dossier))
    document.begin_whole()
    document.add(heading("Secteurs et zones", 2, key="contents"))
    document.add(index([entry for sector in sectors for entry in _contents(sector)], 3))
    document.end_whole()
    for sector in sectors:
        _atlas_sector(document, dossier, sector)
        for zone in sector.zones:
            if zone.lycees:
                _zone(document, sector, zone)
    named = [
        (f"{lycee.name} ({lycee.commune})", f"z-{zone.id}") for _, zone, lycee in dossier.lines()
    ]
    document.add(heading(f"Index des {terms().site.plural}", key="index"))
    document.add(index(sorted(named, key=lambda entry: entry[0].casefold()), 3))
    parts.sources(document, dossier)
    return document.pdf()


def _contents(sector: SectorRow) -> list[tuple[str, str]]:
    zones = [(f"    {zone.name}", f"z-{zone.id}") for zone in sector.zones if zone.lycees]
    return [(f"Secteur {sector.name}", f"s-{sector.id}"), *zones]


def _atlas_sector(document: Document, dossier: Dossier, sector: SectorRow) -> None:
    document.begin_whole()
    document.add(heading(f"Secteur {sector.name}", key=f"s-{sector.id}"))
    document.add(paragraph(f"{messages.of_sector(dossier, sector)}.", strong=True))
    document.add(parts.sector_facts(sector))
    if not dossier.is_of_zone:
        document.map(sector.scene, messages.alt_of_sector(sector), _SECTOR_MAP)
    if long := len(sector.zones) > _MOST_LINES:
        document.end_whole()
    document.add(parts.zones_table(sector))
    document.add(parts.figures_line(sector, MetricPlace.SECTOR_ATTRIBUTES))
    if not long:
        document.end_whole()


def _zone(document: Document, sector: SectorRow, zone: ZoneRow) -> None:
    """Add a zone, on one page: alone, the last line of its table would tell nothing."""
    document.begin_whole()
    document.add(heading(f"Zone {zone.name}", key=f"z-{zone.id}"))
    document.add(paragraph(f"Secteur {sector.name}. Statut : {zone.status_text}."))
    described = messages.alt_of_zone_in(sector, zone)
    document.map(on_zone(sector.scene, zone.id), described, _ZONE_MAP, room=True)
    if long := len(zone.lycees) > _MOST_LINES:
        document.end_whole()
    document.add(parts.lycees_table(zone))
    document.add(parts.figures_line(zone, MetricPlace.ZONE_TABLE))
    if zone.alerts:
        document.add(
            heading("À surveiller", 2, key=f"w-{zone.id}"), bullets(zone.alerts, "#7a4300")
        )
    if not long:
        document.end_whole()


_FACTS = (("", 2.2, False), ("Dans ce plan", 7.2, False))
_COMPARED = (("", 2.2, False), ("Après", 3.6, False), ("Avant", 3.6, False))
#: Sizes of the text, larger than in other documents since a page has few lines, and of the sources,
#: in points. A map of the zone would make the file of the region ten times as large, 15 MB.
_SIZE, _SOURCES = 11.5, 8.0
_RED, _AMBER = "#8b1a1a", "#7a4300"


def site_sheets(dossier: Dossier) -> bytes:
    """Return the sheets of the lycées in view as one PDF/UA-1, a page each."""
    title = parts.titled(f"Fiches des {terms().site.plural}", dossier)
    document = Document(dossier, title, size=_SIZE)
    for rank, sheet in enumerate(dossier.sheets):
        _page(document, dossier, sheet, first=rank == 0)
    parts.sources(document, dossier, new_page=True)
    return document.pdf()


def _page(document: Document, dossier: Dossier, sheet: SiteSheet, *, first: bool) -> None:
    document.add(heading(sheet.name, key=f"l-{sheet.lycee}", new_page=not first))
    document.add(
        paragraph(f"{dossier.version.dated_name}. Statut de la zone : {sheet.status}.", strong=True)
    )
    if sheet.worse:
        document.add(_titled(sheet, Effect.WORSE))
        document.add(bullets(sheet.worse, _RED))
    document.add(table(_COMPARED if sheet.is_compared else _FACTS, sheet.rows))
    for title, lines, colour in (
        ("Jours de présence", (sheet.presence,) if sheet.presence else (), "#1f2a33"),
        ("En cas d'absence, qui vient", sheet.cover, "#1f2a33"),
        ("Calendrier", sheet.dates, "#1f2a33"),
        ("À confirmer", sheet.doubts, _AMBER),
    ):
        if lines:
            document.add(_titled(sheet, title), bullets(lines, colour))
    document.add(paragraph(" ".join(dossier.sources), _SOURCES))


def _titled(sheet: SiteSheet, title: str) -> dict[str, object]:
    return heading(title, 2, key=f"l-{sheet.lycee}-{slug(title)}")
