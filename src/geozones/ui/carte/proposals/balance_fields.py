"""Balance constraints of a proposal: T.I.P. per zone, pupils per sector."""

from typing import Any

import streamlit as st

from geozones.common.french import number
from geozones.ui import state
from geozones.ui.state.proposal_views import MOST_POSTS, MOST_PUPILS, Demand
from geozones.ui.widgets import html
from geozones.workspace.proposals.balance import balance
from geozones.workspace.study import Study

_STEP = 500
_NOTE = (
    "Les T.I.P. d'une zone sont ceux que ses besoins remplissent, à temps plein (10 "
    "demi-journées), arrondis au-dessus. Les élèves d'un secteur ne changent que si un lycée peut "
    "changer de secteur ; un lycée dont le nombre d'élèves n'est pas connu n'en compte aucun."
)


def balance_fields() -> None:
    """Draw the sliders that bound the T.I.P. of a zone and the pupils of a sector."""
    state.bound(Demand, "posts").draw(
        st.slider, f"T.I.P. par zone ({MOST_POSTS} : sans limite)", 1, MOST_POSTS
    )
    state.bound(Demand, "pupils").draw(
        st.slider,
        f"Élèves par secteur ({number(MOST_PUPILS)} : sans limite)",
        0,
        MOST_PUPILS,
        step=_STEP,
    )
    html.show(html.note(_NOTE))


def asked_balance(study: Study) -> dict[str, Any]:
    """Return the chosen bounds as fields of the search's options."""
    asked = state.of(Demand)
    return balance(study, _bounds(asked.posts, MOST_POSTS), _bounds(asked.pupils, MOST_PUPILS))


def _bounds(asked: tuple[int, int], most: int) -> tuple[int, int | None]:
    low, high = asked
    return low, None if high == most else high
