"""Yearly cost of a plan, in hours, and the half-days of service that stand beside it."""

from collections.abc import Callable, Sequence

import numpy as np

from geozones.domain import ObjectiveWeights
from geozones.domain.yearly_cost import YearlyCost
from geozones.domain.zone_costs import ZoneCostDraws
from geozones.metrics.drive_draws import DRAWS, Draws, ZoneDraws
from geozones.metrics.format import HOURS, Value
from geozones.metrics.metric import Better, Metric, MetricPlace
from geozones.metrics.metric_inputs import AreaView, ZoneView

_FILES = frozenset(
    {MetricPlace.COMPARISON, MetricPlace.ZONE_ATTRIBUTES, MetricPlace.SECTOR_ATTRIBUTES}
)


def _of(read: Callable[[YearlyCost], float]) -> Callable[[ZoneView | AreaView], Value]:
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
    read: Callable[[YearlyCost], float],
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
    colours: bool = True,
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
        colours=colours,
    )


_SHOWN = frozenset({MetricPlace.STRIP, MetricPlace.HEADLINE})

METRICS = (
    _hours(
        "total_hours",
        lambda cost: cost.total_hours,
        "Coût annuel",
        file_label="Coût annuel, hors {sector_technicians}",
        about="heures par an, route (hors {sector_technicians}) et ruptures",
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
        file_label="Heures de route par an, hors {sector_technicians}",
        about="par an, hors {sector_technicians}",
        column="route_h",
        order=14,
        places=_SHOWN,
        of_draws=lambda cost: cost.drives,
    ),
    _hours(
        "rupture_hours",
        lambda cost: cost.rupture_hours,
        "Heures de rupture par an",
        short="Ruptures",
        about="heures par an, {site} trop longtemps sans personne",
        column="ruptures_h",
        order=15,
        places=_SHOWN,
    ),
    _hours(
        "unattended_hours",
        lambda cost: cost.unattended_hours,
        "Heures sans {technician} par an",
        short="Sans {technician}",
        about="par an, suit le nombre de postes",
        column="sans_technicien_h",
        order=16,
        places=frozenset({MetricPlace.STRIP}),
    ),
    _hours(
        "reduced_hours",
        lambda cost: cost.reduced_hours,
        "Heures d'effectif réduit par an",
        short="Effectif réduit",
        about="heures par an ; suit le nombre de postes",
        column="effectif_reduit_h",
        order=17,
        colours=False,
    ),
    _hours(
        "displaced_hours",
        lambda cost: cost.displaced_hours,
        "Heures déplacées par an",
        short="Heures déplacées",
        about="heures par an, données en quittant {a_site} où quelqu'un reste",
        column="deplacees_h",
        order=18,
        better=Better.NEITHER,
        colours=False,
    ),
    _hours(
        "tis_hours",
        lambda cost: cost.tis_hours,
        "Route des {sector_technicians} par an",
        short="Route des {sector_technicians}",
        about="heures par an, là où {a_support_centre} est nommé{e_support_centre} ; hors du coût",
        column="route_tis_h",
        order=19,
        files=_FILES - {MetricPlace.COMPARISON},
        better=Better.NEITHER,
        colours=False,
    ),
)
