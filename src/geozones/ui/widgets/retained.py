"""Hypotheses that the scenario retains from a journal: value, who and when, and the way back."""

from collections.abc import Mapping

import streamlit as st

from geozones.domain.settings import Settings
from geozones.ui import current_scenario
from geozones.ui.opened_data import default_analysis
from geozones.ui.widgets import html
from geozones.workspace.scenarios.history_text import DRIVES, retained_hypotheses

#: Hypotheses without a field of their own on « Année »: earlier versions retained the last three.
OTHERS = ("absence_days", "tis_visits", "tis_minutes", DRIVES)
#: Key of the button that gives a hypothesis its value back, before its name.
BACK = "retenu-rendre-"


def usual_settings() -> Settings:
    """Return the settings of the scenario in a session where nobody typed another value."""
    return current_scenario.current().state.adopted.applied_to(default_analysis().settings)


def retained() -> Mapping[str, str]:
    """Return what the scenario retains, in words, by the name of the hypothesis."""
    return retained_hypotheses(current_scenario.study().territory, current_scenario.current())


def retained_lines(*names: str) -> None:
    """Show those of some hypotheses that the scenario retains, each with its way back."""
    held = retained()
    for name in names:
        if name not in held:
            continue
        text_side, back = st.columns([3, 1.3], vertical_alignment="center")
        html.show(html.remark(held[name]), text_side)
        back.button(
            "Ne plus retenir",
            key=BACK + name,
            type="tertiary",
            icon=":material/restart_alt:",
            on_click=_give_back,
            args=(name,),
        )


def _give_back(name: str) -> None:
    done = "L'hypothèse de l'outil est rétablie."
    if name == DRIVES:
        current_scenario.record("correct_drives", {"groups": []}, done=done)
    else:
        data: dict[str, object] = {"hypothesis": name, "observed": None}
        current_scenario.record("adopt_hypothesis", data, done=done)
