"""Week of a zone as tables, by post and by lycée, and its changes, each one step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import htpy

from geozones.common.errors import InputError
from geozones.common.french import plural
from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import DAYS, FREE, HALVES, SLOTS, Cell, Post, capacity, slot_name
from geozones.domain.terms import worded
from geozones.render.palette import oklch
from geozones.ui import current_scenario, state
from geozones.ui.widgets import html
from geozones.ui.widgets.html import live_table
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


def week_by_post(staff: Staff, zone: str, *, is_edited: bool = False) -> htpy.Element:
    """Return the week of each post: its place on each half-day, its load and résidence.

    If ``is_edited``, each half-day is a list to choose from, with its lock.
    """
    colours = tints(staff.plan.members(zone))
    rows = []
    for post in staff.people.of_zone(zone):
        label = staff.label(post).split(" – zone ")[0]
        load = f"{post.share} %, {post.load} / {capacity(post.share)} demi-journées"
        home = "à choisir" if post.residence is None else cell_text(staff, post.residence)
        cells: list[htpy.Element] = []
        for first in range(0, SLOTS, 2):
            slots = (first, first + 1)
            same = post.cells[first] == post.cells[first + 1]
            if is_edited:
                cells += [_editor_cell(staff, post, label, slot, colours) for slot in slots]
            elif same and (first in post.locked) == (first + 1 in post.locked):
                cells.append(_cell(staff, post, first, colours, span=2))
            else:
                cells += [_cell(staff, post, slot, colours) for slot in slots]
        head = htpy.th(scope="row")[label, htpy.small[load], htpy.small[f"résidence : {home}"]]
        rows.append(htpy.tr[head, cells])
    if is_edited:
        how = ", matin et après-midi : une case se change d'un clic, son cadenas la verrouille"
    else:
        how = " (matin et après-midi ; cadenas : verrouillé)"
    layout = "gz-week-cards gz-week-edited" if is_edited else "gz-week-cards"
    return _week(f"La semaine de chaque poste{how}", ["Poste"], rows, layout)


def _week(
    caption: str, heads: Sequence[str], rows: list[htpy.Element], layout: str
) -> htpy.Element:
    """Return the table; ``heads`` stand before the days, ``layout`` has classes."""
    days = [htpy.th(scope="colgroup", colspan=len(HALVES))[day] for day in DAYS]
    return html.scrolled(
        caption,
        htpy.table(class_=f"gz-table gz-week {layout}")[
            htpy.caption[caption],
            htpy.colgroup(span=len(heads)),
            [htpy.colgroup(span=len(HALVES)) for _ in DAYS],
            htpy.thead[
                htpy.tr[[htpy.th(scope="col", rowspan=2)[head] for head in heads], days],
                htpy.tr[[htpy.th(scope="col")[half] for _ in DAYS for half in HALVES]],
            ],
            htpy.tbody[rows],
        ],
    )


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


def cell_text(staff: Staff, cell: Cell, nothing: str = "—") -> str:
    """Return the short text of a half-day: a lycée, « disponible », or ``nothing``."""
    if cell is None:
        return nothing
    if cell == FREE:
        return "disponible"
    place = staff.study.territory.lycees.get(cell)
    return cell if place is None else place.name


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
                htpy.th(scope="row")[cell_text(staff, lycee)],
                htpy.td(".gz-number")[fits[f"{given} / {needs[lycee]}"]],
                cells,
            ]
        )
    caption = worded("Qui est dans chaque {site} (numéro du poste) ; présence sur besoin")
    return _week(caption, [worded("{Site}"), "Présence"], rows, "gz-week-lines")


def _presence(posts: Sequence[Post], lycee: str, slot: int, tint: str) -> htpy.Element:
    """Return the cell of a lycée on a half-day: the numbers of the posts there."""
    there = [str(rank) for rank, post in enumerate(posts, 1) if post.cells[slot] == lycee]
    if not there:
        return htpy.td(".gz-nobody")[htpy.span(".gz-hidden")["personne"]]
    return htpy.td(".gz-at", style=f"--tint:{tint}")[", ".join(there)]


#: Value and text of a half-day not at work in a list of the browser.
OUT, _OUT_TEXT = "", "ne travaille pas"


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
    slot = gesture.get("slot")
    if type(slot) is not int or not 0 <= slot < SLOTS:
        raise InputError(f"Une demi-journée est un rang de 0 à {SLOTS - 1}.")
    changed = _changed(post, slot, gesture)
    label, when = Staff(study).label(post).split(" – ")[0], slot_name(slot)
    if gesture["event"] == "lock":
        done = f"{label}, {when} : {'verrouillé' if slot in changed.locked else 'déverrouillé'}."
        put_post(post.id, lambda _: changed, done)
        return
    before = Staff(study).sentences(post.zone)
    done = f"{label}, {when} : {cell_text(Staff(study), changed.cells[slot], _OUT_TEXT)}."
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
    live_table("equipes.semaine", week_by_post(staff, zone, is_edited=True), change_week)


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
                    cell_text(staff, choice, _OUT_TEXT)
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
