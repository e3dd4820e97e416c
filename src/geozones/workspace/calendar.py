"""What the calendar of deployment says of each sector at each date."""

import re
from dataclasses import dataclass

from geozones.domain import Plan, Status
from geozones.intake import CalendarStep

#: Words of the source document that start the new organisation in a group of sectors.
_STARTS = ("Mise en œuvre", "Généralisation")


_TECHNICIANS = re.compile(r"Nomination de (\d+) T\.?I\.?S")
_POSTS = "Transformation des postes d'ATI"


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who is at work in a sector at a date: ATI or T.I.P. by then, and how many T.I.S."""

    proximity: bool
    technicians: int
    at_work: bool


def phrases(step: CalendarStep, status: Status) -> tuple[str, ...]:
    """Return what happens at a date in the experimental (published) sectors or in the others."""
    return step.experimental if status is Status.PUBLISHED else step.others


def deployed_sectors(plan: Plan, calendar: tuple[CalendarStep, ...], upto: int) -> frozenset[str]:
    """Return the sectors where the new organisation is at work at step ``upto`` (a rank)."""
    started = {
        status
        for status in Status
        for step in calendar[: upto + 1]
        if any(phrase.startswith(_STARTS) for phrase in phrases(step, status))
    }
    return frozenset(sector.id for sector in plan.sectors if sector.status in started)


def staffing(plan: Plan, calendar: tuple[CalendarStep, ...], upto: int) -> dict[str, Staffing]:
    """Return who the calendar has at work in each sector (id) at step ``upto`` (a rank)."""
    deployed = deployed_sectors(plan, calendar, upto)
    found = {}
    for sector in plan.sectors:
        said = [text for step in calendar[: upto + 1] for text in phrases(step, sector.status)]
        named = [int(match[1]) for text in said if (match := _TECHNICIANS.search(text))]
        found[sector.id] = Staffing(
            any(text.startswith(_POSTS) for text in said),
            named[-1] if named else 0,
            sector.id in deployed,
        )
    return found
