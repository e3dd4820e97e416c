"""Dates of the map's calendar: steps of the deployment, and starts of plans in force."""

from dataclasses import dataclass

from geozones.common.french import long_date
from geozones.domain import Publication
from geozones.domain.publications import spans
from geozones.ui import state
from geozones.ui.opened_data import ledger
from geozones.ui.state.carte_views import MapView
from geozones.workspace.atlas import Atlas


@dataclass(frozen=True, slots=True)
class Day:
    """A date of the calendar.

    Parameters
    ----------
    label
        Name on screen.
    date
        ISO date.
    rank
        Rank of the last step of the deployment by then; -1 before the first.
    begins
        The publication that comes in force on that day, if any.
    """

    label: str
    date: str
    rank: int
    begins: Publication | None = None


def days(atlas: Atlas) -> tuple[Day, ...]:
    """Return the dates, in order: steps of the deployment, and days when another plan begins."""
    begins = {span.start: span.publication for span in spans(ledger().decided) if span.start}
    labels = {step.date: step.label for step in atlas.calendar}
    dates = sorted(labels.keys() | begins.keys())
    return tuple(
        Day(
            labels.get(day, long_date(day)),
            day,
            sum(step.date <= day for step in atlas.calendar) - 1,
            begins.get(day),
        )
        for day in dates
    )


def chosen_day(atlas: Atlas) -> Day:
    """Return the date shown: the chosen date, else the last one past, else the first."""
    listed, step = days(atlas), state.of(MapView).step
    named = next((day for day in listed if day.label == step), None)
    if named is not None:
        return named
    today = ledger().today
    return next((day for day in reversed(listed) if day.date <= today), listed[0])


def shown_publication(atlas: Atlas) -> Publication:
    """Return the publication shown where the plan in force is on screen.

    It is the publication chosen in the list, else the one in force at the chosen date, else
    today's.
    """
    view, held = state.of(MapView), ledger()
    if view.publication is not None:
        known = {entry.id: entry for entry in held.plans}
        if view.publication in known:
            return known[view.publication]
    return held.on(None if view.step is None else chosen_day(atlas).date)
