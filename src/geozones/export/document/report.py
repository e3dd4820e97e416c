"""Report and sheets of lycées: which blocks each document has, in order.

A report of a change has that change alone, in two or three pages.
"""

from geozones.domain.terms import terms, worded
from geozones.export import messages, sentences
from geozones.export.change_scenes import tells_change
from geozones.export.document import parts
from geozones.export.document.blocks import Document, bullets, heading, paragraph, table
from geozones.export.dossier import Dossier, SectorRow
from geozones.export.dossier_parts import SiteSheet
from geozones.export.file_parts import slug
from geozones.metrics.metric_changes import Effect
from geozones.metrics.metric_registry import watch_list

#: Height of the map of a sector, in inches.
_MAP = 4.8


def report(dossier: Dossier, paper: str = "a4") -> bytes:
    """Return the view as a tagged document, PDF/UA-1, on A4 or A3; of a change, what changes."""
    document = Document(dossier, dossier.title, paper=paper)
    if tells_change(dossier):
        parts.changes(document, dossier)
        parts.feedback(document, dossier)
        parts.sources(document, dossier)
        return document.pdf()
    several = len(dossier.sectors) > 1
    document.add(heading(dossier.title), paragraph(dossier.version.dated_name, strong=True))
    document.add(parts.drafts(dossier), paragraph(f"{messages.of_view(dossier)}."))
    if several:
        document.map(dossier.scene, messages.alt_of_region(dossier), 4.9)
        document.add(parts.sectors_table(dossier))
        document.add(bullets(sentences.of_region(dossier)[:2]))
    for sector in dossier.sectors:
        if not sector.lycees:
            continue
        if several:
            name, key = f"Secteur {sector.name}", f"s-{sector.id}"
            document.add(heading(name, new_page=True, key=key))
            document.add(paragraph(f"{messages.of_sector(dossier, sector)}.", strong=True))
        document.add(parts.sector_facts(sector))
        document.map(sector.scene, messages.alt_of_sector(sector), _MAP)
        document.add(parts.zones_table(sector))
        if several:
            _alerts(document, dossier, sector)
    parts.feedback(document, dossier)
    parts.vigilance(document, dossier)
    if dossier.comparison is None:
        parts.calendar(document, dossier)
    parts.sources(document, dossier)
    return document.pdf()


def _alerts(document: Document, dossier: Dossier, sector: SectorRow) -> None:
    alerts = [point.sentence for point in watch_list(dossier.points_of(sector)).counted]
    if alerts:
        document.add(heading("À surveiller", 2, key=f"w-{sector.id}"), bullets(alerts, "#7a4300"))


_FACTS = (("", 2.2, False), ("Dans ce plan", 7.2, False))
_COMPARED = (("", 2.2, False), ("Après", 3.6, False), ("Avant", 3.6, False))
#: Sizes of the text, larger than in other documents since a page has few lines, and of the sources,
#: in points. A map of the zone would make the file of the region ten times as large, 15 MB.
_SIZE, _SOURCES = 11.5, 8.0
_RED, _AMBER = "#8b1a1a", "#7a4300"


def site_sheets(dossier: Dossier) -> bytes:
    """Return the sheets of the lycées in view that the plan changes something for, a page each."""
    sheets = [sheet for sheet in dossier.sheets if sheet.changes]
    title = parts.titled(f"Fiches des {terms().site.plural}", dossier)
    document = Document(dossier, title, size=_SIZE)
    if not sheets:
        document.add(heading(title), paragraph(worded("Ce plan ne change rien pour {no_site}.")))
    for rank, sheet in enumerate(sheets):
        _page(document, dossier, sheet, first=rank == 0)
    parts.sources(document, dossier, new_page=bool(sheets))
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
        ("À confirmer", sheet.doubts, _AMBER),
    ):
        if lines:
            document.add(_titled(sheet, title), bullets(lines, colour))
    document.add(paragraph(" ".join(dossier.sources), _SOURCES))


def _titled(sheet: SiteSheet, title: str) -> dict[str, object]:
    return heading(title, 2, key=f"l-{sheet.lycee}-{slug(title)}")
