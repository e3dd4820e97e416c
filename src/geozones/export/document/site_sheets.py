"""Sheets of lycées, a page each, in one document for mailing."""

from geozones.domain.terms import terms
from geozones.export.document import parts
from geozones.export.document.blocks import Document, bullets, heading, paragraph, table
from geozones.export.dossier import Dossier
from geozones.export.site_sheet import SiteSheet
from geozones.export.text import slug

_FACTS = (("", 2.2, False), ("Dans ce plan", 7.2, False))
_COMPARED = (("", 2.2, False), ("Après", 3.6, False), ("Avant", 3.6, False))
_RED, _AMBER = "#8b1a1a", "#7a4300"


def site_sheets(dossier: Dossier) -> bytes:
    """Return the sheets of the lycées in view as one PDF/UA-1, a page each.

    Raises
    ------
    ExportError
        If it cannot be created.
    """
    document = Document(dossier, parts.titled(f"Fiches des {terms().site.plural}", dossier))
    for rank, sheet in enumerate(dossier.sheets):
        _page(document, dossier, sheet, first=rank == 0)
    parts.sources(document, dossier, new_page=True)
    return document.pdf()


def _page(document: Document, dossier: Dossier, sheet: SiteSheet, *, first: bool) -> None:
    document.add(heading(sheet.name, key=f"l-{sheet.lycee}", new_page=not first))
    document.add(paragraph(f"{dossier.version.full_name}. Zone : {sheet.status}.", strong=True))
    if sheet.worse:
        document.add(_titled(sheet, "Ce qui se dégrade"))
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
    document.add(paragraph(" ".join(dossier.sources), 7.5))


def _titled(sheet: SiteSheet, title: str) -> dict[str, object]:
    return heading(title, 2, key=f"l-{sheet.lycee}-{slug(title)}")
