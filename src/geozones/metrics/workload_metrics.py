"""Needs and pupils of lycées, and the balance of needs between zones.

Balance is the greatest need over the mean need: « la zone la plus chargée a 1,4 fois la moyenne »
is one plain sentence, and only a change to the most loaded zone improves it. A Gini index also
shows small differences between middling zones, which nobody asks about.
"""

from collections.abc import Sequence

from geozones.metrics.format import RATIO, TEAM_COUNT, Value
from geozones.metrics.metric import Better, Metric, MetricPlace
from geozones.metrics.metric_inputs import AreaView, ZoneView

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


def _of_lycees(zone: ZoneView) -> Value:
    return None if zone.workload is None else _balance(zone.workload.half_days)


def _of_zones(area: AreaView) -> Value:
    return _balance([load.total for load in area.workloads])


def _pupils(area: AreaView) -> Value:
    known = [load.pupils for load in area.workloads if load.pupils is not None]
    return sum(known) if known else None


def _total(area: AreaView) -> Value:
    return sum(load.total for load in area.workloads) if area.workloads else None


def _unknown(area: AreaView) -> Value:
    return sum(load.without_pupils for load in area.workloads) if area.workloads else None


METRICS = (
    Metric(
        key="pupils",
        label="{Sizes} connu{e_size}s",
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
        colours=False,
    ),
    Metric(
        key="workload",
        label="Besoin de présence",
        narrow="Besoin",
        unit="demi-journées",
        format=TEAM_COUNT,
        of_zone=lambda zone: None if zone.workload is None else zone.workload.total,
        of_area=_total,
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
        of_zone=_of_lycees,
        of_area=_of_zones,
        places=_PLACES - {MetricPlace.ZONE_TABLE},
        order=73,
        column="besoin_max_sur_moyenne",
    ),
)
