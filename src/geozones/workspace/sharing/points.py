"""Points to watch, as rows of a dossier."""

from collections.abc import Mapping

from geozones.domain import Plan
from geozones.export.text import printable
from geozones.export.vigilance import PointRow
from geozones.metrics.watch_list import watch_list
from geozones.workspace.plan_comparison import with_posts_of
from geozones.workspace.plan_judgement import Zones, all_zones
from geozones.workspace.study import Study
from geozones.workspace.vigilance import VigilancePoint, chosen, vigilance, within


def changed_points(
    before: Study, after: Study, zones: Zones | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the points to watch of only the second plan, then of only the first: sentences.

    Both plans are checked with the same posts; information is left out. Points are of the region,
    or of some ``zones`` (ids) of each plan.
    """
    sides = zones or all_zones(before.plan, after.plan)
    first, then = (
        {
            _without_names(one.plan, point): printable(point.sentence)
            for point in watch_list(within(one.plan, side, _points(one, other))).counted
        }
        for one, other, side in ((before, after, sides[0]), (after, before, sides[1]))
    )
    return _only(then, first), _only(first, then)


def _points(study: Study, other: Study) -> tuple[VigilancePoint, ...]:
    return vigilance(with_posts_of(study, other))


def _without_names(plan: Plan, point: VigilancePoint) -> str:
    """Return the sentence of a point with ids for names: a new name is not a new point."""
    sentence = point.sentence
    if point.zone is not None:
        sentence = sentence.replace(plan.zone(point.zone).name, point.zone)
    return sentence.replace(plan.sector(point.sector).name, point.sector)


def _only(these: Mapping[str, str], others: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sentence for key, sentence in these.items() if key not in others)


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
