"""Slides of the changes: two maps, figures that worsen first, alerts, lycées, reasons."""

from collections.abc import Sequence

from geozones.export import alt_text, messages, sentences
from geozones.export.change_message import message_of
from geozones.export.change_scenes import near_changes
from geozones.export.deck.page import Deck
from geozones.export.deck.parts import (
    AMBER,
    GREEN,
    INK,
    RED,
    TextRun,
    add_slide,
    bullet_pages,
    bullets,
    picture,
    write_notes,
)
from geozones.export.deck.region import above_key, key_of, write_key
from geozones.export.deck.speech import SlideNotes
from geozones.export.deck.tables import TableColumn, TableRow, paged, table
from geozones.export.dossier import Dossier, PlanComparison
from geozones.export.maps import pair_png
from geozones.metrics import SAME, UNTOLD, Change
from geozones.metrics.headline_effects import Effect, effect_on

_FIGURES = (
    TableColumn("", 3.0, strong=True),
    TableColumn("Chiffre", 4.2),
    TableColumn("Avant", 1.4, numeric=True),
    TableColumn("Après", 1.4, numeric=True),
    TableColumn("Écart", 1.3, numeric=True),
)
_MOVES = (
    TableColumn("{Site}", 4.2, strong=True),
    TableColumn("Zone avant", 4.0),
    TableColumn("Zone après", 4.0),
)
#: Title of the list of what is proposed, where both maps have the message for a title.
_PROPOSED = "Ce qui est proposé"
#: Most slides of a list of lycées that a show goes through.
_MOST_PAGES = 2
_COLOURS = {Effect.WORSE: RED, Effect.BETTER: GREEN}


def change_slides(
    deck: Deck, dossier: Dossier, comparison: PlanComparison, notes: SlideNotes
) -> None:
    """Add the slides of changes, what gets worse before what gets better."""
    seen = maps_slide(deck, dossier, comparison, notes)
    proposed = sentences.what_changes(comparison) if comparison.others else ()
    if not seen and not proposed and not _changed(comparison):
        return
    title = _PROPOSED if seen else message_of(comparison).title
    for lines in _pages(deck, proposed):
        _list_slide(deck, title, [TextRun(line) for line in lines], notes)
    figure_slides(deck, comparison, notes)
    for title, part in _alert_pages(deck, dossier, comparison)[:1]:
        _list_slide(deck, title, part, notes)
    for rank, reasons in enumerate(_pages(deck, dossier.reasons)):
        title = "Pourquoi ces changements" + (" (suite)" if rank else "")
        _list_slide(deck, title, [TextRun(sentence) for sentence in reasons], notes)


def more_changes(deck: Deck, dossier: Dossier, notes: SlideNotes) -> None:
    """Add the lycées and the points to watch that have no room on the slides of a change."""
    comparison = dossier.comparison
    if comparison is not None:
        moves = _moves(comparison)
        if _are_many(deck, moves):
            _table_slides(deck, sentences.of_moves(comparison.moves), _MOVES, moves, notes)
        for title, part in _alert_pages(deck, dossier, comparison)[1:]:
            _list_slide(deck, title, part, notes)


def maps_slide(deck: Deck, dossier: Dossier, comparison: PlanComparison, notes: SlideNotes) -> bool:
    """Add both maps of a change, under its message; return whether there is one to see."""
    if not comparison.moves and not comparison.changed_zones:
        return False
    before, after = comparison.before.name, dossier.version.name
    slide = add_slide(deck, message_of(comparison).title)
    captions = (f"Avant : {before}", f"Après : {after}")
    change = near_changes(comparison.scene, dossier.scene)[1].change
    names = key_of(deck, () if change is None else [name for _, name in change.zones])
    place = above_key(deck, names)
    pair = pair_png(comparison.scene, dossier.scene, dossier.ground, captions, place)
    picture(slide, place, pair, alt_text.of_pair(comparison, after))
    write_key(deck, slide, names, place.bottom)
    write_notes(slide, notes)
    return True


def _changed(comparison: PlanComparison) -> list[Change]:
    return [change for change in comparison.changes if change.difference_text not in {SAME, UNTOLD}]


def figure_slides(deck: Deck, comparison: PlanComparison, notes: SlideNotes) -> None:
    """Add every figure that changes, those that worsen first, then the lycées that move."""
    changed = _changed(comparison)
    same = [change for change in comparison.headline if change not in changed]
    worse = sum(effect_on(change) is Effect.WORSE for change in changed)
    better = sum(effect_on(change) is Effect.BETTER for change in changed)
    title = messages.of_figures(worse, better)
    rows = [_row(change) for change in (*changed, *same)]
    end = deck.body.top
    if rows:
        end = _table_slides(deck, title, _FIGURES, rows, notes)
    moves = _moves(comparison)
    left = deck.body.below(end + 0.3)
    if moves and rows and len(paged(_MOVES, moves, left)) == 1 and left.height > 1:
        table(deck.presentation.slides[-1], left, _MOVES, moves)
    elif not _are_many(deck, moves):
        _table_slides(deck, sentences.of_moves(comparison.moves), _MOVES, moves, notes)


def _moves(comparison: PlanComparison) -> list[TableRow]:
    """Return a row for each lycée that moves."""
    return [
        TableRow(
            (
                move.lycee + (" (change de secteur)" if move.changes_sector else ""),
                move.before or "—",
                move.after or "—",
            )
        )
        for move in comparison.moves
    ]


def _are_many(deck: Deck, moves: Sequence[TableRow]) -> bool:
    """Tell whether lycées take more slides than a room reads."""
    return len(paged(_MOVES, moves, deck.body)) > _MOST_PAGES


def _row(change: Change) -> TableRow:
    effect = effect_on(change)
    colour = _COLOURS.get(effect, INK)
    label = change.metric.label
    cells = (str(effect), label, change.before_text, change.after_text, change.difference_text)
    return TableRow(cells, colours=(colour, INK, INK, INK, colour))


def _alert_pages(
    deck: Deck, dossier: Dossier, comparison: PlanComparison
) -> list[tuple[str, list[TextRun]]]:
    """Return the points to watch that appear, then those that disappear, by titled slide."""
    title = messages.of_alerts(comparison, dossier.points)
    lines = [f"Nouveau ou aggravé : {point}" for point in comparison.new_points]
    lines += [f"Levé : {point}" for point in comparison.gone_points]
    colours = dict.fromkeys(lines[: len(comparison.new_points)], AMBER)
    return [
        (
            title if rank == 0 else f"{title} (suite)",
            [TextRun(sentence, colour=colours.get(sentence, INK)) for sentence in part],
        )
        for rank, part in enumerate(_pages(deck, lines))
    ]


def _pages(deck: Deck, lines: Sequence[str]) -> list[list[str]]:
    return bullet_pages(deck, lines, deck.body.height) if lines else []


def _list_slide(deck: Deck, title: str, lines: Sequence[TextRun], notes: SlideNotes) -> None:
    slide = add_slide(deck, title)
    bullets(deck, slide, lines, deck.body.top)
    write_notes(slide, notes)


def _table_slides(
    deck: Deck,
    title: str,
    columns: Sequence[TableColumn],
    rows: Sequence[TableRow],
    notes: SlideNotes,
) -> float:
    """Add a table over as many slides as it needs; return where the last slide's part ends."""
    end = deck.body.top
    for rank, part in enumerate(paged(columns, rows, deck.body) if rows else ()):
        slide = add_slide(deck, title if rank == 0 else f"{title} (suite)")
        end = table(slide, deck.body, columns, part)
        write_notes(slide, notes)
    return end
