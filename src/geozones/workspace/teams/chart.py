"""Organisation chart of a sector: its RNS, its T.I.S., its zones and the posts of the scenario."""

from geozones.common.french import capital, plural
from geozones.domain.organisation import ChartLycee, ChartPost, ChartZone, SectorChart
from geozones.domain.terms import terms
from geozones.export.file_parts import printable
from geozones.workspace.calendar import technicians_by_sector
from geozones.workspace.study import Study

_PLAN = "par le plan"


def sector_chart(study: Study, code: str) -> SectorChart:
    """Return the chart of a sector (id): its zones with lycées, and the posts of the scenario."""
    plan = study.plan
    sector = plan.sector(code)
    due = technicians_by_sector(plan, study.atlas.calendar)[code]
    own = sector.technicians is not None
    centre = sector.support_centre
    return SectorChart(
        id=code,
        name=printable(sector.name),
        rns=printable(sector.rns or ""),
        support=None if centre is None else _lycee(study, centre),
        technicians=due if own or due else None,
        technicians_source=_PLAN if own else "",
        zones=tuple(_zone(study, zone.id) for zone in plan.zones_of(code) if plan.members(zone.id)),
    )


def _zone(study: Study, zone: str) -> ChartZone:
    lycees = tuple(_lycee(study, lycee) for lycee in study.plan.members(zone))
    posts = tuple(
        ChartPost(
            f"{capital(terms().proximity_technician.singular)} {rank}",
            tuple(
                ChartLycee(
                    lycee,
                    printable(study.territory.lycees[lycee].name),
                    plural(post.cells.count(lycee), "demi-journée"),
                )
                for lycee in post.lycees
            ),
        )
        for rank, post in enumerate(study.teams.of_zone(zone), 1)
    )
    return ChartZone(zone, printable(study.plan.zone(zone).name), lycees, posts)


def _lycee(study: Study, lycee: str) -> ChartLycee:
    place = study.territory.lycees[lycee]
    support = study.plan.sector_of(lycee).support_centre == lycee
    where = "" if place.label == place.name else printable(place.commune)
    return ChartLycee(lycee, printable(place.name), where, support)
