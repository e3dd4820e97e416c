"""What the calendar of deployment says of each sector at each date."""

import re
from dataclasses import dataclass
from functools import lru_cache

from geozones.domain import Plan, Sector
from geozones.intake import CalendarStep

#: Words of the source document that start the new organisation in a group of sectors.
_STARTS = ("Mise en œuvre", "Généralisation")


_TECHNICIANS = re.compile(r"Nomination de (\d+) T\.?I\.?S")
_POSTS = "Transformation des postes d'ATI"


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who is at work in a sector at a date.

    Parameters
    ----------
    proximity
        Whether its ATI posts have become T.I.P. ones.
    technicians
        How many T.I.S. it has; 0 before the calendar names any.
    at_work
        Whether the new organisation has started there.
    """

    proximity: bool
    technicians: int
    at_work: bool


def phrases(step: CalendarStep, *, experimental: bool) -> tuple[str, ...]:
    """Return what happens at a date in the experimental sectors, or in the others."""
    return step.experimental if experimental else step.others


def deployed_sectors(plan: Plan, calendar: tuple[CalendarStep, ...], upto: int) -> frozenset[str]:
    """Return the sectors where the new organisation is at work at step ``upto`` (a rank)."""
    started = {
        experimental
        for experimental in (True, False)
        for step in calendar[: upto + 1]
        if any(said.startswith(_STARTS) for said in phrases(step, experimental=experimental))
    }
    return frozenset(sector.id for sector in plan.sectors if sector.experimental in started)


def staffing(plan: Plan, calendar: tuple[CalendarStep, ...], upto: int) -> dict[str, Staffing]:
    """Return who the calendar has at work in each sector (id) at step ``upto`` (a rank)."""
    deployed = deployed_sectors(plan, calendar, upto)
    by_sector = {}
    for sector in plan.sectors:
        said = [text for step in calendar[: upto + 1] for text in _said(step, sector)]
        named = [int(match[1]) for text in said if (match := _TECHNICIANS.search(text))]
        technicians = named[-1] if named else 0
        if named and sector.technicians is not None:
            technicians = sector.technicians
        by_sector[sector.id] = Staffing(
            any(text.startswith(_POSTS) for text in said), technicians, sector.id in deployed
        )
    return by_sector


def _said(step: CalendarStep, sector: Sector) -> tuple[str, ...]:
    return phrases(step, experimental=sector.experimental)


@lru_cache(maxsize=64)
def technicians_by_sector(plan: Plan, calendar: tuple[CalendarStep, ...]) -> dict[str, int]:
    """Return how many T.I.S. each sector (id) has once the calendar has run, or of its own."""
    last = staffing(plan, calendar, len(calendar) - 1)
    return {
        sector.id: last[sector.id].technicians if sector.technicians is None else sector.technicians
        for sector in plan.sectors
    }
