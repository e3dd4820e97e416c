"""Points to watch, as rows of a dossier."""

from geozones.export.text import printable
from geozones.export.vigilance import PointRow
from geozones.workspace.figures import with_posts_of
from geozones.workspace.study import Study
from geozones.workspace.vigilance import chosen, vigilance


def new_points(before: Study, after: Study) -> tuple[str, ...]:
    """Return the points to watch that only the second plan has, in sentences.

    Both are looked at with the same posts; information is left out.
    """
    first, then = (
        [point.sentence for point in vigilance(with_posts_of(one, other)) if point.is_alert]
        for one, other in ((before, after), (after, before))
    )
    known = set(first)
    return tuple(printable(sentence) for sentence in then if sentence not in known)


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
        )
        for point in chosen(vigilance(study), sector=sector, zone=zone)
    )
