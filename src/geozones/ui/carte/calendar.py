"""Calendar of the deployment: the step shown, its changes, and the posts filled."""

from collections.abc import Sequence

import htpy
import streamlit as st

from geozones.common.french import plural, short_month
from geozones.domain.terms import terms
from geozones.ui import state
from geozones.ui.carte.dates import Day, chosen_day, days
from geozones.ui.carte.shown import Screen
from geozones.ui.opened_data import ledger
from geozones.ui.state.carte_views import MapView, Mode
from geozones.ui.widgets import html
from geozones.workspace.calendar import PLANNED, deployed_sectors, due, staffing
from geozones.workspace.study import Study

#: Most months that fit under the slider.
_TICKS = 7


def deployed(screen: Screen) -> frozenset[str] | None:
    """Return the sectors at work at the step shown; ``None`` where all sectors look alike."""
    if screen.mode is not Mode.LOOK:
        return None
    atlas = screen.study.atlas
    return deployed_sectors(screen.study.plan, atlas.calendar, chosen_day(atlas).rank)


def calendar_slider(study: Study) -> None:
    """Draw the slider over the calendar: baseline and sectors at work at each date."""
    labels = [day.label for day in days(study.atlas)]
    state.bound(MapView, "step", default=chosen_day(study.atlas).label, then=_follow).draw(
        st.select_slider, "Calendrier de déploiement", labels
    )
    html.show(_ticks(days(study.atlas), chosen_day(study.atlas)))


def _ticks(stops: Sequence[Day], shown: Day) -> htpy.Element:
    """Return the months under the slider; only every nth one if not all of them fit."""
    every = -(-len(stops) // _TICKS)
    named = [rank % every == 0 or day is shown for rank, day in enumerate(stops)]
    return htpy.div(".gz-ticks", aria_hidden="true")[
        (
            htpy.span({"gz-now": day is shown})[name and short_month(day.date)]
            for day, name in zip(stops, named, strict=True)
        )
    ]


def _follow(step: str) -> None:
    """Show the baseline at the chosen date, instead of a chosen publication."""
    state.update(MapView, step=step, publication=None)


def calendar_card(study: Study) -> htpy.Element:
    """Return the card of the step shown: its changes, and the posts filled at that date."""
    day = chosen_day(study.atlas)
    calendar = study.atlas.calendar
    step = next((step for step in calendar if step.date == day.date), None)
    parts = () if step is None else due(study.plan, calendar, day.rank)
    doubts = () if step is None else step.doubts
    return html.card(
        html.kicker("Calendrier de déploiement"),
        htpy.h3[day.label if step is None else step.heading],
        htpy.p[_baseline(day)],
        [(htpy.h4[part.whom], html.bullets(part.actions, "gz-steps")) for part in parts]
        or html.note("Rien de nouveau à cette date."),
        html.sources(" ".join((*doubts, PLANNED))),
        htpy.h4["Qui est en poste à cette date, d'après le document"],
        html.bullets(_staffing(study, day.rank), "gz-steps"),
    )


def _baseline(day: Day) -> str:
    """Return one sentence on the baseline at a date, and since when it is in force."""
    held = ledger()
    publication = held.on(day.date)
    begins = " : il commence ce jour-là" if day.begins is publication else ""
    return f"{held.line(publication, day.date)}{begins}."


def _staffing(study: Study, rank: int) -> list[str]:
    """Return, sector by sector, the posts filled at a date: ATI or T.I.P., and T.I.S."""
    plan = study.plan
    sentences = []
    for sector, staff in staffing(plan, study.atlas.calendar, rank).items():
        zones = plan.zones_of(sector)
        posts = sum(len(study.teams.of_zone(zone.id)) for zone in zones)
        kind, of_kind = "ATI", "de ATI"
        if staff.proximity:
            post = terms().proximity_technician
            kind, of_kind = post.singular, post.of
        count = f"{plural(posts, 'poste')} {of_kind}" if posts else kind
        technicians = terms().sector_technician.counted(staff.technicians)
        started = "" if staff.at_work else ", organisation pas encore en œuvre"
        sentences.append(f"{plan.sector(sector).name} : {count}, {technicians}{started}")
    return sentences
