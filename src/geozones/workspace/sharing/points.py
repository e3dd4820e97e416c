"""Points to watch, as rows of a dossier."""

from geozones.export.text import printable
from geozones.export.vigilance import PointRow
from geozones.rules.difference import Difference, difference
from geozones.workspace.plan_comparison import with_posts_of
from geozones.workspace.plan_judgement import Zones, all_zones
from geozones.workspace.study import Study
from geozones.workspace.vigilance import VigilancePoint, chosen, vigilance, within


def changed_points(
    before: Study, after: Study, zones: Zones | None = None
) -> Difference[VigilancePoint]:
    """Return the points to watch that a plan brings, worsens or ends.

    Both plans are checked with the same posts. Points are of the region, or of some ``zones`` (ids)
    of each plan.
    """
    sides = zones or all_zones(before.plan, after.plan)
    first, then = (
        within(one.plan, side, vigilance(with_posts_of(one, other)))
        for one, other, side in ((before, after, sides[0]), (after, before, sides[1]))
    )
    return difference(first, then)


def point_rows(
    study: Study, sector: str | None = None, zone: str | None = None
) -> tuple[PointRow, ...]:
    """Return the points to watch of the region, a sector or a zone (ids)."""
    plan = study.plan
    return tuple(
        PointRow(
            kind=point.kind.label,
            sentence=printable(point.sentence),
            about=point.about,
            status=point.status.label,
            sector=printable(plan.sector(point.sector).name),
            zone="" if point.zone is None else printable(plan.zone(point.zone).name),
            zone_id=point.zone or "",
            is_alert=point.is_alert,
            sector_id=point.sector,
            to_confirm=point.to_confirm,
        )
        for point in chosen(vigilance(study), sector=sector, zone=zone)
    )
