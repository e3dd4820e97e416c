"""Editor of the week of a zone's posts: a list and a padlock for each half-day."""

import htpy

from geozones.domain.teams import DAYS, FREE, SLOTS, Post, capacity, slot_name
from geozones.domain.terms import terms
from geozones.ui.equipes.team_grid import cell_look, cell_text, tints
from geozones.ui.equipes.week_changes import OUT, change_week, choice_name
from geozones.ui.widgets import html
from geozones.ui.widgets.live_table import live_table
from geozones.workspace.teams.staff import Staff


def week_editor(staff: Staff, zone: str) -> None:
    """Draw the week of each post of a zone, editable cell by cell."""
    live_table("equipes.semaine", week_markup(staff, zone), change_week)


def week_markup(staff: Staff, zone: str) -> htpy.Element:
    """Return the table: a row per post, a column per half-day."""
    colours = tints(staff.plan.members(zone))
    posts = staff.people.of_zone(zone)
    rows = [_row(staff, post, rank, colours) for rank, post in enumerate(posts, 1)]
    caption = (
        "La semaine de chaque poste, matin et après-midi : une case se change d'un clic, son "
        "cadenas la verrouille"
    )
    column = htpy.th(scope="col")
    days = [htpy.th(scope="col", colspan="2")[day] for day in DAYS]
    return html.scrolled(
        caption,
        htpy.table(".gz-table.gz-week.gz-week-cards.gz-week-edited")[
            htpy.caption[caption], htpy.thead[htpy.tr[column["Poste"], days]], htpy.tbody[rows]
        ],
    )


def _row(staff: Staff, post: Post, rank: int, colours: dict[str, str]) -> htpy.Element:
    name = (staff.names or {}).get(post.id)
    known = f"{terms().proximity_technician} {rank}"
    label = known + (f" ({name})" if name else "")
    load = f"{post.share} %, {post.load} / {capacity(post.share)} demi-journées"
    home = "à choisir" if post.residence is None else cell_text(staff, post.residence)
    head = htpy.th(scope="row")[label, htpy.small[load], htpy.small[f"résidence : {home}"]]
    cells = [_cell(staff, post, known, slot, colours) for slot in range(SLOTS)]
    return htpy.tr[head, cells]


def _cell(staff: Staff, post: Post, label: str, slot: int, colours: dict[str, str]) -> htpy.Element:
    cell, locked, when = post.cells[slot], slot in post.locked, slot_name(slot)
    kind, style = cell_look(cell, colours)
    choices = dict.fromkeys([*staff.plan.members(post.zone), FREE, None, cell])
    return htpy.td(class_=f"{kind} gz-locked" if locked else kind, style=style, data_when=when)[
        htpy.span(".gz-said", aria_hidden="true")[cell_text(staff, cell)],
        htpy.select(
            data_post=post.id,
            data_slot=slot,
            data_at=f"{post.id}.{slot}",
            aria_label=f"{label}, {when}",
            disabled=locked,
            title="verrouillé : déverrouillez pour changer" if locked else None,
        )[
            [
                htpy.option(value=OUT if choice is None else choice, selected=choice == cell)[
                    choice_name(staff.study, choice)
                ]
                for choice in choices
            ]
        ],
        htpy.button(
            type="button",
            data_post=post.id,
            data_slot=slot,
            data_at=f"{post.id}.{slot}.lock",
            aria_pressed=str(locked).lower(),
            aria_label=f"Verrouiller {when}, {label}",
            title="Déverrouiller" if locked else "Verrouiller : une proposition n'y touchera pas",
        )[htpy.span(".gz-lock", aria_hidden="true")],
    ]
