"""Lycées chosen to be moved: one, or several picked one by one or by lasso."""

from typing import Any

from geozones.common.french import plural
from geozones.domain.terms import worded
from geozones.ui import state
from geozones.ui.state.carte_views import MoveView, Selection
from geozones.workspace.study import Study


def chosen_sites(count: int) -> str:
    """Write a count of chosen lycées: ``2 lycées choisis``."""
    return plural(count, worded("{site} choisi{e_site}"), worded("{sites} choisi{e_site}s"))


def moving() -> tuple[str, ...]:
    """Return the lycées (ids) that a target zone is for: the picked ones, else the chosen one."""
    picked, lycee = state.of(MoveView).picked, state.of(Selection).lycee
    return picked or (() if lycee is None else (lycee,))


def pick(study: Study, lycee: str) -> None:
    """Add a lycée to the picked ones, or remove it."""
    before = _begun()
    kept = tuple(key for key in before if key != lycee)
    _hold(kept if lycee in before else (*before, lycee))
    if state.of(MoveView).picked:
        _say_picked()
    else:
        state.notify("ok", f"{study.name(lycee)} n'est plus choisi.")


def pick_many(study: Study, found: Any) -> None:  # noqa: ANN401 - untrusted
    """Add the lycées (ids) inside a lasso to the picked ones."""
    if not isinstance(found, list):
        return
    known = study.plan.zone_by_lycee
    added = [key for key in found if isinstance(key, str) and key in known]
    if added:
        picked = tuple(dict.fromkeys((*state.of(MoveView).picked, *added)))
        _hold(picked)
        _say_picked()


def _begun() -> tuple[str, ...]:
    """Return what a new lycée is added to: not the one that has just been moved."""
    held, done = moving(), state.of(MoveView).done
    made = None if done is None else done.effect
    return () if made is not None and held == (made.lycee,) else held


def _hold(picked: tuple[str, ...]) -> None:
    """Choose lycées to move together, instead of whatever was chosen."""
    state.update(MoveView, picked=picked, done=None)
    state.update(Selection, zone=None, lycee=None, target=None)


def _say_picked() -> None:
    count = chosen_sites(len(state.of(MoveView).picked))
    state.notify("ok", f"{count} : cliquez la zone d'arrivée, ou prenez-la dans la liste.")
