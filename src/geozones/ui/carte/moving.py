"""Moves, undo and redo in the mode « modifier »."""

from geozones.ui import current_scenario, state
from geozones.ui.state.carte_views import MoveView, Selection
from geozones.workspace.moves.preview import preview


@state.reporting_errors()
def make_move(lycee: str, zone: str) -> None:
    """Move a lycée if the rules allow it, and notify the user of the effect in one sentence."""
    effect = preview(current_scenario.study(), lycee, zone)
    state.update(Selection, lycee=lycee, zone=None, target=None)
    if effect.origin == effect.target:
        state.notify("ok", effect.sentence)
        return
    if not effect.verdict.allowed:
        state.notify("error", "Déplacement refusé. " + " ".join(effect.verdict.reasons))
        return
    if current_scenario.record("move", {"moves": {lycee: zone}}, state.of(MoveView).why):
        state.update(MoveView, why="", done=lycee)
        state.notify("warning" if effect.is_worse else "ok", effect.answer)


def step(way: str) -> None:
    """Undo or redo (``way``)."""
    state.clear_notice()
    state.update(MoveView, done=None)
    current_scenario.step(way)
