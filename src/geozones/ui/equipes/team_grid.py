"""Week of a zone as two tables: by post, and by lycée."""

from collections.abc import Mapping, Sequence

import htpy

from geozones.domain.teams import DAYS, FREE, SLOTS, Cell, Post, capacity, slot_name
from geozones.domain.terms import worded
from geozones.render.colour import oklch
from geozones.ui.widgets import html
from geozones.workspace.teams.staff import Staff

_HUES = (150.0, 262.0, 75.0, 330.0, 200.0, 30.0, 110.0, 290.0)


def tints(lycees: Sequence[str]) -> dict[str, str]:
    """Return a pale colour for each lycée of a zone, on which black text is readable."""
    return {
        lycee: oklch(0.93 if rank < len(_HUES) else 0.88, 0.055, _HUES[rank % len(_HUES)])
        for rank, lycee in enumerate(lycees)
    }


def week_by_post(staff: Staff, zone: str) -> htpy.Element:
    """Return the week of each post: its place on each half-day, its load and résidence."""
    colours = tints(staff.plan.members(zone))
    rows = [_post_row(staff, post, colours) for post in staff.people.of_zone(zone)]
    caption = "La semaine de chaque poste (matin et après-midi ; cadenas : verrouillé)"
    heads = [htpy.th(scope="col")["Poste"], *_days()]
    return _week(caption, heads, rows, phone="gz-week-cards")


def _week(
    caption: str, heads: list[htpy.Element], rows: list[htpy.Element], *, phone: str
) -> htpy.Element:
    """Return the table; ``phone`` is the class of its layout in a narrow window."""
    return html.scrolled(
        caption,
        htpy.table(class_=f"gz-table gz-week {phone}")[
            htpy.caption[caption], htpy.thead[htpy.tr[heads]], htpy.tbody[rows]
        ],
    )


def _days() -> list[htpy.Element]:
    return [htpy.th(scope="col", colspan="2")[day] for day in DAYS]


def _post_row(staff: Staff, post: Post, colours: Mapping[str, str]) -> htpy.Element:
    residence = "résidence à choisir"
    if post.residence is not None:
        residence = f"résidence : {_short(staff, post.residence)}"
    label = staff.label(post).split(" – zone ")
    name = label[0] + (f" ({label[1].split(' (')[1]}" if " (" in label[-1] and staff.names else "")
    load = f"{post.share} %, {post.load} / {capacity(post.share)} demi-journées"
    head = htpy.th(scope="row")[name, htpy.small[load], htpy.small[residence]]
    return htpy.tr[head, [_day(staff, post, day, colours) for day in range(len(DAYS))]]


def _day(staff: Staff, post: Post, day: int, colours: Mapping[str, str]) -> list[htpy.Element]:
    first, second = 2 * day, 2 * day + 1
    same = post.cells[first] == post.cells[second]
    if same and (first in post.locked) == (second in post.locked):
        return [_cell(staff, post, first, colours, span=2)]
    return [_cell(staff, post, slot, colours) for slot in (first, second)]


def _cell(
    staff: Staff, post: Post, slot: int, colours: Mapping[str, str], span: int = 1
) -> htpy.Element:
    cell = post.cells[slot]
    lock = None
    if slot in post.locked:
        text = "verrouillé"
        lock = htpy.span(".gz-lock", title=text, role="img", aria_label=text)
    kind, style = cell_look(cell, colours)
    when = slot_name(slot) if span == 1 else DAYS[slot // 2]
    return htpy.td(class_=kind, colspan=span, style=style, data_when=when)[
        cell_text(staff, cell), lock
    ]


def cell_look(cell: Cell, colours: Mapping[str, str]) -> tuple[str, str | None]:
    """Return the class and the style of a half-day; ``colours`` come from `tints`."""
    if cell is None:
        return "gz-out", None
    if cell == FREE:
        return "gz-free", None
    return ("gz-at", f"--tint:{colours[cell]}") if cell in colours else ("gz-stray", None)


def cell_text(staff: Staff, cell: Cell) -> str:
    """Return the short text of a half-day: a lycée, « disponible » or a dash."""
    if cell is None:
        return "—"
    return "disponible" if cell == FREE else _short(staff, cell)


def _short(staff: Staff, lycee: str) -> str:
    place = staff.study.territory.lycees.get(lycee)
    return lycee if place is None else place.name


def week_by_lycee(staff: Staff, zone: str) -> htpy.Element:
    """Return the posts in each lycée on each half-day, by number, and the presence against need."""
    posts, needs = staff.people.of_zone(zone), staff.needs(zone)
    colours = tints(staff.plan.members(zone))
    rows = []
    for lycee in staff.plan.members(zone):
        cells = [_presence(posts, lycee, slot, colours[lycee]) for slot in range(SLOTS)]
        given = sum(post.cells.count(lycee) for post in posts)
        fits = htpy.span(class_=None if given == needs[lycee] else "gz-warn")
        rows.append(
            htpy.tr[
                htpy.th(scope="row")[_short(staff, lycee)],
                htpy.td(".gz-number")[fits[f"{given} / {needs[lycee]}"]],
                cells,
            ]
        )
    caption = worded("Qui est dans chaque {site} (numéro du poste) ; présence sur besoin")
    column = htpy.th(scope="col")
    heads = [column[worded("{Site}")], column["Présence"], *_days()]
    return _week(caption, heads, rows, phone="gz-week-lines")


def _presence(posts: Sequence[Post], lycee: str, slot: int, tint: str) -> htpy.Element:
    """Return the cell of a lycée on a half-day: the numbers of the posts there."""
    there = [str(rank) for rank, post in enumerate(posts, 1) if post.cells[slot] == lycee]
    if not there:
        return htpy.td(".gz-nobody", title=slot_name(slot))[htpy.span(".gz-hidden")["personne"]]
    return htpy.td(".gz-at", style=f"--tint:{tint}", title=slot_name(slot))[", ".join(there)]
