"""Sheets of lycées: a page for each, what the plan is for it, and what it was before."""

from dataclasses import replace

from geozones.domain.terms import terms, worded
from geozones.export.blocks import (
    Block,
    Line,
    Page,
    ReportPages,
    Row,
    Table,
    TableColumn,
    Text,
    lines,
)
from geozones.export.dossier import Dossier, SiteSheet
from geozones.export.file_parts import AMBER, INK, RED
from geozones.export.reports.parts import sources_page
from geozones.metrics.metric_changes import Effect

_FACTS = (TableColumn("", 22, names=True), TableColumn("Dans ce plan", 72))
_COMPARED = (TableColumn("", 22, names=True), TableColumn("Avant", 36), TableColumn("Après", 36))
#: Points of the text, larger than in other documents since a page has few lines.
_SIZE = 11.5


def sheets_report(dossier: Dossier, *, whole: bool = False) -> ReportPages:
    """Return the sheets of the lycées in view that the plan changes something for, or of all."""
    kind = f"Fiches des {terms().site.plural}"
    title = kind if len(dossier.sectors) > 1 else f"{kind} : {dossier.title}"
    pages = [_page(dossier, sheet) for sheet in dossier.sheets if whole or sheet.changes]
    sources = replace(sources_page(dossier), flows=not pages)
    if not pages:
        nothing = Line(worded("Ce plan ne change rien pour {no_site}."))
        pages = [Page(title, (Text((nothing,)),))]
    return ReportPages(title, (*pages, sources), text_size=_SIZE)


def sheet_report(dossier: Dossier, sheet: SiteSheet) -> ReportPages:
    """Return the sheet of one lycée."""
    return ReportPages(sheet.name, (_page(dossier, sheet),), text_size=_SIZE)


def _page(dossier: Dossier, sheet: SiteSheet) -> Page:
    status = f"{dossier.version.dated_name}. Statut de la zone : {sheet.status}."
    columns = _COMPARED if sheet.is_compared else _FACTS
    blocks: list[Block] = [Text((Line("", head=status),))]
    if sheet.worse:
        blocks.append(lines(sheet.worse, RED, title=Effect.WORSE))
    blocks.append(Table(columns, tuple(map(Row, sheet.rows))))
    for title, told, ink in (
        ("Jours de présence", (sheet.presence,) if sheet.presence else (), INK),
        ("En cas d'absence, qui vient", sheet.cover, INK),
        ("À confirmer", sheet.doubts, AMBER),
    ):
        if told:
            blocks.append(lines(told, ink, title=title))
    blocks.append(Text((Line(" ".join(dossier.sources)),), small=True))
    return Page(sheet.name, tuple(blocks), key=f"l-{sheet.lycee}")
