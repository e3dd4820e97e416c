"""Best moves of a lycée alone, together with another of its zone, or in exchange for another."""

from collections.abc import Mapping

import htpy
import streamlit as st

from geozones.domain.terms import worded
from geozones.ui.carte.moving import make_moves
from geozones.ui.widgets import html
from geozones.ui.widgets.headline import headline_lines
from geozones.ui.widgets.open_box import when_open
from geozones.workspace.moves.companions import JointMove, JointMoveKind, joint_moves
from geozones.workspace.moves.hours_change import hours_change, hours_text
from geozones.workspace.plan_comparison import gains
from geozones.workspace.plan_judgement import judge_studies
from geozones.workspace.study import Study

_BUTTONS: Mapping[JointMoveKind, str] = {
    JointMoveKind.ALONE: "Déplacer",
    JointMoveKind.ALONG: "Déplacer les deux",
    JointMoveKind.SWAP: "Échanger les deux",
}


@when_open(
    st.expander,
    "Déplacer avec un{e_site} autre {site}, ou échanger",
    key="atelier.ensemble",
)
def joint_list(study: Study, lycee: str) -> None:
    """Offer the best moves of a lycée, alone or with another one; computed when opened."""
    found = joint_moves(study, lycee)
    if not found:
        html.show(
            html.note("Aucun déplacement, seul, à deux ou en échange, ne fait gagner d'heures.")
        )
    with st.container(key="gz-joint", gap=None):
        for rank, move in enumerate(found):
            with st.container(gap="xxsmall"):
                html.show(_line(study, lycee, move))
                st.button(
                    _BUTTONS[move.way],
                    key=f"atelier.ensemble.{rank}",
                    on_click=make_moves,
                    args=(dict(move.moves),),
                )


def _line(study: Study, lycee: str, move: JointMove) -> htpy.Element:
    """Return the description of a move: lycées, effect, broken rules."""
    after = study.with_plan(move.after)
    judgement = judge_studies(study, after)
    hours = hours_text(hours_change(study.cost().total_hours, move.delta_objective))
    return htpy.p(".gz-step")[
        _who(study, lycee, move),
        [htpy.small(".gz-worse")[breach.message] for breach in move.introduced],
        [htpy.small(".gz-same")[breach.message] for breach in move.noted],
        htpy.small(".gz-worse")[worded("{A_site} serait seul{e_site}, sans relève possible.")]
        if move.alone
        else None,
        headline_lines(gains(study, after)),
        htpy.small(class_="gz-better" if judgement.is_better else "gz-same")[
            f"Au total, {hours} par an"
            f"{'' if any(move.kind) and judgement.is_tie else f' : {judgement.text}'}."
        ],
    ]


def _who(study: Study, lycee: str, move: JointMove) -> htpy.Node:
    target = study.plan.zone(move.moves[lycee])
    zone = html.go(f"aim:{target.id}", target.name)
    other = move.companion
    if other is None:
        return ["Seul → ", zone]
    name = html.go(f"lycee:{other}", study.name(other))
    if move.way is JointMoveKind.SWAP:
        return ["En échange de ", name, " → ", zone]
    return ["Avec ", name, " → ", zone]
