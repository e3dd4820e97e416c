"""Calendar of deployment: planned actions and staffing of each sector at each date."""

import re
from dataclasses import dataclass
from functools import lru_cache

from geozones.common.french import listing, long_date
from geozones.domain import Milestone, Plan
from geozones.domain.terms import worded
from geozones.intake.data_folder import UNCERTAIN, CalendarStep

#: Words of the source document that start the new organisation in a group of sectors.
_STARTS = ("Mise en œuvre", "Généralisation")


_TECHNICIANS = re.compile(r"Nomination de (\d+) T\.?I\.?S")
_POSTS = "Transformation des postes d'ATI"


@dataclass(frozen=True, slots=True)
class Staffing:
    """Staffing of a sector at a date."""

    proximity: bool  # Whether its ATI posts have become T.I.P. posts.
    technicians: int  # Number of T.I.S.; 0 before the calendar names any.
    at_work: bool  # Whether the new organisation has started there.


@dataclass(frozen=True, slots=True)
class Due:
    """Actions planned at a date for one group of sectors, worded the same everywhere."""

    whom: str
    actions: tuple[str, ...]


#: Notice shown with every calendar: it lists what was planned, not what was done.
PLANNED = "Calendrier prévu par le document : l'outil ne suit pas ce qui a été fait."


def due(
    plan: Plan, calendar: tuple[CalendarStep, ...], rank: int, *, marked: bool = True
) -> tuple[Due, ...]:
    """Return the actions planned at a step (a rank), by group; groups without actions are left out.

    A sector's own milestones appear at the last step before their date, or at the first step.
    Doubtful readings have a mark, unless ``marked`` is false, as on slides.
    """
    step = calendar[rank]
    parts = (
        (worded("{Whole_territory}"), step.region),
        ("Secteurs expérimentaux", step.experimental),
        ("Autres secteurs", step.others),
    )
    parts_due = [
        Due(whom, tuple(each.marked_text if marked else each.text for each in actions))
        for whom, actions in parts
        if actions
    ]
    first = "" if rank == 0 else step.date
    after = calendar[rank + 1].date if rank + 1 < len(calendar) else "9999-12-31"
    for sector in plan.sectors:
        own = tuple(
            _milestone(each, marked=marked)
            for each in sector.milestones
            if first <= each.date < after
        )
        if own:
            parts_due.append(Due(f"Secteur {sector.name}", own))
    return tuple(parts_due)


def _milestone(entry: Milestone, *, marked: bool) -> str:
    mark = f" ({UNCERTAIN})" if marked and entry.uncertain else ""
    return f"{long_date(entry.date)} : {entry.text}{mark}"


def groups_text(plan: Plan) -> str:
    """Name the experimental sectors; empty if the plan has none."""
    names = [sector.name for sector in plan.sectors if sector.experimental]
    return f"Secteurs expérimentaux : {listing(names)}." if names else ""


def phrases(step: CalendarStep, *, experimental: bool) -> tuple[str, ...]:
    """Return the actions of a step in the experimental sectors, or in the others."""
    return tuple(action.text for action in (step.experimental if experimental else step.others))


def deployed_sectors(plan: Plan, calendar: tuple[CalendarStep, ...], upto: int) -> frozenset[str]:
    """Return the sectors (ids) where the new organisation has started at step ``upto`` (a rank)."""
    started = {
        experimental
        for experimental in (True, False)
        for step in calendar[: upto + 1]
        if any(text.startswith(_STARTS) for text in phrases(step, experimental=experimental))
    }
    return frozenset(sector.id for sector in plan.sectors if sector.experimental in started)


def staffing(plan: Plan, calendar: tuple[CalendarStep, ...], upto: int) -> dict[str, Staffing]:
    """Return the staffing of each sector (id) at step ``upto`` (a rank)."""
    deployed = deployed_sectors(plan, calendar, upto)
    # a calendar that never turns posts into those of T.I.P. has had T.I.P. from the start
    turned = any(
        _is_turn(text)
        for step in calendar
        for text in phrases(step, experimental=True) + phrases(step, experimental=False)
    )
    by_sector = {}
    for sector in plan.sectors:
        texts = [
            text
            for step in calendar[: upto + 1]
            for text in phrases(step, experimental=sector.experimental)
        ]
        named = [int(match[1]) for text in texts if (match := _TECHNICIANS.search(text))]
        technicians = named[-1] if named else 0
        if named and sector.technicians is not None:
            technicians = sector.technicians
        by_sector[sector.id] = Staffing(
            not turned or any(map(_is_turn, texts)), technicians, sector.id in deployed
        )
    return by_sector


def _is_turn(text: str) -> bool:
    return text.startswith(_POSTS)


@lru_cache(maxsize=64)
def technicians_by_sector(plan: Plan, calendar: tuple[CalendarStep, ...]) -> dict[str, int]:
    """Return the T.I.S. count of each sector (id): its own, or the one at the calendar's end."""
    last = staffing(plan, calendar, len(calendar) - 1)
    return {
        sector.id: last[sector.id].technicians if sector.technicians is None else sector.technicians
        for sector in plan.sectors
    }
