"""What the calendar of deployment says of each sector at each date."""

from geozones.domain import Plan, Status
from geozones.intake import CalendarStep

#: Words of the source document that start the new organisation in a group of sectors.
_STARTS = ("Mise en œuvre", "Généralisation")


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
