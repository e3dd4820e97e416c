"""Colour swatches of lists: small squares styled as the map draws a zone or a sector."""

from geozones.domain import Sector, Zone
from geozones.render.signs import swatch_css
from geozones.workspace.study import Study


def swatch_of_zone(study: Study, zone: Zone) -> str:
    """Return the CSS of a zone's swatch: colour, status, whether it is changed."""
    plan, decisions = study.plan, study.decisions
    return swatch_css(
        study.state.colours.get(zone.id) or study.territory.colour(plan, zone.id),
        decisions.zone(zone.id),
        changed=zone.id in decisions.changed_zones,
        ink=study.territory.palette(plan).ink[zone.sector],
    )


def swatch_of_sector(study: Study, sector: Sector) -> str:
    """Return the CSS of a sector's swatch."""
    palette = study.territory.palette(study.plan)
    status = study.decisions.sector(sector.id)
    return swatch_css(palette.sector[sector.id], status, ink=palette.ink[sector.id])
