"""The dates one goes through on the map: those of the deployment, and of each plan in force."""

from dataclasses import dataclass

from geozones.common.french import long_date
from geozones.domain import Publication
from geozones.domain.publications import spans
from geozones.ui import state
from geozones.ui.opened_data import ledger
from geozones.ui.state.views import MapView
from geozones.workspace.atlas import Atlas


@dataclass(frozen=True, slots=True)
class Day:
    """A date to stop at.

    Parameters
    ----------
    label
        How it is called.
    date
        ISO date.
    rank
        Rank of the last step of the deployment by then; -1 before the first.
    begins
        The publication that is in force from that day on, if one begins then.
    """

    label: str
    date: str
    rank: int
    begins: Publication | None = None


def days(atlas: Atlas) -> tuple[Day, ...]:
    """Return the dates, in order: the steps of the deployment, the days another plan begins."""
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
    """Return the date shown: the one chosen, else the last there was, else the first."""
    listed, step = days(atlas), state.of(MapView).step
    named = next((day for day in listed if day.label == step), None)
    if named is not None:
        return named
    today = ledger().today
    return next((day for day in reversed(listed) if day.date <= today), listed[0])


def shown_publication(atlas: Atlas) -> Publication:
    """Return the publication shown where one looks at what is in force.

    That is the one chosen in the list, else the one in force at the date chosen, else today.
    """
    view, held = state.of(MapView), ledger()
    if view.publication is not None:
        known = {entry.id: entry for entry in held.plans}
        if view.publication in known:
            return known[view.publication]
    return held.on(None if view.step is None else chosen_day(atlas).date)
