"""The small squares of lists: as the map draws a zone or a sector of a plan."""

from geozones.domain import Sector, Zone
from geozones.render.signs import ZoneStatus, swatch_css
from geozones.workspace.study import Study


def status_of(sector: Sector) -> ZoneStatus:
    """Return how decided a sector is, as the map shows it."""
    return ZoneStatus.DRAFT if sector.is_draft else ZoneStatus.PUBLISHED


def swatch_of_zone(study: Study, zone: Zone) -> str:
    """Return the style of a zone's square: its colour, status and whether a trial changed it."""
    plan = study.plan
    sector = plan.sector(zone.sector)
    return swatch_css(
        study.state.colours.get(zone.id) or study.territory.colour(plan, zone.id),
        status_of(sector),
        changed=study.territory.is_changed(plan, zone.id),
        ink=study.territory.palette(plan).ink[sector.id],
    )


def swatch_of_sector(study: Study, sector: Sector) -> str:
    """Return the style of a sector's square."""
    palette = study.territory.palette(study.plan)
    return swatch_css(palette.sector[sector.id], status_of(sector), ink=palette.ink[sector.id])
