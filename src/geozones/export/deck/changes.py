"""Slides of a change: its finding and maps, who moves, what it does, its points to watch."""

from collections.abc import Iterator, Sequence

from pptx.slide import Slide

from geozones.common.french import capital, inside, plural
from geozones.domain.terms import terms
from geozones.export import messages, sentences
from geozones.export.change_scenes import near_changes, zones_in_view
from geozones.export.deck.page import Deck, SlideBox
from geozones.export.deck.parts import (
    BODY,
    EFFECT_COLOURS,
    TextLine,
    TextRun,
    add_slide,
    bullet_height,
    bullets,
    cut_to,
    lines_height,
    picture,
    status_colour,
    text,
    write_notes,
)
from geozones.export.deck.region import above_key, key_of, write_key
from geozones.export.deck.speech import SlideNotes
from geozones.export.deck.tables import TableColumn, TableRow, cut_rows, table
from geozones.export.dossier import Dossier, PlanComparison
from geozones.export.file_parts import AMBER, INK, MUTED
from geozones.export.messages import message_of
from geozones.export.pictures import pair_png
from geozones.metrics import SAME, Change
from geozones.metrics.metric_changes import Effect, effect_on

_FIGURES = (
    TableColumn("", 3.0, strong=True),
    TableColumn("Chiffre", 4.2),
    TableColumn("Avant", 1.4, numeric=True),
    TableColumn("Après", 1.4, numeric=True),
    TableColumn("Écart", 1.3, numeric=True),
)
_MOVES = (
    TableColumn("Secteur", 3.0, strong=True),
    TableColumn("{Site}", 3.6),
    TableColumn("Zone avant", 3.1),
    TableColumn("Zone après", 3.1),
)
#: Height of the line under the title of the first slide, width of its figures, space between
#: parts, in inches; size of what is asked, in points.
_STATUS, _PANEL, _GAP, _ASKED = 0.4, 3.6, 0.2, 20.0
#: Sizes of the values beside the maps, the greatest at which they fit.
_SIZES = (24.0, 22.0, 20.0, BODY)
#: Most of the body that the table of moves takes where other lines stand below it.
_TABLE = 0.65


def finding_slide(
    deck: Deck, dossier: Dossier, comparison: PlanComparison, notes: SlideNotes
) -> None:
    """Add what a change does: its net effect, both maps, the figures, what is asked."""
    slide = add_slide(deck, message_of(comparison).title)
    body = deck.body
    status = f"{dossier.version.dated_name}, {inside(comparison.before.versus)}"
    colour = MUTED if dossier.version.decided else AMBER
    strip = SlideBox(body.left, body.top, body.width, _STATUS)
    text(slide, strip, [[TextRun(status, colour=colour)]]).name = "Plan et statut"
    asked = _asked(dossier)
    high = sum(lines_height(line, body.width) for line in asked) + _GAP * bool(asked)
    inner = SlideBox(body.left, strip.bottom, body.width, body.bottom - strip.bottom - high)
    if asked:
        place = SlideBox(body.left, inner.bottom + _GAP, body.width, high - _GAP)
        text(slide, place, asked).name = "Ce qui est demandé"
    panel = inner
    if _maps(slide, dossier, comparison, inner):
        left = inner.right - _PANEL
        panel = SlideBox(left, inner.top, _PANEL, inner.height)
    text(slide, panel, _panel(comparison, panel)).name = "Chiffres"
    write_notes(slide, notes)


def _asked(dossier: Dossier) -> list[TextLine]:
    """Return what is asked, in one paragraph; nothing if no decision is."""
    if not dossier.asked:
        return []
    head = TextRun("Ce qui est demandé : ", _ASKED, bold=True)
    return [[head, TextRun(inside(dossier.asked[0]), _ASKED)]]


def _maps(slide: Slide, dossier: Dossier, comparison: PlanComparison, box: SlideBox) -> bool:
    """Draw both maps of a change and the key of their zones, if there is land to see."""
    subject = zones_in_view(dossier)
    if not subject:
        return False
    after = dossier.version.name
    scenes = near_changes(comparison.scene, dossier.scene, subject)
    change = scenes[1].change
    left = SlideBox(box.left, box.top, box.width - _PANEL - _GAP, box.height)
    names = key_of(left, () if change is None else change.zones)
    place = above_key(left, names)
    pair = pair_png(scenes, dossier.ground, ("Avant", "Après"), place)
    picture(slide, place, pair, messages.alt_of_pair(comparison, after))
    write_key(slide, left, names, place.bottom)
    return True


def _panel(comparison: PlanComparison, box: SlideBox) -> list[TextLine]:
    """Write the figures that tell every change at the greatest size at which they fit a box."""
    lines: list[TextLine] = []
    for size in _SIZES:
        lines = [line for each in comparison.headline for line in _figure(each, size)]
        if sum(lines_height(line, box.width) for line in lines) <= box.height:
            return lines
    return cut_to(lines, box, 0)


def _figure(change: Change, size: float) -> Iterator[TextLine]:
    """Yield a figure: its name, then both values; on one line if it does not change."""
    name = TextRun(capital(change.metric.short), colour=MUTED)
    if change.difference_text == SAME:
        yield [name, TextRun(f" {change.after_text}", bold=True)]
        return
    colour = EFFECT_COLOURS.get(effect_on(change), INK)
    yield [name]
    yield [TextRun(f"{change.before_text} → {change.after_text}", size, bold=True, colour=colour)]


def moves_slide(
    deck: Deck, dossier: Dossier, comparison: PlanComparison, notes: SlideNotes
) -> None:
    """Add the lycées that move, from which zone to which, by sector; what else changes, and why."""
    posts = comparison.change.posts
    lines = [posts] if posts and posts.removesuffix(".") not in message_of(comparison).title else []
    lines += [*comparison.others, *(f"Pourquoi : {reason}" for reason in dossier.reasons)]
    if not comparison.moves and not lines:
        return
    title = sentences.of_moves(comparison.moves) if comparison.moves else "Ce qui est proposé"
    slide = add_slide(deck, title)
    body, end = deck.body, deck.body.top
    if rows := _moves(dossier, comparison):
        room = SlideBox(body.left, body.top, body.width, body.height * (_TABLE if lines else 1))
        site = terms().site
        kept = cut_rows(_MOVES, rows, room, f"autre {site}", f"autres {site.plural}")
        end = table(slide, body, _MOVES, kept) + _GAP
    if lines:
        below = body.below(end)
        told: list[TextLine] = [[TextRun(f"• {line}")] for line in lines]
        text(slide, below, cut_to(told, below, 8), space=8).name = "Texte"
    write_notes(slide, notes)


def _moves(dossier: Dossier, comparison: PlanComparison) -> list[TableRow]:
    """Return a row for each lycée that moves, its sector in the colour of its status."""
    sectors = {sector.name: sector for sector in dossier.sectors}
    rows = []
    for move, cells in sentences.rows_of_moves(dossier, comparison):
        row = sectors.get(move.sector)
        colours = (INK if row is None else status_colour(row), INK, INK, INK)
        rows.append(TableRow(cells, colours=colours))
    return rows


def figures_slide(deck: Deck, comparison: PlanComparison, notes: SlideNotes) -> None:
    """Add every figure that changes, those that worsen first; nothing if none does."""
    changed = comparison.changed_figures
    if not changed:
        return
    worse = sum(effect_on(change) is Effect.WORSE for change in changed)
    better = sum(effect_on(change) is Effect.BETTER for change in changed)
    slide = add_slide(deck, messages.of_figures(worse, better, comparison.place))
    rows = [_row(change) for change in dict.fromkeys((*comparison.headline, *changed))]
    kept = cut_rows(_FIGURES, rows, deck.body, "autre chiffre", "autres chiffres")
    table(slide, deck.body, _FIGURES, kept)
    write_notes(slide, notes)


def _row(change: Change) -> TableRow:
    effect = effect_on(change)
    colour = EFFECT_COLOURS.get(effect, INK)
    label = change.metric.label
    cells = (str(effect), label, change.before_text, change.after_text, change.difference_text)
    return TableRow(cells, colours=(colour, INK, INK, INK, colour))


def alerts_slide(
    deck: Deck, dossier: Dossier, comparison: PlanComparison, notes: SlideNotes
) -> None:
    """Add the points to watch that are new, worse, then lifted; the rest is in its notes."""
    points = comparison.points
    if not points.lines:
        return
    slide = add_slide(deck, messages.of_alerts(comparison, dossier.points))
    colours = dict.fromkeys(points.brought, AMBER)
    told = [TextRun(sentence, colour=colours.get(sentence, INK)) for sentence in points.lines]
    bullets(deck, slide, cut_points(told, deck.body), deck.body.top)
    write_notes(slide, notes)


def cut_points(runs: Sequence[TextRun], box: SlideBox) -> list[TextRun]:
    """Return the first sentences that fit a box; the last one then counts the others."""
    high = [bullet_height(run, box.width) for run in runs]
    if sum(high) <= box.height:
        return list(runs)
    room = box.height - bullet_height(_others(len(runs)), box.width)
    kept = 0
    while sum(high[: kept + 1]) <= room:
        kept += 1
    return [*runs[:kept], _others(len(runs) - kept)]


def _others(count: int) -> TextRun:
    more = plural(count, "autre point, dans les notes", "autres points, dans les notes")
    return TextRun(f"… et {more}")
