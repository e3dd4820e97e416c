"""Report of a change: finding and maps, who moves, figures, points to watch, what is asked.

It has seven pages at most, eight slides: the finding has the net effect for its title.
"""

from collections.abc import Iterator

from geozones.common.french import capital, inside
from geozones.domain.terms import terms
from geozones.export import messages
from geozones.export.blocks import (
    Block,
    Fact,
    KeyFacts,
    Line,
    Page,
    Picture,
    Row,
    Table,
    TableColumn,
    Text,
    lines,
    spoken,
)
from geozones.export.change_scenes import near_changes, zones_in_view
from geozones.export.dossier import Dossier, PlanComparison
from geozones.export.file_parts import AMBER, GREEN, INK, MUTED, RED
from geozones.export.messages import ChangeMessage, message_of
from geozones.export.reports.parts import (
    decision_page,
    feedback_page,
    sources_page,
    status_ink,
)
from geozones.metrics import Change
from geozones.metrics.metric_changes import Effect, effect_on, worst_first

#: Name of the sheet of a workbook that has a whole change.
CHANGE_SHEET = "Ce qui change"
#: Colours of figures that get worse or better; the others have the colour of the text.
_INKS = {Effect.WORSE: RED, Effect.BETTER: GREEN}
#: Moves up to which a slide has them all.
_MOST_MOVES = 12
#: Places where posts change that the finding names.
_MOST_PLACES = 2
_MOVES = (
    TableColumn("Secteur", 26, names=True),
    TableColumn("{Site}", 32),
    TableColumn("Zone avant", 30),
    TableColumn("Zone après", 30),
)
_FIGURES = (
    TableColumn("Effet", 22),
    TableColumn("Chiffre", 40, names=True),
    TableColumn("Avant", 14, numeric=True),
    TableColumn("Après", 14, numeric=True),
    TableColumn("Écart", 12, numeric=True),
)


def change_pages(dossier: Dossier) -> list[Page]:
    """Return the pages of what a plan changes in a view; its dossier compares two plans."""
    comparison = dossier.comparison
    assert comparison is not None  # noqa: S101 - who calls looked
    message = message_of(comparison)
    status = f"{dossier.version.dated_name}, {inside(comparison.before.versus)}"
    ink = MUTED if dossier.version.decided else AMBER
    figures, said = KeyFacts(headline(comparison)), conclusion(comparison)
    blocks: list[Block] = [Text((Line(status, ink=ink),))]
    # what a post costs comes first
    posts = (lines((message.posts,)),) if message.posts and _tells_posts(message) else ()
    subject = zones_in_view(dossier)
    if subject:
        scenes = near_changes(comparison.scene, dossier.scene, subject)
        key = () if scenes[1].change is None else scenes[1].change.zones
        if not key and comparison.moves:  # too many zones for numbers on the maps
            said = (" ".join((*said, f"{len(subject)} zones changent, nommées plus loin.")),)
        pair = Picture(
            messages.alt_of_pair(comparison, dossier.version.name),
            scenes=scenes,
            captions=("Avant", "Après"),
            key=key,
            beside=(*posts, figures, lines(said)),
        )
        blocks.append(pair)
    else:
        blocks += (*posts, figures, lines(said))
    if dossier.feedback_line:
        blocks.append(lines((dossier.feedback_line,)))
    if dossier.asked:
        asked = Line(inside(dossier.asked[0]), head="Ce qui est demandé :")
        blocks.append(Text((asked,)))
    notes = (f"{message.title}.", *message.beside, message.verdict)
    return [
        Page(message.title, tuple(blocks), spoken(notes), key="finding"),
        *_moves(dossier, comparison),
        *_figures(comparison),
        *_points(dossier, comparison),
        *feedback_page(dossier),
        *decision_page(dossier, headline(comparison), conclusion(comparison)),
        sources_page(dossier),
    ]


def headline(comparison: PlanComparison) -> tuple[Fact, ...]:
    """Return the figures that tell every change, always all and in the same order."""
    return tuple(map(_fact, comparison.headline))


def _fact(change: Change) -> Fact:
    value = change.arrow(change.metric.format.compared_digits)
    ink = _INKS.get(effect_on(change), INK)
    return Fact(capital(change.metric.short), value, not change.is_same, ink)


def conclusion(comparison: PlanComparison) -> tuple[str, ...]:
    """Return the effect on the whole plan of a view of a part and who pays, else the judgement.

    The effect on the whole ends with that judgement.
    """
    message = message_of(comparison)
    told = (message.whole or message.verdict, comparison.elsewhere)
    return tuple(filter(None, told))


def _tells_posts(message: ChangeMessage) -> bool:
    """Tell whether the finding names the few places where posts change: its title may do so."""
    return message.posts.count(";") < _MOST_PLACES and not _names_posts(message)


def _names_posts(message: ChangeMessage) -> bool:
    """Tell whether the title says where posts change."""
    return message.posts.removesuffix(".") in message.title


def _moves(dossier: Dossier, comparison: PlanComparison) -> Iterator[Page]:
    """Yield the lycées that move, by sector; what else changes, and why."""
    message = message_of(comparison)
    posts = () if _tells_posts(message) or _names_posts(message) else (message.posts,)
    told = (
        *posts,
        *comparison.also,
        message.tis,
        message.drives,
        message.without_rns,
        *comparison.others,
        *(f"Pourquoi : {reason}" for reason in dossier.reasons),
    )
    further = Text(tuple(map(Line, filter(None, told))), small=True, sheet=CHANGE_SHEET)
    notes = spoken(messages.what_changes(comparison))
    if comparison.moves:
        site, few = terms().site, len(comparison.moves) <= _MOST_MOVES
        counted = (f"autre {site}", f"autres {site.plural}")
        rows = tuple(_move_rows(dossier, comparison))
        table = Table(_MOVES, rows, others=counted if few else None, sheet=CHANGE_SHEET)
        beside = (further,) if few and further.lines else ()
        title = messages.of_moves(comparison.moves)
        yield Page(title, (table, *beside), notes, key="moves", flows=True)
        if beside:
            return
    if further.lines:
        title = "Ce qui change aussi" if comparison.moves else "Ce qui est proposé"
        yield Page(title, (further,), notes, key="further", flows=True)


def _move_rows(dossier: Dossier, comparison: PlanComparison) -> Iterator[Row]:
    """Yield a row for each lycée that moves, its sector in the colour of its status."""
    sectors = {sector.name: sector for sector in dossier.sectors}
    for move, cells in messages.rows_of_moves(dossier, comparison):
        row = sectors.get(move.sector)
        yield Row(cells, inks=() if row is None else ((0, status_ink(row)),))


def _figures(comparison: PlanComparison) -> Iterator[Page]:
    """Yield every figure that changes, those that worsen first."""
    changed = comparison.changed_figures
    if not changed:
        return
    worse, better = (
        sum(effect_on(change) is effect for change in changed)
        for effect in (Effect.WORSE, Effect.BETTER)
    )
    told = worst_first(dict.fromkeys((*changed, *comparison.headline)))
    rows = tuple(map(figure_row, told))
    figures = Table(_FIGURES, rows, others=("autre chiffre", "autres chiffres"), sheet=CHANGE_SHEET)
    said = messages.of_figures(worse, better, comparison.place)
    title = ", ".join(filter(None, (said, comparison.earlier.basis)))
    notes = (f"{comparison.title}.", *message_of(comparison).figures)
    yield Page(title, (figures,), spoken(notes), key="figures", flows=True)


def figure_row(change: Change) -> Row:
    """Return a row: what the change does to the figure, its name, both values, the difference."""
    effect = effect_on(change)
    ink = _INKS.get(effect, INK)
    label = change.metric.file_label
    cells = (str(effect), label, change.before_text, change.after_text, change.difference_text)
    return Row(cells, inks=((0, ink), (4, ink)))


def _points(dossier: Dossier, comparison: PlanComparison) -> Iterator[Page]:
    """Yield the points to watch that are new, worse, then lifted."""
    points = comparison.points
    if points.lines:
        brought = frozenset(points.brought)
        told = tuple(Line(one, ink=AMBER if one in brought else INK) for one in points.lines)
        title = messages.of_alerts(comparison, dossier.points)
        notes = spoken((message_of(comparison).points, *points.lines))
        others = ("autre point", "autres points")
        text = Text(told, others=others, sheet=CHANGE_SHEET)
        yield Page(title, (text,), notes, key="alerts", flows=True)
