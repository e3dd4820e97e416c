"""Moves of lycées."""

from collections.abc import Mapping

from geozones.ui import current_scenario, state
from geozones.ui.state.carte_views import MadeMove, MoveView, Selection
from geozones.workspace.moves.destinations import NEW_ZONE, creating, with_new_zone
from geozones.workspace.moves.preview import preview_all


@state.reporting_errors()
def make_moves(moves: Mapping[str, str], *, selected: str | None = None) -> None:
    """Make moves (the zone that each lycée joins) as one change; answer in three lines.

    Lycées that join `NEW_ZONE` create it, under the name typed. A lycée (id) that was dragged or
    moved from its row is ``selected`` first.
    """
    if selected is not None:
        state.update(Selection, lycee=selected, zone=None, target=None)
    study = current_scenario.study()
    creates = NEW_ZONE in moves.values()
    if creates:
        study = with_new_zone(study, tuple(moves), state.of(MoveView).zone_name)
    effect = preview_all(study, moves)
    state.update(Selection, zone=None, target=None)
    if effect.origin == effect.target:
        state.notify("ok", effect.sentence)
        return
    if not effect.verdict.allowed:
        state.notify("error", "Déplacement refusé. " + " ".join(effect.verdict.reasons))
        return
    answer = effect.answer
    if current_scenario.current().is_untouched:
        answer += "\nVotre premier changement fait un scénario."
    data: dict[str, object] = {"moves": dict(moves)}
    if creates:
        data = creating(study, moves)
    if current_scenario.record("redraw" if creates else "move", data, state.of(MoveView).why):
        event = current_scenario.current().timeline.head
        made = MadeMove(answer, event, effect)
        state.update(MoveView, why="", zone_name="", picked=(), done=made, detail=False)
        state.notify("warning" if effect.is_worse else "ok", answer)
