"""Week of a zone as tables, by post and by lycée, and its changes, each one step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import htpy

from geozones.common.errors import InputError
from geozones.common.french import capital, plural
from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import DAYS, FREE, SLOTS, Cell, Post, capacity, slot_name
from geozones.domain.terms import terms, worded
from geozones.render.palette import oklch
from geozones.ui import current_scenario, state
from geozones.ui.widgets import html
from geozones.ui.widgets.html import live_table
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import Staff

#: Key of the container of the week in view.
WEEK = "gz-semaine"

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
    name = staff.label(post).split(" – zone ")[0]
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


#: Value of a half-day not at work in a list of the browser.
OUT = ""


def choice_name(study: Study, cell: Cell) -> str:
    """Return the name of a half-day's content in a list."""
    if cell is None:
        return "ne travaille pas"
    if cell == FREE:
        return "disponible"
    place = study.territory.lycees.get(cell)
    return cell if place is None else place.name


def save_posts(zone: str, posts: list[Post], done: str, why: str = "") -> bool:
    """Replace the posts of a zone and notify the user of it, or of its refusal; return success.

    ``why`` is the reason kept in the history.
    """
    data: dict[str, object] = {"zones": [zone], "posts": [post_to_json(post) for post in posts]}
    return current_scenario.record("set_posts", data, why, done=done)


def put_post(post: str, change: Callable[[Post], Post], done: str) -> bool:
    """Change a post in its current state, newer than the one drawn; return whether it changed.

    Nothing is recorded if nothing changes: the browser may send a change twice.
    """
    people = current_scenario.current().state.teams
    for old in people.posts:
        if old.id == post and (new := change(old)) != old:
            posts = [new if entry is old else entry for entry in people.of_zone(old.zone)]
            return save_posts(old.zone, posts, done)
    return False


@state.reporting_errors()
def change_week(gesture: Mapping[str, Any]) -> None:
    """Handle a gesture: ``cell`` (a half-day holds ``value``) or ``lock`` (``held`` or not).

    Both have ``post`` (an id) and ``slot``. The message says what the change solves and breaks.
    """
    study = current_scenario.study()
    post = study.teams.post(str(gesture.get("post")))
    slot = _slot(gesture)
    changed = _changed(post, slot, gesture)
    label, when = Staff(study).label(post).split(" – ")[0], slot_name(slot)
    if gesture["event"] == "lock":
        done = f"{label}, {when} : {'verrouillé' if slot in changed.locked else 'déverrouillé'}."
        put_post(post.id, lambda _: changed, done)
        return
    before = Staff(study).sentences(post.zone)
    done = f"{label}, {when} : {choice_name(study, changed.cells[slot])}."
    if put_post(post.id, lambda _: changed, done):
        after = Staff(current_scenario.study()).sentences(post.zone)
        state.notify("ok", f"{done} {consequences(before, after)}".strip())


def consequences(before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """Return one sentence: what a change newly breaks (``after``), or how many points it solves."""
    broken = [point for point in after if point not in before]
    solved = len([point for point in before if point not in after])
    if broken:
        more = f" (et {plural(len(broken) - 1, 'autre point', 'autres points')})"
        return f"À voir : {broken[0].rstrip('.')}{more if len(broken) > 1 else ''}."
    if not after:
        return "Besoins couverts, règles respectées." if before else ""
    return f"{plural(solved, 'point réglé', 'points réglés')}." if solved else ""


def _slot(gesture: Mapping[str, Any]) -> int:
    slot = gesture.get("slot")
    if type(slot) is not int or not 0 <= slot < SLOTS:
        raise InputError(f"Une demi-journée est un rang de 0 à {SLOTS - 1}.")
    return slot


def _changed(post: Post, slot: int, gesture: Mapping[str, Any]) -> Post:
    """Return a post after a gesture; raise ``InputError`` if its half-day is locked."""
    if gesture["event"] == "lock":
        held = gesture.get("held") is True
        return replace(post, locked=post.locked | {slot} if held else post.locked - {slot})
    if slot in post.locked:
        raise InputError(
            f"{slot_name(slot).capitalize()} est verrouillé : déverrouillez-le pour le changer."
        )
    value = str(gesture.get("value"))
    cells = list(post.cells)
    cells[slot] = None if value == OUT else value
    return replace(post, cells=tuple(cells))


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
    label = f"{capital(terms().proximity_technician.singular)} {rank}"
    load = f"{post.share} %, {post.load} / {capacity(post.share)} demi-journées"
    home = "à choisir" if post.residence is None else cell_text(staff, post.residence)
    head = htpy.th(scope="row")[label, htpy.small[load], htpy.small[f"résidence : {home}"]]
    cells = [_editor_cell(staff, post, label, slot, colours) for slot in range(SLOTS)]
    return htpy.tr[head, cells]


def _editor_cell(
    staff: Staff, post: Post, label: str, slot: int, colours: dict[str, str]
) -> htpy.Element:
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
