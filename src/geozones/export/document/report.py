"""Report: region, a page for each sector, changes, points to watch, calendar, sources."""

from geozones.export import alt_text, messages, sentences
from geozones.export.document import parts
from geozones.export.document.blocks import Document, bullets, heading, paragraph
from geozones.export.dossier import Dossier
from geozones.metrics.watch_list import watch_list


def report(dossier: Dossier) -> bytes:
    """Return the view as a tagged A4 document, PDF/UA-1.

    Raises
    ------
    ExportError
        If it cannot be created.
    """
    document = Document(dossier, dossier.title)
    several = len(dossier.sectors) > 1
    document.add(heading(dossier.title), paragraph(dossier.version.full_name, strong=True))
    document.add(parts.drafts(dossier), paragraph(f"{messages.of_view(dossier)}."))
    if several:
        document.map(dossier.scene, alt_text.of_region(dossier), 4.9)
        document.add(parts.sectors_table(dossier))
        document.add(bullets(sentences.of_region(dossier)[:2]))
    for sector in dossier.sectors:
        if not sector.lycees:
            continue
        if several:
            document.add(heading(f"Secteur {sector.name}", new_page=True, key=f"s-{sector.id}"))
            document.add(paragraph(f"{messages.of_sector(dossier, sector)}.", strong=True))
        _sector(document, dossier, several=several, rank=dossier.sectors.index(sector))
    parts.changes(document, dossier)
    parts.feedback(document, dossier)
    parts.vigilance(document, dossier)
    parts.calendar(document, dossier)
    parts.sources(document, dossier)
    return document.pdf()


def _sector(document: Document, dossier: Dossier, *, several: bool, rank: int) -> None:
    sector = dossier.sectors[rank]
    document.add(parts.sector_facts(sector))
    if dossier.is_of_zone:
        (zone,) = sector.zones
        document.map(dossier.scene, alt_text.of_zone(dossier), 4.4, room=True)
        document.add(parts.lycees_table(zone))
        return
    document.map(sector.scene, alt_text.of_sector(sector), 4.8)
    document.add(parts.zones_table(sector))
    points = (point for point in dossier.points if point.sector_id == sector.id)
    alerts = [point.sentence for point in watch_list(points).counted]
    if alerts and several:
        document.add(heading("À surveiller", 2, key=f"w-{sector.id}"), bullets(alerts, "#7a4300"))
