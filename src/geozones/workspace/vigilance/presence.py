"""Lycées without anyone for several days in a row, by the posts of their zone."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from geozones.common.french import plural
from geozones.domain import Zone
from geozones.teams.presence_gaps import longest_gap
from geozones.workspace.study import Study
from geozones.workspace.vigilance.record import PointKind, VigilancePoint
from geozones.workspace.vigilance.zones import point


def weak_presence(study: Study, zones: Iterable[Zone]) -> Iterator[VigilancePoint]:
    """Yield the lycées without anyone for more than ``gap_days`` working days in a row.

    Zones without posts are left out, since nobody knows who is where, and so are lycées that need
    nobody.
    """
    limit = study.settings.teams.gap_days
    for zone in zones:
        posts = study.teams.of_zone(zone.id)
        for lycee in study.plan.members(zone.id) if posts else ():
            gap = longest_gap(posts, lycee)
            if gap <= limit or not study.teams.need(study.territory.lycees[lycee]).half_days:
                continue
            sentence = (
                f"{study.name(lycee)} : {plural(gap, 'jour')} de suite sans personne "
                f"({limit} au plus souhaités)."
            )
            found = point(study, zone, (PointKind.PRESENCE, sentence), (lycee,), "gap_days")
            yield replace(
                found,
                subject=study.name(lycee),
                key=(*found.key, lycee),
                measure=gap,
                unit="jours de suite sans personne",
            )
