"""Menu « Verrous »: lock a lycée, a zone or a sector with a reason, and unlock."""

import streamlit as st

from geozones.ui import current_scenario, state
from geozones.ui.state.editing_views import LocksView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser, distinct
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study

_KINDS = {"lycee": "un lycée", "zone": "une zone", "sector": "un secteur"}


def locks_menu(study: Study, work: Work) -> None:
    """Draw the menu; built when it is open."""
    count = len(work.state.locks.reasons)
    label = f"Verrous ({count})" if count else "Verrous"
    box = st.popover(label, icon=":material/lock:", key="menu.verrous", on_change="rerun")
    if not box.open:
        return
    with box:
        _lock(study)
        for rank, ((held, key), why) in enumerate(work.state.locks.reasons.items()):
            named = _names(study, held).get(key, key)
            st.button(
                html.unmarked(f"Déverrouiller {named} ({why})"),
                icon=":material/lock_open:",
                key=f"verrou.oter.{rank}",
                on_click=_unlock,
                args=(held, key, named),
            )


def _lock(study: Study) -> None:
    kind = chooser("Verrouiller", _KINDS, state.bound(LocksView, "kind"))
    names = _names(study, kind)
    item = chooser("Lequel", names, state.bound(LocksView, "items", item=kind))
    state.bound(LocksView, "reason").draw(
        st.text_input, "Raison", placeholder="arbitrage du 12/03", max_chars=200
    )

    def lock() -> None:
        data: dict[str, object] = {"kind": kind, "id": item, "reason": state.of(LocksView).reason}
        if current_scenario.record("lock", data, done=f"{distinct(names)[item]} : verrouillé."):
            state.update(LocksView, reason="")

    st.button("Verrouiller", type="primary", key="verrou.poser", on_click=lock)


def _unlock(kind: str, item: str, named: str) -> None:
    current_scenario.record("unlock", {"kind": kind, "id": item}, done=f"{named} : déverrouillé.")


def _names(study: Study, kind: str) -> dict[str, str]:
    plan = study.plan
    if kind == "lycee":
        return {lycee: study.name(lycee) for lycee in plan.lycees}
    if kind == "zone":
        return {zone.id: zone.name for zone in plan.zones}
    return {sector.id: sector.name for sector in plan.sectors}
