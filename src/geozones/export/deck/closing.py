"""The last slides: what changes between two plans, the calendar, the sources."""

from collections.abc import Sequence

from pptx.presentation import Presentation

from geozones.common.french import listing
from geozones.domain.uncertainty import ESTIMATED_MEANS
from geozones.export import sentences
from geozones.export.deck.parts import (
    BOTTOM,
    GREEN,
    INK,
    INNER,
    MARGIN,
    MUTED,
    RED,
    TOP,
    SlideBox,
    TableColumn,
    TableRow,
    TextRun,
    add_slide,
    notes,
    picture,
    table,
    text,
)
from geozones.export.deck.table_slides import table_slides
from geozones.export.dossier import Dossier, PlanComparison, Step
from geozones.export.maps import pair_png
from geozones.export.text import typeset
from geozones.metrics import SAME, UNTOLD, Change

_PAIR = SlideBox(MARGIN, TOP, 8.1, BOTTOM - TOP)
_SIDE = MARGIN + _PAIR.width + 0.2
#: How many figures stand beside two maps.
_MOST = 8
_GAPS = (
    TableColumn("Chiffre de la région", 1.32, strong=True),
    TableColumn("Avant", 0.82, numeric=True),
    TableColumn("Après", 0.82, numeric=True),
    TableColumn("Écart", 1.07, numeric=True),
)
_MOVES = (
    TableColumn("Lycée", 4.5, strong=True),
    TableColumn("Avant", 3.9),
    TableColumn("Après", INNER - 8.4),
)
_STEPS = (
    TableColumn("Date", 2.6, strong=True),
    TableColumn("Pour qui", 2.6),
    TableColumn("Ce que le document prévoyait", INNER - 5.2),
)


def change_slides(deck: Presentation, dossier: Dossier, comparison: PlanComparison) -> None:
    """Add what changes: the maps and figures, then the lycées."""
    said = sentences.of_comparison(comparison, dossier.version.name)
    _maps_slide(deck, dossier, comparison, said)
    points = [TableRow((typeset(sentence),)) for sentence in comparison.new_points]
    if points:
        title = "Points de vigilance nouveaux ou changés"
        table_slides(deck, title, (TableColumn("Ce qu'il faudra surveiller", INNER),), points, said)
    rows = [
        TableRow(
            (
                move.lycee + (" (change de secteur)" if move.changes_sector else ""),
                move.before or "—",
                move.after or "—",
            )
        )
        for move in comparison.moves
    ]
    if rows:
        table_slides(deck, sentences.of_moves(comparison.moves), _MOVES, rows, said)


def _maps_slide(
    deck: Presentation, dossier: Dossier, comparison: PlanComparison, said: Sequence[str]
) -> None:
    """Add the slide of the two maps, with the figures of the region beside them."""
    before, after = comparison.before.name, dossier.version.name
    slide = add_slide(deck, f"Ce qui change : {before} → {after}")
    description = f"Deux cartes de même étendue : {before}, {after}"
    pair = pair_png(comparison.scene, dossier.scene, dossier.ground, (before, after), _PAIR)
    picture(slide, _PAIR, pair, description)
    others = (
        change
        for change in comparison.changes
        if change not in comparison.headline and change.difference_text not in {SAME, UNTOLD}
    )
    rows = [_row(change) for change in (*comparison.headline, *others)][:_MOST]
    beside = SlideBox(_SIDE, TOP, MARGIN + INNER - _SIDE, BOTTOM - TOP)
    end = table(slide, beside, _GAPS, rows, 11) + 0.2
    words = [[TextRun(sentence, 12)] for sentence in said[:1]]
    text(slide, SlideBox(_SIDE, end, beside.width, BOTTOM - end), words)
    notes(slide, said)


def _row(change: Change) -> TableRow:
    colour = {True: GREEN, False: RED, None: INK}[change.better]
    cells = (change.metric.short, change.before_text, change.after_text, change.told)
    return TableRow(cells, colours=(INK, INK, INK, colour))


def calendar_slide(deck: Presentation, dossier: Dossier) -> None:
    """Add the calendar of deployment, what is uncertain marked; more slides where it is long."""
    rows = [
        TableRow((step.heading if rank == 0 else "", whom, _points(said)))
        for step in dossier.calendar
        for rank, (whom, said) in enumerate(step.parts or (("—", ()),))
    ]
    doubts = dict.fromkeys(doubt for step in dossier.calendar for doubt in step.doubts)
    rows += [TableRow(("", "À savoir", note)) for note in (*dossier.calendar_notes, *doubts)]
    spoken = [*map(_said, dossier.calendar), *dossier.calendar_notes, *doubts]
    table_slides(deck, "Calendrier de déploiement", _STEPS, rows, spoken)


def _said(step: Step) -> str:
    parts = " ; ".join(f"{whom}, {listing(said)}" for whom, said in step.parts)
    return f"{step.heading} : {parts or 'rien de nouveau'}."


def _points(items: tuple[str, ...]) -> str:
    return "\n".join(f"• {item}" for item in items) or "—"


def sources_slide(deck: Presentation, dossier: Dossier) -> None:
    """Add where everything comes from, and which plan this is."""
    slide = add_slide(deck, "Sources et version")
    said = [
        f"Plan : {dossier.version.full_name}.",
        *dossier.sources,
        "Durées en minutes, de lycée à lycée ; entre deux collègues, moyenne des deux sens.",
        f"Un trajet est « estimé » quand {ESTIMATED_MEANS}.",
    ]
    if dossier.peak_note:
        said.append(f"Durées données en {dossier.peak_note}.")
    if dossier.unplaced:
        names = listing([lycee.name for lycee in dossier.unplaced])
        said.append(f"Sans position, donc absents des cartes : {names}.")
    lines = []
    for sentence in said:
        lines += [[TextRun(sentence, 15, colour=INK)], [TextRun("", 6)]]
    text(slide, SlideBox(MARGIN, TOP, INNER, BOTTOM - TOP - 0.5), lines)
    made = "Diaporama préparé avec geozones ; tableaux et textes peuvent être modifiés."
    text(slide, SlideBox(MARGIN, BOTTOM - 0.4, INNER, 0.35), [[TextRun(made, 11, colour=MUTED)]])
    notes(slide, said)
