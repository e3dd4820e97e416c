"""Log of the actions on scenarios, for administrators."""

import json
from typing import TYPE_CHECKING

import htpy
import streamlit as st

from geozones.common.french import moment, plural
from geozones.domain.actions import Action
from geozones.ui import current_scenario
from geozones.ui.server.auth import actor
from geozones.ui.state import address
from geozones.ui.widgets import html
from geozones.ui.widgets.download import download_button
from geozones.ui.widgets.open_box import when_open
from geozones.workspace.roles import Role
from geozones.workspace.scenarios.action_text import action_text

if TYPE_CHECKING:
    from geozones.workspace.scenarios.stores import LogState

_SHOWN = 100


def actions_log() -> None:
    """Show the last entries of the log, and offer the whole for download; built when it is open."""
    if actor().role >= Role.ADMINISTRATOR:
        _log()


@when_open(st.expander, "Journal des actions", key="actions.journal")
def _log() -> None:
    log = current_scenario.scenarios().actions()
    html.show(_state(current_scenario.scenarios().log_state()))
    if log:
        html.show(_table(log[-_SHOWN:][::-1]))
        download_button(
            "Télécharger le journal (JSON)",
            lambda: json.dumps([_as(entry) for entry in log], ensure_ascii=False, indent=1),
            file_name="journal-geozones.json",
            mime="application/json",
            icon=None,
            key="actions.telecharger",
        )


def _state(found: "LogState") -> htpy.Element:
    if found.faults:
        return html.error(" ".join(found.faults))
    return html.note(found.chain.text)


def _table(log: tuple[Action, ...]) -> htpy.Element:
    rows = [
        (
            moment(address.local(entry.at)),
            entry.who,
            action_text(entry),
            entry.name or "—",
        )
        for entry in log
    ]
    caption = f"Les {plural(len(log), 'dernière action', 'dernières actions')}"
    return html.table(caption, ("Quand", "Qui", "Quoi", "Scénario"), rows)


def _as(entry: Action) -> dict[str, object]:
    return {
        "position": entry.position,
        "at": entry.at,
        "who": entry.who,
        "what": entry.what,
        "scenario": entry.scenario,
        "name": entry.name,
        "detail": dict(entry.detail),
        "seal": entry.seal,
    }
