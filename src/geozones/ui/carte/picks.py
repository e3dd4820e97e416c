"""Picked lycées, one by one or by lasso, to be moved together."""

from typing import Any

from geozones.common.french import plural
from geozones.ui import state
from geozones.ui.state.carte_views import MoveView
from geozones.workspace.study import Study


def pick(study: Study, lycee: str) -> None:
    """Add a lycée to the picked ones, or remove it."""
    before = state.of(MoveView).picked
    kept = tuple(key for key in before if key != lycee)
    state.update(MoveView, picked=kept if lycee in before else (*before, lycee))
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
        state.update(MoveView, picked=picked)
        _say_picked()


def _say_picked() -> None:
    count = plural(len(state.of(MoveView).picked), "lycée choisi", "lycées choisis")
    state.notify("ok", f"{count} : dites vers quelle zone, ci-dessous.")
