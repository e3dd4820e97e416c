"""Pages that reports share: those that end every report, and a sheet of each lycée."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from geozones.common.french import inside
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms, worded
from geozones.domain.times import ESTIMATED_MEANS
from geozones.export import messages
from geozones.export.blocks import (
    Block,
    Fact,
    KeyFacts,
    Line,
    Page,
    Picture,
    ReportPages,
    Row,
    Table,
    TableColumn,
    Text,
    lines,
    spoken,
)
from geozones.export.dossier import Dossier, SectorRow, SiteSheet
from geozones.export.file_parts import AMBER, GREEN, INK, MUTED, RED, qr_png
from geozones.export.messages import FEEDBACK_TITLE
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


#: Name of the sheet of a workbook that has the feedback.
FEEDBACK_SHEET = "Avis et commentaires"
#: Colours of statuses.
_STATUS_INKS = {
    DecisionStatus.PUBLISHED: GREEN,
    DecisionStatus.RETAINED: INK,
    DecisionStatus.PROPOSED: "4A2897",
    DecisionStatus.DRAFT: AMBER,
}


def status_ink(sector: SectorRow) -> str:
    """Return the colour of a sector's status: muted if it is published and changed."""
    if sector.marks and sector.status is DecisionStatus.PUBLISHED:
        return MUTED
    return _STATUS_INKS[sector.status]


def feedback_page(dossier: Dossier) -> Iterator[Page]:
    """Yield the feedback on the plan, if any."""
    if dossier.feedback:
        notes = (*dossier.feedback[:1], "Chaque ligne donne un commentaire et sa suite.")
        told = lines(dossier.feedback, sheet=FEEDBACK_SHEET)
        yield Page(FEEDBACK_TITLE, (told,), spoken(notes), key="feedback", flows=True)


def decision_page(
    dossier: Dossier, figures: Sequence[Fact] = (), conclusion: Sequence[str] = ()
) -> Iterator[Page]:
    """Yield the decision asked for with what it does, and where to find the plan, if any."""
    if not dossier.asked and not dossier.address:
        return
    blocks: list[Block] = [KeyFacts(tuple(figures))] if figures and dossier.asked else []
    if said := (*dossier.asked[1:], *(conclusion if dossier.asked else ())):
        blocks.append(lines(said))
    if dossier.address:
        described = f"Code QR qui mène à {dossier.address}"
        blocks.append(Picture(described, png=qr_png(dossier.address), link=dossier.address))
    title = "Où retrouver ce plan"
    if dossier.asked and dossier.asked[0]:
        title = f"Décision demandée : {inside(dossier.asked[0]).rstrip('.')}"
    notes = ("Voici ce qui vous est demandé.", *dossier.asked[:1], *dossier.reasons)
    yield Page(title, tuple(blocks), spoken(notes), key="decision", flows=True)


def sources_page(dossier: Dossier) -> Page:
    """Return the sources of the figures, and the identity of the plan."""
    told = Text(tuple(map(Line, messages.of_sources(dossier))), small=True)
    notes = (
        "Voici d'où viennent les chiffres, les noms et la carte.",
        f"Le plan montré est celui-ci : {dossier.version.dated_name}.",
        f"Un trajet est dit « estimé » quand {ESTIMATED_MEANS}.",
    )
    return Page("Sources et version", (told,), spoken(notes), key="sources", flows=True)
