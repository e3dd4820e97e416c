"""The rules that stand in the way of any plan, offered to be lifted one by one."""

import streamlit as st

from geozones.domain.proposal_rules import ALL, RULES
from geozones.ui import state
from geozones.ui.components import html
from geozones.ui.components.demand import search_now
from geozones.ui.state.views import Demand
from geozones.workspace.proposals.search import Search


def offer_to_lift(search: Search) -> None:
    """Offer to search again without each rule that would be enough to lift."""
    if search.rules_to_lift is None:
        return
    if not search.rules_to_lift:
        html.show(
            html.note(
                "Lever les règles n'y changerait rien : ce sont vos conditions (tailles, plafond, "
                "déplacements, verrous) qu'aucun plan ne respecte."
            )
        )
        return
    html.show(html.sentence("Il y a un plan si vous levez une règle :"))
    for rule, label in search.rules_to_lift.items():
        st.button(
            "Chercher sans aucune règle" if rule == ALL else f"Chercher sans « {label} »",
            icon=":material/lock_open:",
            key=f"propositions.lever.{rule}",
            on_click=_lift,
            args=(rule,),
            width="stretch",
        )


def _lift(rule: str) -> None:
    lifted = RULES if rule == ALL else (*state.of(Demand).without, rule)
    state.update(Demand, without=tuple(sorted(lifted)))
    search_now()
