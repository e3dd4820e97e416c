"""Changes of a post's week by a gesture, each recorded as one step of the scenario."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from geozones.common.errors import InputError
from geozones.common.french import plural
from geozones.domain.post_documents import post_to_json
from geozones.domain.teams import FREE, SLOTS, Cell, Post, slot_name
from geozones.ui import current_scenario, state
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import Staff

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


def save_posts(zone: str, posts: list[Post], done: str) -> bool:
    """Replace the posts of a zone and notify the user of it, or of its refusal; return success."""
    data: dict[str, object] = {"zones": [zone], "posts": [post_to_json(post) for post in posts]}
    return current_scenario.record("set_posts", data, done=done)


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
        msg = f"Une demi-journée est un rang de 0 à {SLOTS - 1}."
        raise InputError(msg)
    return slot


def _changed(post: Post, slot: int, gesture: Mapping[str, Any]) -> Post:
    """Return a post after a gesture; raise ``InputError`` if its half-day is locked."""
    if gesture["event"] == "lock":
        held = gesture.get("held") is True
        return replace(post, locked=post.locked | {slot} if held else post.locked - {slot})
    if slot in post.locked:
        msg = f"{slot_name(slot).capitalize()} est verrouillé : déverrouillez-le pour le changer."
        raise InputError(msg)
    value = str(gesture.get("value"))
    cells = list(post.cells)
    cells[slot] = None if value == OUT else value
    return replace(post, cells=tuple(cells))
