"""What balance is asked of a proposal: T.I.P. a zone, pupils a sector."""

from typing import Any

import streamlit as st

from geozones.common.french import number
from geozones.ui import state
from geozones.ui.components import html
from geozones.ui.state.views import MOST_POSTS, MOST_PUPILS, Demand
from geozones.workspace.proposals.balance import balance
from geozones.workspace.study import Study

_STEP = 500
_ANY = "sans limite"
_NOTE = (
    "Les T.I.P. d'une zone sont ceux que ses besoins remplissent, à temps plein (10 "
    "demi-journées), arrondis au-dessus. Les élèves d'un secteur ne changent que si un lycée peut "
    "changer de secteur ; un lycée dont le nombre d'élèves n'est pas connu n'en compte aucun."
)


def balance_fields() -> None:
    """Let the user bound the T.I.P. of a zone and the pupils of a sector."""
    state.bound(Demand, "posts").draw(
        st.select_slider,
        "T.I.P. par zone",
        range(1, MOST_POSTS + 1),
        format_func=lambda count: _ANY if count == MOST_POSTS else str(count),
    )
    state.bound(Demand, "pupils").draw(
        st.select_slider,
        "Élèves par secteur",
        range(0, MOST_PUPILS + 1, _STEP),
        format_func=lambda count: _ANY if count == MOST_PUPILS else number(count),
    )
    html.show(html.note(_NOTE))


def asked_balance(study: Study) -> dict[str, Any]:
    """Return the bounds asked as fields of the search's options."""
    asked = state.of(Demand)
    return balance(study, _bounds(asked.posts, MOST_POSTS), _bounds(asked.pupils, MOST_PUPILS))


def _bounds(asked: tuple[int, int], most: int) -> tuple[int, int | None]:
    low, high = asked
    return low, None if high == most else high
