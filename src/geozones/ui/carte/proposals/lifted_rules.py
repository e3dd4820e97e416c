"""Rules that no plan can respect, with buttons to lift them."""

import streamlit as st

from geozones.domain.proof_status import ProofStatus
from geozones.ui import state
from geozones.ui.carte.proposals.conditions import search_now
from geozones.ui.state.proposal_views import Demand
from geozones.ui.widgets import html
from geozones.workspace.proposals.search import FoundPlans

_NO_USE = (
    "Lever les règles ne suffit pas : aucun plan ne respecte vos conditions (tailles, plafond, "
    "déplacements, verrous)."
)
_NOT_KNOWN = (
    "L'outil n'a pas trouvé quelles règles lever : sans elles, la recherche est trop longue ou "
    "compare trop de zones. Restreignez vos conditions (secteurs, tailles, plafond)."
)


def offer_to_lift(plans: FoundPlans) -> None:
    """Offer to search again without the smallest sets of rules that no plan respects."""
    found = plans.rules_to_lift
    if found is None:
        if plans.frontier.best.status is ProofStatus.INFEASIBLE:
            html.show(html.note(_NOT_KNOWN))
        return
    if not found:
        html.show(html.note(_NO_USE))
        return
    fewest = len(next(iter(found)))
    count = "une règle" if fewest == 1 else f"{fewest} règles à la fois"
    html.show(html.sentence(f"Aucun plan ne respecte tout. Il y en a un si vous levez {count} :"))
    for rules, names in found.items():
        st.button(
            f"Chercher sans {names}",
            icon=":material/lock_open:",
            key=f"propositions.lever.{'.'.join(rules)}",
            on_click=_lift,
            args=(rules,),
            width="stretch",
        )


def _lift(rules: tuple[str, ...]) -> None:
    state.update(Demand, without=tuple(sorted({*state.of(Demand).without, *rules})))
    search_now()
