"""Answer to a move or to packages accepted, with the buttons that undo it and show it in full."""

import htpy
import streamlit as st

from geozones.ui import current_scenario, state
from geozones.ui.carte.editing.destination_list import effect_card
from geozones.ui.carte.moving import step
from geozones.ui.state.carte_views import MadeMove, MoveView
from geozones.ui.state.session_views import Notice
from geozones.ui.widgets import html
from geozones.ui.widgets.scenario_bar import notice, scenario_notice
from geozones.workspace.study import Study


def answered_move() -> MadeMove | None:
    """Return the move that the message on screen answers, if an undo would take it back."""
    done = state.of(MoveView).done
    if done is None or state.of(Notice).text != done.answer:
        return None
    return done if current_scenario.undoes(done.event) else None


def answer_box(study: Study) -> None:
    """Show the last message; the answer to a move has its buttons inside its box."""
    done = answered_move()
    if done is None:
        notice()
        return
    opened, about = state.of(MoveView).detail, scenario_notice()
    if about is not None:
        html.show(about)
    with st.container(key="gz-answer", gap="small"):
        first, _, rest = done.answer.partition("\n")
        kind = state.of(Notice).kind
        html.show(html.notice(kind, htpy.strong[first], f"\n{rest}", role="status"))
        with st.container(horizontal=True, gap="small"):
            undo_button("reponse.annuler")
            if done.effect is not None:
                st.button(
                    "Fermer le détail" if opened else "Détail",
                    key="reponse.detail",
                    on_click=_turn_detail,
                    args=(not opened,),
                )
    if opened and done.effect is not None:
        html.show(effect_card(study, done.effect))


def undo_button(key: str, shortcut: str | None = None) -> None:
    """Draw the button that undoes the user's last change.

    There are two such buttons; while an answer is on screen, the style sheet hides the other.
    """
    st.button(
        "Annuler",
        icon=":material/undo:",
        disabled=not current_scenario.can_step("undo"),
        on_click=step,
        args=("undo",),
        shortcut=shortcut,
        key=key,
    )


def _turn_detail(opened: bool) -> None:  # noqa: FBT001 - argument of a button
    state.update(MoveView, detail=opened)
