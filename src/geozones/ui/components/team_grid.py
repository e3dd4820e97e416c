"""The week of a zone as two tables: by post, and by lycée."""

from collections.abc import Mapping, Sequence
from html import escape

from geozones.domain.teams import DAYS, FREE, SLOTS, Cell, Post, capacity, slot_name
from geozones.render.colour import oklch
from geozones.workspace import Staff

_HUES = (150.0, 262.0, 75.0, 330.0, 200.0, 30.0, 110.0, 290.0)


def tints(lycees: Sequence[str]) -> dict[str, str]:
    """Return a pale colour for each lycée of a zone, on which black text reads."""
    return {
        lycee: oklch(0.93 if rank < len(_HUES) else 0.88, 0.055, _HUES[rank % len(_HUES)])
        for rank, lycee in enumerate(lycees)
    }


def week_by_post(staff: Staff, zone: str) -> str:
    """Return the week of each post: where it is on each half-day, its load and résidence."""
    colours = tints(staff.plan.members(zone))
    rows = "".join(_post_row(staff, post, colours) for post in staff.people.of_zone(zone))
    days = "".join(f'<th scope="col" colspan="2">{day}</th>' for day in DAYS)
    caption = "La semaine de chaque poste (matin et après-midi ; cadenas : verrouillé)"
    return (
        f'<div class="gz-scroll" tabindex="0" role="region" aria-label="{caption}">'
        f'<table class="gz-table gz-week"><caption>{caption}</caption>'
        f'<thead><tr><th scope="col">Poste</th>{days}</tr></thead><tbody>{rows}</tbody></table>'
        "</div>"
    )


def _post_row(staff: Staff, post: Post, colours: Mapping[str, str]) -> str:
    residence = "résidence à choisir"
    if post.residence is not None:
        residence = f"résidence : {_short(staff, post.residence)}"
    label = staff.label(post).split(" – zone ")
    name = label[0] + (f" ({label[1].split(' (')[1]}" if " (" in label[-1] and staff.names else "")
    head = (
        f'<th scope="row">{escape(name)}<small>{post.share} %, {post.load} / '
        f"{capacity(post.share)} demi-journées</small><small>{escape(residence)}</small></th>"
    )
    return f"<tr>{head}{''.join(_day(staff, post, day, colours) for day in range(len(DAYS)))}</tr>"


def _day(staff: Staff, post: Post, day: int, colours: Mapping[str, str]) -> str:
    first, second = 2 * day, 2 * day + 1
    same = post.cells[first] == post.cells[second]
    if same and (first in post.locked) == (second in post.locked):
        return _cell(staff, post, first, colours, span=2)
    return _cell(staff, post, first, colours) + _cell(staff, post, second, colours)


def _cell(staff: Staff, post: Post, slot: int, colours: Mapping[str, str], span: int = 1) -> str:
    cell = post.cells[slot]
    lock = ""
    if slot in post.locked:
        lock = '<span class="gz-lock" title="verrouillé" role="img" aria-label="verrouillé"></span>'
    style = f' style="--tint:{colours[cell]}"' if cell and cell in colours else ""
    kind = "gz-out" if cell is None else "gz-free" if cell == FREE else "gz-at"
    if cell not in {None, FREE} and cell not in colours:
        kind = "gz-stray"
    return f'<td class="{kind}" colspan="{span}"{style}>{escape(_said(staff, cell))}{lock}</td>'


def _said(staff: Staff, cell: Cell) -> str:
    if cell is None:
        return "—"
    return "disponible" if cell == FREE else _short(staff, cell)


def _short(staff: Staff, lycee: str) -> str:
    place = staff.workspace.lycees.get(lycee)
    return lycee if place is None else place.name


def week_by_lycee(staff: Staff, zone: str) -> str:
    """Return who is in each lycée on each half-day, by number of post, and what is missing."""
    posts, needs = staff.people.of_zone(zone), staff.needs(zone)
    colours = tints(staff.plan.members(zone))
    rows = []
    for lycee in staff.plan.members(zone):
        cells = []
        for slot in range(SLOTS):
            there = [str(rank) for rank, post in enumerate(posts, 1) if post.cells[slot] == lycee]
            style = f' class="gz-at" style="--tint:{colours[lycee]}"' if there else ""
            said = ", ".join(there) or '<span class="gz-hidden">personne</span>'
            cells.append(f'<td{style} title="{slot_name(slot)}">{said}</td>')
        given = sum(post.cells.count(lycee) for post in posts)
        fits = "" if given == needs[lycee] else ' class="gz-warn"'
        rows.append(
            f'<tr><th scope="row">{escape(_short(staff, lycee))}</th>{"".join(cells)}'
            f'<td class="gz-number"><span{fits}>{given} / {needs[lycee]}</span></td></tr>'
        )
    days = "".join(f'<th scope="col" colspan="2">{day}</th>' for day in DAYS)
    caption = "Qui est dans chaque lycée (numéro du poste) ; présence sur besoin"
    return (
        f'<div class="gz-scroll" tabindex="0" role="region" aria-label="{caption}">'
        f'<table class="gz-table gz-week"><caption>{caption}</caption><thead><tr>'
        f'<th scope="col">Lycée</th>{days}<th scope="col">Présence</th></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
