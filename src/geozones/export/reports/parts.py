"""Pages that every report of a plan ends with, and the colour of a sector's status."""

from collections.abc import Iterator, Sequence

from geozones.common.french import inside
from geozones.domain import DecisionStatus
from geozones.domain.times import ESTIMATED_MEANS
from geozones.export import sentences
from geozones.export.blocks import Block, Fact, KeyFacts, Line, Page, Picture, Text, lines, spoken
from geozones.export.dossier import Dossier, SectorRow
from geozones.export.file_parts import AMBER, GREEN, INK, MUTED, qr_png
from geozones.export.messages import FEEDBACK_TITLE

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
    told = Text(tuple(map(Line, sentences.of_sources(dossier))), small=True)
    notes = (
        "Voici d'où viennent les chiffres, les noms et la carte.",
        f"Le plan montré est celui-ci : {dossier.version.dated_name}.",
        f"Un trajet est dit « estimé » quand {ESTIMATED_MEANS}.",
    )
    return Page("Sources et version", (told,), spoken(notes), key="sources", flows=True)
