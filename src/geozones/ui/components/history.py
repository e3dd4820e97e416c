"""The history of a scenario: what was done, by whom, why; any point of it can be gone back to."""

from html import escape

import streamlit as st

from geozones.domain import Event
from geozones.domain.french import long_date, plural
from geozones.ui import desk
from geozones.ui.components import html
from geozones.workspace import Work, Workspace, told

_SHOWN = 60


def history(workspace: Workspace, work: Work) -> None:
    """Show what led to the plan on screen, and what was undone; then every branch, when asked."""
    timeline = work.timeline
    if not timeline.events:
        return
    done = [f"<li>{_line(workspace, work, event)}</li>" for event in timeline.path[-_SHOWN:]]
    done += [
        f"<li class='gz-undone'>{_line(workspace, work, event)} (annulé)</li>"
        for event in timeline.undone[:_SHOWN]
    ]
    title = plural(len(timeline.path), "changement fait", "changements faits")
    st.html(
        f'<article class="gz-card"><h3>{title}</h3><ol class="gz-moves">{"".join(done)}</ol>'
        "</article>"
    )
    box = st.expander(
        f"Historique complet ({plural(len(timeline.events), 'étape')})",
        icon=":material/history:",
        key="atelier.historique",
        on_change="rerun",
    )
    if box.open:
        with box:
            _points(workspace, work)


def _points(workspace: Workspace, work: Work) -> None:
    """List every event of every branch; each is a button that goes there."""
    timeline = work.timeline
    on_screen = {event.id for event in timeline.path}
    st.button(
        f"Début : {work.origin}",
        type="tertiary",
        key="histoire.debut",
        icon=":material/flag:" if timeline.head is None else None,
        on_click=desk.jump,
        args=(workspace, None),
    )
    for event in timeline.events[-_SHOWN:]:
        aside = "" if event.id in on_screen else " · autre branche ou annulé"
        st.button(
            f"{_text(workspace, work, event)} — {event.author}, {_when(event)}{aside}",
            type="tertiary",
            key=f"histoire.{event.id}",
            icon=":material/flag:" if event.id == timeline.head else None,
            on_click=desk.jump,
            args=(workspace, event.id),
        )


def _text(workspace: Workspace, work: Work, event: Event) -> str:
    return html.unmarked(told(workspace, work, event)) + (f" ({event.why})" if event.why else "")


def _line(workspace: Workspace, work: Work, event: Event) -> str:
    why = f" <em>{escape(event.why)}</em>" if event.why else ""
    return f"{escape(told(workspace, work, event))}{why}"


def _when(event: Event) -> str:
    return f"{long_date(event.at)} à {event.at[11:16].replace(':', ' h ')}"
