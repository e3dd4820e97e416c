"""The last slides: what changes between two plans, the calendar, the sources."""

from pptx.presentation import Presentation

from geozones.domain.french import listing
from geozones.export import sentences
from geozones.export.deck.parts import (
    AMBER,
    BOTTOM,
    GREEN,
    INK,
    INNER,
    MARGIN,
    MUTED,
    RED,
    TOP,
    Box,
    Column,
    Row,
    Run,
    add_slide,
    notes,
    paged,
    picture,
    table,
    text,
)
from geozones.export.dossier import Comparison, Dossier, Gap, Step
from geozones.export.maps import pair_png

_SIZE = 12.0
_PAIR = Box(MARGIN, TOP, 8.1, BOTTOM - TOP)
_SIDE = MARGIN + _PAIR.width + 0.2
_GAPS = (
    Column("Chiffre de la région", 1.32, strong=True),
    Column("Avant", 0.82, numeric=True),
    Column("Après", 0.82, numeric=True),
    Column("Écart", 1.07, numeric=True),
)
_MOVES = (Column("Lycée", 4.5, strong=True), Column("Avant", 3.9), Column("Après", INNER - 8.4))
_STEPS = (Column("Date", 2.3, strong=True), Column("", 5.0), Column("", INNER - 7.3))


def change_slides(deck: Presentation, dossier: Dossier, comparison: Comparison) -> None:
    """Add what changes: the maps and figures, then the lycées."""
    before, after = comparison.before.name, dossier.version.name
    said = sentences.of_comparison(comparison, after)
    slide = add_slide(deck, f"Ce qui change : {before} → {after}")
    told = f"Deux cartes de même étendue : {before}, {after}"
    pair = pair_png(comparison.scene, dossier.scene, dossier.outlines, (before, after), _PAIR)
    picture(slide, _PAIR, pair, told)
    rows = [_gap(gap) for gap in comparison.gaps]
    beside = Box(_SIDE, TOP, MARGIN + INNER - _SIDE, BOTTOM - TOP)
    end = table(slide, beside, _GAPS, rows, 11) + 0.2
    words = [[Run(sentence, 12)] for sentence in said[:1]]
    text(slide, Box(_SIDE, end, beside.width, BOTTOM - end), words)
    notes(slide, said)
    moved = [
        Row(
            (
                move.lycee + (" (change de secteur)" if move.changes_sector else ""),
                move.before or "—",
                move.after or "—",
            )
        )
        for move in comparison.moves
    ]
    title = sentences.of_moves(comparison.moves)
    for rank, part in enumerate(paged(_MOVES, moved, _SIZE, lambda _: BOTTOM - TOP)):
        if part:
            slide = add_slide(deck, title if rank == 0 else f"{title} (suite)")
            table(slide, Box(MARGIN, TOP, INNER, BOTTOM - TOP), _MOVES, part, _SIZE)
            notes(slide, said)


def _gap(gap: Gap) -> Row:
    word = {True: ", mieux", False: ", moins bien", None: ""}[gap.better]
    colour = {True: GREEN, False: RED, None: INK}[gap.better]
    cells = (gap.label, gap.before, gap.after, gap.difference + word)
    return Row(cells, colours=(INK, INK, INK, colour))


def calendar_slide(deck: Presentation, dossier: Dossier) -> None:
    """Add the calendar of deployment; more slides where it is long."""
    named = {
        draft: listing([s.name for s in dossier.sectors if s.draft is draft])
        for draft in (False, True)
    }
    columns = (
        _STEPS[0],
        Column(_group("Secteurs expérimentaux", named[False]), _STEPS[1].width),
        Column(_group("Autres secteurs", named[True]), _STEPS[2].width),
    )
    rows = [
        Row((step.label, _points(step.experimental), _points(step.others)))
        for step in dossier.calendar
    ]
    said = [_said(step) for step in dossier.calendar]
    for rank, part in enumerate(paged(columns, rows, _SIZE, lambda _: BOTTOM - TOP)):
        title = "Calendrier de déploiement" + (" (suite)" if rank else "")
        slide = add_slide(deck, title)
        table(slide, Box(MARGIN, TOP, INNER, BOTTOM - TOP), columns, part, _SIZE)
        notes(slide, said)


def _said(step: Step) -> str:
    experimental, others = (
        listing(items) or "rien de nouveau" for items in (step.experimental, step.others)
    )
    return f"{step.label} : secteurs expérimentaux, {experimental} ; autres secteurs, {others}."


def _group(title: str, names: str) -> str:
    return f"{title} : {names}" if names else title


def _points(items: tuple[str, ...]) -> str:
    return "\n".join(f"• {item}" for item in items) or "—"


def sources_slide(deck: Presentation, dossier: Dossier) -> None:
    """Add where everything comes from, and which plan this is."""
    slide = add_slide(deck, "Sources et version")
    said = [
        f"Plan : {dossier.version.told}.",
        *dossier.sources,
        "Durées en minutes, de lycée à lycée ; entre deux collègues, moyenne des deux sens.",
        "Un trajet « estimé » n'a pas été calculé par un moteur routier.",
    ]
    if dossier.peak_note:
        said.append(f"Durées multipliées pour l'{dossier.peak_note}.")
    if dossier.unplaced:
        names = listing([lycee.name for lycee in dossier.unplaced])
        said.append(f"Sans position, donc absents des cartes : {names}.")
    lines = []
    for sentence in said:
        draft = "brouillon" in sentence.split(":")[0]
        lines += [[Run(sentence, 15, colour=AMBER if draft else INK)], [Run("", 6)]]
    text(slide, Box(MARGIN, TOP, INNER, BOTTOM - TOP - 0.5), lines)
    made = "Diaporama préparé avec geozones ; tableaux et textes peuvent être modifiés."
    text(slide, Box(MARGIN, BOTTOM - 0.4, INNER, 0.35), [[Run(made, 11, colour=MUTED)]])
    notes(slide, said)
