"""Slides of a sector with its zones and posts, and slides of the changes."""

from collections import Counter
from collections.abc import Sequence

from pptx.slide import Slide

from geozones.common.french import NBSP
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms, worded
from geozones.domain.uncertainty import PARTLY_ESTIMATED
from geozones.export import messages, sentences
from geozones.export.change_scenes import near_changes, zones_in_view
from geozones.export.deck.page import Deck
from geozones.export.deck.parts import (
    EFFECT_COLOURS,
    TextLine,
    TextRun,
    add_slide,
    bullet_height,
    bullet_pages,
    bullets,
    hidden_points,
    picture,
    text,
    text_height,
    write_notes,
)
from geozones.export.deck.region import above_key, beside_map, key_of, map_slide, write_key
from geozones.export.deck.speech import SlideNotes
from geozones.export.deck.tables import TableColumn, TableRow, paged, table
from geozones.export.dossier import Dossier, LyceeRow, PlanComparison, SectorRow, ZoneRow
from geozones.export.file_parts import AMBER, INK
from geozones.export.messages import message_of
from geozones.export.pictures import pair_png
from geozones.export.sentences import mean_and_longest
from geozones.metrics import Change
from geozones.metrics.metric_changes import Effect, effect_on

#: Most zones on a slide: nobody reads more.
_MOST = 6
_ZONES = (
    TableColumn("", 0.45),
    TableColumn("Zone de continuité", 3.0, strong=True),
    TableColumn("{Sites}", 7.2),
    TableColumn("Au plus", 1.6, numeric=True),
)
_POSTS = (
    TableColumn("Zone", 3.2, strong=True),
    TableColumn("Poste", 1.5),
    TableColumn("{Sites} et demi-journées par semaine", 7.6),
)
#: Most lycées in a cell, so that a row is never taller than a slide.
_IN_A_ROW = 10
#: Remark, for `worded`, on a sector that is not published.
STATUS_NOTES = {
    DecisionStatus.RETAINED: "Retenu : décidé ici, pas encore publié.",
    DecisionStatus.PROPOSED: "Proposé : dans un scénario, non décidé.",
    DecisionStatus.DRAFT: (
        "Brouillon : proposition de l'outil, pas une décision {of_the_organisation}."
    ),
}


def sector_slides(deck: Deck, dossier: Dossier, sector: SectorRow, notes: SlideNotes) -> None:
    """Add a sector: its map beside its zones and their lycées, named; then its posts.

    If its zones do not fit beside the map, tables of all of them follow.
    """
    title, described = messages.of_sector(dossier, sector), messages.alt_of_sector(sector)
    named = [[TextRun(_facts(sector), colour=_ink(sector))], *_zone_lines(sector)]
    fits = beside_map(deck, named)[1].width > 0
    map_slide(deck, dossier, sector.scene, (title, described), named if fits else [])
    write_notes(deck.presentation.slides[-1], notes)
    if not fits:
        _table_slides(deck, sector, notes)
    _post_slides(deck, sector, notes)


def _zone_lines(sector: SectorRow) -> list[TextLine]:
    """Return two lines for each zone, by its number on the map: its name, then its lycées."""
    lines: list[TextLine] = []
    for rank, zone in enumerate((zone for zone in sector.zones if zone.lycees), 1):
        apart = sector.apart(zone)
        name = f"{rank}{NBSP}{zone.name}" + (f" ({apart})" if apart else "")
        _, longest = mean_and_longest(zone)
        lines.append([TextRun(name, bold=True)])
        far = f" ({longest} au plus)" if len(zone.lycees) > 1 else ""
        lines.append([TextRun(f"{', '.join(_named(zone))}{far}")])
    return lines


def _ink(sector: SectorRow) -> str:
    return AMBER if sector.status in STATUS_NOTES else INK


def _table_slides(deck: Deck, sector: SectorRow, notes: SlideNotes) -> None:
    """Add the zones of a sector, with their lycées, in tables."""
    heading = f"Secteur {sector.name} : ses zones et leurs {terms().site.plural}"
    facts = _facts(sector)
    high = text_height(facts, deck.body.width) + 0.1
    room = deck.body.below(deck.body.top + high)
    for rank, part in enumerate(paged(_ZONES, _rows(sector), room, _MOST)):
        slide = add_slide(deck, heading if rank == 0 else f"{heading} (suite)")
        _strip(deck, slide, sector, facts)
        table(slide, room, _ZONES, part)
        write_notes(slide, notes.continued)


def _facts(sector: SectorRow) -> str:
    """Return the status of a sector, its RNS and its support centre, as far as they are known."""
    parts = [worded(STATUS_NOTES.get(sector.status, sector.status.label.capitalize() + "."))]
    if sector.rns:
        parts.append(f"RNS {sector.rns}.")
    if sector.support_centre:
        parts.append(worded("{Support_centre} : ") + f"{sector.support_centre}.")
    if sector.estimated:
        parts.append(f"* {PARTLY_ESTIMATED}.")
    return " ".join(parts)


def _strip(deck: Deck, slide: Slide, sector: SectorRow, facts: str) -> None:
    shape = text(slide, deck.body, [[TextRun(facts, colour=_ink(sector))]])
    shape.height = int(text_height(facts, deck.body.width) * 914_400)
    shape.name = "Le secteur en bref"


def _rows(sector: SectorRow) -> list[TableRow]:
    """Return a row for each zone, numbered as on the map; several for a zone of many lycées."""
    colours = {zone.id: zone.colour for zone in sector.scene.zones}
    rows = []
    for rank, zone in enumerate((zone for zone in sector.zones if zone.lycees), 1):
        swatch = (colours.get(zone.id, "#b9bec4"), zone.status is DecisionStatus.DRAFT)
        apart = sector.apart(zone)
        name = f"{zone.name} ({apart})" if apart else zone.name
        names = _named(zone)
        _, longest = mean_and_longest(zone)
        for start in range(0, len(names), _IN_A_ROW):
            part = ", ".join(names[start : start + _IN_A_ROW])
            cells = (str(rank), name if not start else f"{zone.name} (suite)", part)
            rows.append(TableRow((*cells, "" if start else longest), swatch=swatch))
    return rows


def _named(zone: ZoneRow) -> list[str]:
    """Return the lycées of a zone, each with its commune if the zone's name lacks it."""
    towns = Counter(lycee.commune for lycee in zone.lycees)
    known = [part.casefold() for part in zone.name.split(" – ")]
    return [
        _lycee(
            lycee,
            alone=len(towns) > 1 and not any(part in lycee.commune.casefold() for part in known),
        )
        for lycee in zone.lycees
    ]


def _lycee(lycee: LyceeRow, *, alone: bool) -> str:
    known = lycee.name.endswith(")") or lycee.commune.casefold() in lycee.name.casefold()
    name = lycee.name if known or not alone else f"{lycee.name} ({lycee.commune})"
    star = f"★{NBSP}" if lycee.is_support else ""
    return f"{star}{name}" + ("" if lycee.is_placed else " (sans position)")


def _post_slides(deck: Deck, sector: SectorRow, notes: SlideNotes) -> None:
    """Add the teams of the posts, if the scenario has posts."""
    chart = sector.chart
    if chart is None or not any(zone.posts for zone in chart.zones):
        return
    rows = []
    for zone in chart.zones:
        for rank, post in enumerate(zone.posts):
            lycees = ", ".join(f"{each.name} ({each.detail})" for each in post.lycees)
            rows.append(TableRow((zone.name if not rank else "", post.name, lycees)))
        if zone.left_out:
            names = ", ".join(each.name for each in zone.left_out)
            rows.append(TableRow(("" if zone.posts else zone.name, "sans poste", names)))
    title = f"Secteur {sector.name} : qui est avec qui"
    for rank, part in enumerate(paged(_POSTS, rows, deck.body)):
        slide = add_slide(deck, title if rank == 0 else f"{title} (suite)")
        table(slide, deck.body, _POSTS, part)
        write_notes(slide, notes.continued)


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
#: Most slides of what is proposed that a show goes through.
_MOST_PAGES = 2


def change_slides(
    deck: Deck, dossier: Dossier, comparison: PlanComparison, notes: SlideNotes
) -> None:
    """Add the slides of changes, what gets worse before what gets better."""
    seen = maps_slide(deck, dossier, comparison, notes)
    pages = _proposed_pages(deck, dossier, comparison)
    if not seen and not pages:
        return
    title = _PROPOSED if seen else message_of(comparison).title
    for rank, part in enumerate(pages[:_MOST_PAGES]):
        _list_slide(deck, title if rank == 0 else f"{title} (suite)", part, notes)
    figure_slides(deck, comparison, notes)
    for title, part in _alert_pages(deck, dossier, comparison)[:1]:
        _list_slide(deck, title, part, notes)


def more_changes(deck: Deck, dossier: Dossier, notes: SlideNotes) -> None:
    """Add what does not fit on the slides of a change, and a table of the lycées that move."""
    comparison = dossier.comparison
    if comparison is not None:
        for part in _proposed_pages(deck, dossier, comparison)[_MOST_PAGES:]:
            _list_slide(deck, f"{_PROPOSED} (suite)", part, notes)
        moves_slides(deck, comparison, notes)
        for title, part in _alert_pages(deck, dossier, comparison)[1:]:
            _list_slide(deck, title, part, notes)


def _proposed_pages(
    deck: Deck, dossier: Dossier, comparison: PlanComparison
) -> list[list[TextRun]]:
    """Return all that is proposed with its reasons, and whether no figure changes, by slide."""
    lines = sentences.what_changes(comparison)
    lines += [f"Pourquoi : {reason}" for reason in sentences.untold_reasons(dossier)]
    if lines and not comparison.changed_figures:
        lines.append(f"{messages.of_figures(0, 0, comparison.place)}.")
    return [[TextRun(line) for line in part] for part in _pages(deck, lines)]


def maps_slide(deck: Deck, dossier: Dossier, comparison: PlanComparison, notes: SlideNotes) -> bool:
    """Add both maps of a change, under its message; return whether there is one to see."""
    subject = zones_in_view(dossier)
    if not subject:
        return False
    before, after = comparison.before.name, dossier.version.name
    slide = add_slide(deck, message_of(comparison).title)
    captions = (f"Avant : {before}", f"Après : {after}")
    scenes = near_changes(comparison.scene, dossier.scene, subject)
    change = scenes[1].change
    names = key_of(deck, () if change is None else [name for _, name in change.zones])
    place = above_key(deck, names)
    pair = pair_png(scenes, dossier.ground, captions, place)
    picture(slide, place, pair, messages.alt_of_pair(comparison, after))
    write_key(deck, slide, names, place.bottom)
    write_notes(slide, notes)
    return True


def figure_slides(deck: Deck, comparison: PlanComparison, notes: SlideNotes) -> None:
    """Add every figure that changes, those that worsen first; nothing if none does."""
    changed = comparison.changed_figures
    if changed:
        worse = sum(effect_on(change) is Effect.WORSE for change in changed)
        better = sum(effect_on(change) is Effect.BETTER for change in changed)
        shown = dict.fromkeys((*comparison.headline, *changed))
        rows = [_row(change) for change in shown]
        title = messages.of_figures(worse, better, comparison.place)
        _change_tables(deck, title, _FIGURES, rows, notes)


def moves_slides(deck: Deck, comparison: PlanComparison, notes: SlideNotes) -> None:
    """Add the lycées that move, each with its zones before and after."""
    title = sentences.of_moves(comparison.moves)
    _change_tables(deck, title, _MOVES, _moves(comparison), notes)


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


def _row(change: Change) -> TableRow:
    effect = effect_on(change)
    colour = EFFECT_COLOURS.get(effect, INK)
    label = change.metric.label
    cells = (str(effect), label, change.before_text, change.after_text, change.difference_text)
    return TableRow(cells, colours=(colour, INK, INK, INK, colour))


def _alert_pages(
    deck: Deck, dossier: Dossier, comparison: PlanComparison
) -> list[tuple[str, list[TextRun]]]:
    """Return the points to watch that are new, worse, then lifted, by titled slide.

    The first slide counts the points of the others, which are hidden.
    """
    title = messages.of_alerts(comparison, dossier.points)
    points = comparison.points
    pages = _pages(deck, points.lines)
    if len(pages) > 1:
        room = deck.body.height - bullet_height(TextRun(hidden_points(1)), deck.body.width)
        first, *others = bullet_pages(deck, points.lines, room)
        pages = [[*first, hidden_points(len(points.lines) - len(first))], *others]
    colours = dict.fromkeys(points.brought, AMBER)
    return [
        (
            title if rank == 0 else f"{title} (suite)",
            [TextRun(sentence, colour=colours.get(sentence, INK)) for sentence in part],
        )
        for rank, part in enumerate(pages)
    ]


def _pages(deck: Deck, lines: Sequence[str]) -> list[list[str]]:
    return bullet_pages(deck, lines, deck.body.height) if lines else []


def _list_slide(deck: Deck, title: str, lines: Sequence[TextRun], notes: SlideNotes) -> None:
    slide = add_slide(deck, title)
    bullets(deck, slide, lines, deck.body.top)
    write_notes(slide, notes)


def _change_tables(
    deck: Deck,
    title: str,
    columns: Sequence[TableColumn],
    rows: Sequence[TableRow],
    notes: SlideNotes,
) -> None:
    """Add a table over as many slides as it needs."""
    for rank, part in enumerate(paged(columns, rows, deck.body) if rows else ()):
        slide = add_slide(deck, title if rank == 0 else f"{title} (suite)")
        table(slide, deck.body, columns, part)
        write_notes(slide, notes)
