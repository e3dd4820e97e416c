"""History of a scenario: changes, authors, reasons; any point of it can be restored."""

import htpy
import streamlit as st

from geozones.common.french import moment, plural
from geozones.domain import Event
from geozones.ui import current_scenario
from geozones.ui.state import address
from geozones.ui.widgets import html
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study

_SHOWN = 60


def history(study: Study, work: Work) -> None:
    """Show the changes behind the plan on screen, then undone ones; all branches on request."""
    timeline = work.timeline
    if not timeline.events:
        return
    done = [htpy.li[_line(study, work, event)] for event in timeline.path[-_SHOWN:]]
    done += [
        htpy.li(".gz-undone")[_line(study, work, event), " (annulé)"]
        for event in timeline.undone[:_SHOWN]
    ]
    title = plural(len(timeline.path), "changement fait", "changements faits")
    html.show(html.card(htpy.h3[title], htpy.ol(".gz-moves")[done]))
    box = st.expander(
        f"Historique complet ({plural(len(timeline.events), 'étape')})",
        key="atelier.historique",
        on_change="rerun",
    )
    if box.open:
        with box:
            _points(study, work)


def _points(study: Study, work: Work) -> None:
    """List every event of every branch as a button that restores it."""
    timeline = work.timeline
    on_screen = {event.id for event in timeline.path}
    st.button(
        html.unmarked(f"Début : {work.origin}"),
        type="tertiary",
        key="histoire.debut",
        icon=":material/flag:" if timeline.head is None else None,
        on_click=current_scenario.jump,
        args=(None,),
    )
    for event in timeline.events[-_SHOWN:]:
        aside = "" if event.id in on_screen else " · autre branche ou annulé"
        st.button(
            f"{_text(study, work, event)} — {html.unmarked(event.author)}, {_when(event)}{aside}",
            type="tertiary",
            key=f"histoire.{event.id}",
            icon=":material/flag:" if event.id == timeline.head else None,
            on_click=current_scenario.jump,
            args=(event.id,),
        )


def _text(study: Study, work: Work, event: Event) -> str:
    return html.unmarked(describe_event(study.territory, work, event)) + (
        f" ({event.why})" if event.why else ""
    )


def _line(study: Study, work: Work, event: Event) -> list[htpy.Node]:
    why = [" ", htpy.em[event.why]] if event.why else None
    return [describe_event(study.territory, work, event), why]


def _when(event: Event) -> str:
    return moment(address.local(event.at))
