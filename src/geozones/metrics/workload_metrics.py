"""Metrics of size, workload and balance, of yearly cost and service, of posts and their covers.

Balance is the ratio of the greatest need of a zone to the mean need: « la zone la plus chargée a
1,4 fois la moyenne » is one plain sentence, and only a change to the most loaded zone improves it.
A Gini index also shows small differences between middling zones, which nobody asks about.

If nobody defined a post, each figure of cover is ``None`` (« non renseigné »), never 0.
"""

from collections.abc import Callable, Sequence
from math import ceil

import numpy as np

from geozones.domain import ObjectiveWeights
from geozones.domain.teams import CoverFigures
from geozones.domain.yearly_cost import YearlyCost, ZoneCostDraws, zone_cost
from geozones.metrics.drive_draws import DRAWS, Draws, ZoneDraws
from geozones.metrics.metric import (
    COST,
    COUNT,
    HOURS,
    RATIO,
    SHARE,
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

_PLACES = frozenset(
    {
        MetricPlace.ZONE_TABLE,
        MetricPlace.ZONE_ATTRIBUTES,
        MetricPlace.SECTOR_ATTRIBUTES,
        MetricPlace.COMPARISON,
    }
)


def _balance(needs: Sequence[int]) -> Value:
    """Return the greatest need over the mean; ``None`` if there are no needs."""
    total = sum(needs)
    return max(needs) * len(needs) / total if total else None


def _pupils(area: AreaView) -> Value:
    known = [load.pupils for load in area.workloads if load.pupils is not None]
    return sum(known) if known else None


def _unknown(area: AreaView) -> Value:
    return sum(load.without_pupils for load in area.workloads) if area.workloads else None


METRICS = (
    Metric(
        key="pupils",
        label="{Sizes} connus",
        narrow="{Sizes}",
        format=TEAM_COUNT,
        of_zone=lambda zone: None if zone.workload is None else zone.workload.pupils,
        of_area=_pupils,
        places=_PLACES - {MetricPlace.COMPARISON},
        order=70,
        column="eleves",
    ),
    Metric(
        key="lycees_without_pupils",
        label="{Sites} sans nombre {of_plural_size} connu",
        format=TEAM_COUNT,
        of_zone=lambda zone: None if zone.workload is None else zone.workload.without_pupils,
        of_area=_unknown,
        places=frozenset({MetricPlace.ZONE_ATTRIBUTES, MetricPlace.SECTOR_ATTRIBUTES}),
        order=71,
        column="lycees_sans_effectif",
    ),
    Metric(
        key="workload",
        label="Besoin de présence",
        narrow="Besoin",
        unit="demi-journées",
        format=TEAM_COUNT,
        of_zone=lambda zone: None if zone.workload is None else zone.workload.total,
        of_area=lambda area: sum(load.total for load in area.workloads) if area.workloads else None,
        places=_PLACES,
        order=72,
        column="besoin_demi_journees",
    ),
    Metric(
        key="workload_balance",
        label="Besoin le plus fort, rapporté à la moyenne",
        narrow="Déséquilibre",
        format=RATIO,
        better=Better.LOWER,
        of_zone=lambda zone: None if zone.workload is None else _balance(zone.workload.half_days),
        of_area=lambda area: _balance([load.total for load in area.workloads]),
        places=_PLACES - {MetricPlace.ZONE_TABLE},
        order=73,
        column="besoin_max_sur_moyenne",
    ),
)


SIZE_METRICS = (
    Metric(
        key="lycees",
        label="{Sites}",
        format=COUNT,
        of_zone=lambda zone: len(zone.members),
        of_area=lambda area: sum(len(view.members) for _, view, _ in area.zones),
    ),
    Metric(
        key="zones",
        label="Zones",
        format=COUNT,
        of_zone=lambda _: 1,
        of_area=lambda area: len(area.zones),
        places=frozenset({MetricPlace.COMPARISON}),
        order=90,
    ),
)


_FILES = frozenset(
    {MetricPlace.COMPARISON, MetricPlace.ZONE_ATTRIBUTES, MetricPlace.SECTOR_ATTRIBUTES}
)


def _of(read: Callable[[YearlyCost], float | None]) -> Callable[[ZoneView | AreaView], Value]:
    return lambda view: None if view.cost is None else read(view.cost)


def _drawn(
    read: Callable[[ZoneCostDraws], Draws],
) -> Callable[[Sequence[ZoneDraws], ObjectiveWeights], Draws | None]:
    """Return a function that adds up the hours of zones; ``None`` if they are unknown."""

    def added(zones: Sequence[ZoneDraws], _: ObjectiveWeights) -> Draws | None:
        costs = [zone.cost for zone in zones if zone.cost is not None]
        if len(costs) < len(zones):
            return None
        return sum((read(cost) for cost in costs), np.zeros(DRAWS))

    return added


def _hours(  # noqa: PLR0913 - the fields of a metric that differ
    key: str,
    read: Callable[[YearlyCost], float | None],
    label: str,
    *,
    short: str = "",
    file_label: str = "",
    about: str,
    column: str,
    order: int,
    places: frozenset[MetricPlace] = frozenset(),
    files: frozenset[MetricPlace] = _FILES,
    of_draws: Callable[[ZoneCostDraws], Draws] | None = None,
    better: Better = Better.LOWER,
) -> Metric:
    """Return a metric in hours a year, of a zone or an area."""
    return Metric(
        key=key,
        label=label,
        short=short,
        file_label=file_label,
        unit="h",
        format=HOURS,
        better=better,
        of_zone=_of(read),
        of_area=_of(read),
        of_draws=None if of_draws is None else _drawn(of_draws),
        places=files | places,
        order=order,
        about=about,
        column=column,
    )


_SHOWN = frozenset({MetricPlace.STRIP, MetricPlace.HEADLINE})

COST_METRICS = (
    _hours(
        "total_hours",
        lambda cost: cost.total_hours,
        "Coût annuel",
        file_label="Coût annuel{outside_sector_technicians}",
        about="heures par an : sans {technician}, et de route{outside_sector_technicians}",
        column="cout_annuel_h",
        order=12,
        places=frozenset({MetricPlace.ZONE_TABLE}),
        of_draws=lambda cost: cost.total,
    ),
    _hours(
        "road_hours",
        lambda cost: cost.road_hours,
        "Heures de route par an",
        short="Heures de route",
        file_label="Heures de route par an{outside_sector_technicians}",
        about="par an{outside_sector_technicians}",
        column="route_h",
        order=14,
        places=_SHOWN,
        of_draws=lambda cost: cost.drives,
    ),
    _hours(
        "unattended_hours",
        lambda cost: cost.unattended_hours,
        "Heures sans {technician} par an",
        short="Sans {technician}",
        about="par an, {site} où l'on attend quelqu'un et où personne n'est",
        column="sans_technicien_h",
        order=15,
        places=_SHOWN,
    ),
    Metric(
        key="absorbed_share",
        label="Absences absorbées",
        unit="%",
        format=SHARE,
        better=Better.HIGHER,
        of_zone=_of(lambda cost: cost.absorbed_share),
        of_area=_of(lambda cost: cost.absorbed_share),
        places=_FILES | _SHOWN,
        order=16,
        about="part des absences où quelqu'un est présent",
        column="absences_absorbees_pct",
    ),
    Metric(
        key="posts",
        label="Postes",
        format=COUNT,
        better=Better.LOWER,
        of_zone=_of(lambda cost: cost.posts),
        of_area=_of(lambda cost: cost.posts),
        places=_FILES | _SHOWN,
        order=17,
        about="à temps plein, d'après les besoins ou les semaines",
        column="postes_tip",
    ),
    _hours(
        "reduced_hours",
        lambda cost: cost.reduced_hours,
        "Heures d'effectif réduit par an",
        short="Effectif réduit",
        about="heures par an ; suit le nombre de postes",
        column="effectif_reduit_h",
        order=18,
    ),
    _hours(
        "displaced_hours",
        lambda cost: cost.displaced_hours,
        "Heures déplacées par an",
        short="Heures déplacées",
        about="heures par an, données en quittant {a_site} où quelqu'un reste",
        column="deplacees_h",
        order=19,
        better=Better.NEITHER,
    ),
    _hours(
        "tis_hours",
        lambda cost: cost.tis_hours,
        "Route des {sector_technicians} par an",
        short="Route des {sector_technicians}",
        file_label="Route des {sector_technicians} par an, là où {a_support_centre} est nommé",
        about="heures par an, là où {a_support_centre} est nommé ; hors du coût",
        column="route_tis_h",
        order=19,
        files=_FILES - {MetricPlace.COMPARISON},
        better=Better.NEITHER,
    ),
)


def _cost(zone: ZoneView) -> float:
    total = sum(pair[0] for pair in zone.pairs)
    return zone_cost(total, len(zone.members), zone.settings.weights)


def _drawn_objective(zones: Sequence[ZoneDraws], weights: ObjectiveWeights) -> Draws:
    costs = (zone_cost(zone.total, zone.size, weights) for zone in zones)
    return sum(costs, np.zeros(DRAWS))


OBJECTIVE_METRICS = (
    Metric(
        key="objective",
        label="Objectif",
        format=COST,
        better=Better.LOWER,
        of_zone=_cost,
        of_area=lambda area: sum(_cost(view) for _, view, _ in area.zones),
        of_draws=_drawn_objective,
        # penalties are no property of a zone alone
    ),
)


_HALF_DAYS = "demi-journées"
_TEAM_FILES = frozenset(
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


TEAM_METRICS = (
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
        places=_TEAM_FILES | _STRIP,
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
        places=_TEAM_FILES | _STRIP,
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
        places=_TEAM_FILES,
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
