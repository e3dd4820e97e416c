"""Locks: lock what is chosen (a lycée, a zone or a sector) with a reason, and unlock."""

import streamlit as st

from geozones.domain.terms import worded
from geozones.ui import current_scenario, state
from geozones.ui.state.editing_views import LocksView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser, distinct
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study

_KINDS = {"lycee": "{a_site}", "zone": "une zone", "sector": "un secteur"}


def locks_box(study: Study, work: Work, kind: str = "", item: str = "") -> None:
    """Draw the form that locks one thing (kind and id), or any; then the scenario's locks.

    Built when it is open.
    """
    count = len(work.state.locks.reasons)
    label = f"Verrous ({count})" if count else "Verrous"
    box = st.expander(label, key="menu.verrous", on_change="rerun")
    if not box.open:
        return
    with box:
        _lock(study, kind, item)
        for rank, ((held, key), why) in enumerate(work.state.locks.reasons.items()):
            named = _names(study, held).get(key, key)
            st.button(
                html.unmarked(f"Déverrouiller {named} ({why})"),
                icon=":material/lock_open:",
                key=f"verrou.oter.{rank}",
                on_click=_unlock,
                args=(held, key, named),
            )


def _lock(study: Study, kind: str, item: str) -> None:
    """Draw the form of a lock; without a kind, what to lock is chosen in it."""
    if not kind:
        kinds = {key: worded(name) for key, name in _KINDS.items()}
        kind = chooser("Verrouiller", kinds, state.bound(LocksView, "kind"))
        item = chooser("Lequel", _names(study, kind), state.bound(LocksView, "items", item=kind))
    names = _names(study, kind)
    state.bound(LocksView, "reason").draw(
        st.text_input, "Raison", placeholder="arbitrage du 12/03", max_chars=200
    )

    def lock() -> None:
        data: dict[str, object] = {"kind": kind, "id": item, "reason": state.of(LocksView).reason}
        if current_scenario.record("lock", data, done=f"{distinct(names)[item]} : verrouillé."):
            state.update(LocksView, reason="")

    st.button(
        html.unmarked(f"Verrouiller {names[item]}"),
        type="primary",
        key="verrou.poser",
        on_click=lock,
    )


def _unlock(kind: str, item: str, named: str) -> None:
    current_scenario.record("unlock", {"kind": kind, "id": item}, done=f"{named} : déverrouillé.")


def _names(study: Study, kind: str) -> dict[str, str]:
    plan = study.plan
    if kind == "lycee":
        return {lycee: study.name(lycee) for lycee in plan.lycees}
    if kind == "zone":
        return {zone.id: zone.name for zone in plan.zones}
    return {sector.id: sector.name for sector in plan.sectors}
