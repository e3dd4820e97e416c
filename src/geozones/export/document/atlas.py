"""Atlas: the region, its sectors and zones one after another, and an index with page numbers."""

from geozones.common.french import listing
from geozones.domain.terms import terms
from geozones.export import alt_text, messages
from geozones.export.document import parts
from geozones.export.document.blocks import Document, bullets, heading, index, paragraph
from geozones.export.dossier import Dossier, SectorRow, ZoneRow
from geozones.export.views import on_zone
from geozones.metrics import MetricPlace, written

#: Heights of maps, in inches: two zones with five lycées have room on a page.
_SECTOR_MAP, _ZONE_MAP = 4.0, 2.5
TITLE = "Atlas des secteurs et zones de continuité"


def atlas(dossier: Dossier) -> bytes:
    """Return every sector and zone in view, two zones a page where they fit, as PDF/UA-1.

    Raises
    ------
    ExportError
        If it cannot be created.
    """
    document = Document(dossier, parts.titled(TITLE, dossier))
    document.add(heading(TITLE, key="top"), paragraph(dossier.version.full_name, strong=True))
    document.add(parts.drafts(dossier), paragraph(f"{messages.of_view(dossier)}."))
    sectors = [sector for sector in dossier.sectors if sector.lycees]
    several = len(sectors) > 1
    if several:
        document.map(dossier.scene, alt_text.of_region(dossier), 5.4)
        document.add(parts.sectors_table(dossier))
    document.add(heading("Secteurs et zones", 2, key="contents"))
    document.add(index([entry for sector in sectors for entry in _contents(sector)]))
    for sector in sectors:
        _sector(document, dossier, sector)
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


def _sector(document: Document, dossier: Dossier, sector: SectorRow) -> None:
    document.begin_whole()
    document.add(heading(f"Secteur {sector.name}", key=f"s-{sector.id}"))
    document.add(paragraph(f"{messages.of_sector(dossier, sector)}.", strong=True))
    document.add(parts.sector_facts(sector))
    if not dossier.is_of_zone:
        document.map(sector.scene, alt_text.of_sector(sector), _SECTOR_MAP)
    document.end_whole()
    document.add(parts.zones_table(sector))
    document.add(parts.figures_line(sector, MetricPlace.SECTOR_ATTRIBUTES))


def _zone(document: Document, sector: SectorRow, zone: ZoneRow) -> None:
    """Add a zone: its title stays with its map, and its table with its figures."""
    document.begin_whole()
    document.add(heading(f"Zone {zone.name}", key=f"z-{zone.id}"))
    document.add(paragraph(f"Secteur {sector.name}. Statut : {zone.status_text}."))
    names = listing([lycee.name for lycee in zone.lycees])
    far = ""
    if zone.farthest is not None:
        far = f" ; {written(zone.values, 'max_minutes', 0)} au plus, entre {listing(zone.farthest)}"
    described = f"Carte de la zone {zone.name}, secteur {sector.name} : {names}{far}."
    document.map(on_zone(sector.scene, zone.id), described, _ZONE_MAP, room=True)
    document.end_whole()
    document.add(parts.lycees_table(zone))
    document.add(parts.figures_line(zone, MetricPlace.ZONE_TABLE))
    if zone.alerts:
        document.add(
            heading("À surveiller", 2, key=f"w-{zone.id}"), bullets(zone.alerts, "#7a4300")
        )
