"""« Calendrier du secteur »: the sector's own dates and their events, saved together."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from geozones.common.french import plural
from geozones.domain import Milestone, Sector
from geozones.domain.sector_documents import MAX_MILESTONE, milestones_to_json
from geozones.ui import current_scenario, state
from geozones.ui.state.editing_views import SectorsView
from geozones.ui.widgets import html
from geozones.ui.widgets.sector_card import say_status
from geozones.workspace.study import Study

_ADD = "secteur.date.ajouter"
_ABOUT = "Dates propres à ce secteur, en plus du calendrier de déploiement."


def sector_dates(study: Study, sector: str) -> None:
    """Draw the editor of a sector's (id) calendar; built when it is open."""
    before = study.plan.sector(sector)
    count = len(before.milestones)
    label = "Calendrier du secteur" + (f" ({plural(count, 'date')})" if count else "")
    box = st.expander(label, key="secteur.dates", on_change="rerun")
    if not box.open:
        return
    with box:
        html.show(html.note(_ABOUT))
        dates = _typed(before)
        for rank, entry in enumerate(dates):
            _row(before, rank, entry)
        _buttons(before, changed=dates != before.milestones)


def _row(before: Sector, rank: int, entry: Milestone) -> None:
    """Draw the fields of one date, and the button that removes it."""
    number = rank + 1
    with st.container(key=f"gz-date-{rank}"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            day = date.fromisoformat(entry.date)
            _bound(before, rank, "date", day).draw(
                st.date_input,
                f"Date {number}",
                min_value=min(day, date(2000, 1, 1)),
                max_value=max(day, date(2099, 12, 31)),
                format="DD/MM/YYYY",
            )
            st.button(
                f"Retirer la date {number}",
                icon=":material/delete:",
                type="tertiary",
                key=f"secteur.date.retirer.{rank}",
                on_click=_take_out,
                args=(before.id, rank),
            )
        _bound(before, rank, "text", entry.text).draw(
            st.text_input, f"Événement de la date {number}", max_chars=MAX_MILESTONE
        )
        _bound(before, rank, "uncertain", entry.uncertain).draw(
            st.checkbox, f"La date {number} est à confirmer"
        )


def _buttons(before: Sector, *, changed: bool) -> None:
    with st.container(horizontal=True):
        st.button(
            "Ajouter une date",
            icon=":material/add:",
            key=_ADD,
            on_click=_keep,
            args=(before.id, _with_another),
        )
        st.button(
            "Enregistrer le calendrier",
            type="primary",
            icon=":material/check:",
            key="secteur.dates.enregistrer",
            on_click=_record,
            args=(before.id,),
        )
    if changed:
        html.show(html.remark("Pas encore enregistré."))
        st.button(
            "Abandonner la saisie",
            type="tertiary",
            key="secteur.dates.abandonner",
            on_click=_forget,
            args=(before.id,),
        )


def _bound(before: Sector, rank: int, name: str, value: object) -> state.BoundValue[Any]:
    """Bind a widget to a field of one date in the calendar as typed."""

    def keep(chosen: Any) -> None:  # noqa: ANN401 - of the field's type
        typed: dict[str, Any] = {name: chosen.isoformat() if name == "date" else chosen}

        def change(dates: tuple[Milestone, ...]) -> tuple[Milestone, ...]:
            return (*dates[:rank], replace(dates[rank], **typed), *dates[rank + 1 :])

        _keep(before.id, change)

    return state.BoundValue(f"SectorsView.calendars.{before.id}.{rank}.{name}", value, keep)


def _typed(before: Sector) -> tuple[Milestone, ...]:
    return state.of(SectorsView).calendars.get(before.id, before.milestones)


def _keep(sector: str, change: Callable[[tuple[Milestone, ...]], tuple[Milestone, ...]]) -> None:
    """Change the calendar as typed for a sector (id)."""
    dates = change(_typed(current_scenario.current().plan.sector(sector)))
    held = state.of(SectorsView).calendars
    state.update(SectorsView, calendars={**held, sector: dates})


def _take_out(sector: str, rank: int) -> None:
    """Remove a date; the keyboard focus moves to the button « Ajouter une date »."""
    _keep(sector, lambda dates: (*dates[:rank], *dates[rank + 1 :]))
    state.ask_focus(_ADD)


def _with_another(dates: tuple[Milestone, ...]) -> tuple[Milestone, ...]:
    """Add a date with an empty text: the last date again, or today."""
    last = dates[-1].date if dates else date.today().isoformat()
    return (*dates, Milestone(last, ""))


def _record(sector: str) -> None:
    """Record the calendar as typed at the time of the click."""
    dates = _typed(current_scenario.current().plan.sector(sector))
    changes = {"milestones": milestones_to_json(dates)}
    if current_scenario.record("edit_sector", {"sector": sector, "changes": changes}):
        _forget(sector)
        say_status(sector)


def _forget(sector: str) -> None:
    state.drop_item(SectorsView, "calendars", item=sector)
