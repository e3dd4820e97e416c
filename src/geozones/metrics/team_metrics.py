"""T.I.P. whom a zone brings together, and cover of absences.

If nobody defined a post, each figure of cover is ``None`` (« non renseigné »), never 0.
"""

from collections.abc import Callable
from math import ceil

from geozones.domain.teams import CoverFigures
from geozones.metrics.metric import (
    COUNT,
    TEAM_COUNT,
    TEAM_MINUTES,
    TEAM_PERCENT,
    AreaView,
    Better,
    Metric,
    MetricPlace,
    Value,
    ZoneView,
)

_HALF_DAYS = "demi-journées"
_FILES = frozenset(
    {MetricPlace.COMPARISON, MetricPlace.ZONE_ATTRIBUTES, MetricPlace.SECTOR_ATTRIBUTES}
)
_STRIP = frozenset({MetricPlace.STRIP})
#: Error of a number of posts: one this near a whole number is that number.
_ROUNDING = 1e-9

type _View = ZoneView | AreaView


def _over_one(read: Callable[[CoverFigures], Value]) -> Callable[[_View], Value]:
    """Return a metric over every half-day missed in each absence of one post."""

    def value(view: _View) -> Value:
        return None if view.single_cover is None else read(view.single_cover)

    return value


def _near_percent(figures: CoverFigures) -> Value:
    return None if figures.near is None else 100 * figures.near


_GATHERED = "gathered_posts"


def _gathered(zone: ZoneView) -> Value:
    """Return the fewest T.I.P. that can gather at a lycée of the zone for a heavy intervention.

    The posts of the yearly cost are shared out between lycées by their needs. Those of lycées from
    which a lycée is within ``near_minutes`` are near it, its own included; a part of a post counts
    as one, since its T.I.P. is there on some half-days.
    """
    if zone.cost is None or zone.workload is None or not zone.workload.total:
        return None
    near, minutes = zone.settings.teams.near_minutes, zone.times.one_way
    needs = dict(zip(zone.members, zone.workload.half_days, strict=True))

    def within(lycee_id: str) -> int:
        return sum(
            need
            for other, need in needs.items()
            if other == lycee_id or minutes[other][lycee_id] <= near
        )

    each = zone.cost.posts / zone.workload.total
    return min(ceil(within(lycee) * each - _ROUNDING) for lycee in zone.members)


def _fewest_gathered(area: AreaView) -> Value:
    """Return the fewest T.I.P. that a zone of an area brings together."""
    counts = (values[_GATHERED] for _, _, values in area.zones)
    known = [count for count in counts if isinstance(count, int)]
    return min(known, default=None)


METRICS = (
    Metric(
        key=_GATHERED,
        label="{Proximity_technicians} réunis pour une intervention lourde",
        short="{Proximity_technicians} réunis (intervention lourde)",
        narrow="Réunis",
        format=COUNT,
        better=Better.HIGHER,
        of_zone=_gathered,
        of_area=_fewest_gathered,
        places=frozenset(
            {
                MetricPlace.ZONE_TABLE,
                MetricPlace.ZONE_ATTRIBUTES,
                MetricPlace.SECTOR_ATTRIBUTES,
            }
        ),
        order=74,
        about="dans le délai d'une relève rapide",
        column="tip_reunis",
    ),
    Metric(
        key="unmet",
        label="Demi-journées de besoin sans poste",
        short="Besoins sans poste",
        unit=_HALF_DAYS,
        format=TEAM_COUNT,
        better=Better.LOWER,
        of_zone=lambda zone: None if zone.cover is None else zone.cover.unmet,
        of_area=lambda area: sum(cover.unmet for cover in area.covers) if area.covers else None,
        needs_posts=True,
        places=_FILES | _STRIP,
        about="demi-journées par semaine",
        column="besoins_sans_poste",
    ),
    Metric(
        key="cover_median_minutes",
        label="Une absence : délai médian de relève",
        short="Délai médian de relève",
        unit="min",
        format=TEAM_MINUTES,
        better=Better.LOWER,
        of_zone=_over_one(lambda figures: figures.median),
        of_area=_over_one(lambda figures: figures.median),
        needs_posts=True,
        places=_FILES | _STRIP,
        about="une absence",
        column="delai_median_min",
    ),
    Metric(
        key="cover_p90_minutes",
        label="Une absence : délai respecté neuf fois sur dix",
        unit="min",
        format=TEAM_MINUTES,
        better=Better.LOWER,
        of_zone=_over_one(lambda figures: figures.p90),
        of_area=_over_one(lambda figures: figures.p90),
        needs_posts=True,
        places=_FILES,
        column="delai_9_sur_10_min",
    ),
    Metric(
        key="cover_near_share",
        label="Une absence : relèves rapides",
        short="Relèves rapides",
        unit="%",
        format=TEAM_PERCENT,
        better=Better.HIGHER,
        of_zone=_over_one(_near_percent),
        of_area=_over_one(_near_percent),
        needs_posts=True,
        places=_STRIP,
        about="une absence",
    ),
)
