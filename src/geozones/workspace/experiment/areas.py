"""Areas of observed figures, and the tool's expectation of each figure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from geozones.domain import Plan
from geozones.domain.adopted_hypotheses import AdoptedHypotheses
from geozones.domain.field_journal import Journal
from geozones.domain.yearly_cost import YearlyCost
from geozones.experiment.facts import facts_of
from geozones.experiment.observed import Observed, Observer
from geozones.experiment.observed_figures import FIGURES
from geozones.workspace.analysis import Analysis
from geozones.workspace.study import Study


@dataclass(frozen=True, slots=True)
class Area:
    """The whole, a sector, a zone or a lycée.

    ``key`` is its id, empty for the whole; ``kind`` is ``region``, ``sector``, ``zone`` or
    ``lycee``.
    """

    kind: str
    key: str
    name: str
    lycees: tuple[str, ...]


def whole(study: Study, observed: Observer) -> Area:
    """Return all the sectors with rows in the journal as one area."""
    sectors = recorded(study, observed)
    lycees = (key for key in study.plan.lycees if study.plan.sector_of(key).id in sectors)
    return Area("region", "", "l'ensemble", tuple(lycees))


def sector_area(study: Study, sector: str) -> Area:
    """Return the area of a sector (id); raise ``InputError`` if there is none."""
    known = study.plan.sector(sector)
    return Area("sector", known.id, f"le secteur {known.name}", study.plan.lycees_of(known.id))


def zone_area(study: Study, zone: str) -> Area:
    """Return the area of a zone (id); raise ``InputError`` if there is none."""
    known = study.plan.zone(zone)
    return Area("zone", known.id, f"la zone {known.name}", study.plan.members(known.id))


def lycee_area(study: Study, lycee: str) -> Area:
    """Return the area of a lycée (id)."""
    study.plan.zone_of(lycee)
    return Area("lycee", lycee, study.name(lycee), (lycee,))


def observer(study: Study, journal: Journal) -> Observer:
    """Return the cached figures of a journal over the zones of a scenario.

    Drives are compared with the original matrix, without the scenario's corrections.
    """
    return _observer(journal, study.plan, as_supposed(study).analysis)


def as_supposed(study: Study) -> Study:
    """Return a scenario under the supposed figures, without anything adopted from a journal."""
    adopted = study.state.adopted
    state = replace(study.state, adopted=AdoptedHypotheses())
    return replace(study, analysis=study.analysis.leaving(adopted), state=state)


@lru_cache(maxsize=4)
def _observer(journal: Journal, plan: Plan, analysis: Analysis) -> Observer:
    times = analysis.times
    zone_of = dict(plan.zone_by_lycee)

    def minutes(origin: str, destination: str) -> float:
        return times.one_way.get(origin, {}).get(destination, float("nan"))

    return Observer(facts_of(journal, zone_of), minutes)


def recorded(study: Study, observed: Observer) -> frozenset[str]:
    """Return the sectors (ids) with rows in the journal."""
    held = (lycee for lycee in observed.recorded if lycee in study.plan.zone_by_lycee)
    return frozenset(study.plan.zone_of(lycee).sector for lycee in held)


def area_costs(study: Study, area: Area, sectors: frozenset[str]) -> tuple[YearlyCost, ...]:
    """Return the yearly costs of an area: of each of some sectors (ids) for the whole."""
    if area.kind == "region":
        return tuple(study.cost(sector=sector) for sector in sorted(sectors))
    return (study.cost(**{area.kind: area.key}),)


def expected(study: Study, area: Area) -> Mapping[str, float]:
    """Return the tool's expectation of each figure; figures that it does not model are left out."""
    study = as_supposed(study)
    teams, cost = study.settings.teams, study.settings.cost
    lycees = study.territory.lycees
    needs = [study.teams.need(lycees[key]).half_days for key in area.lycees]
    values = {
        "visits_per_month": cost.visits_per_month,
        "absence_rate": teams.absence_rate,
        "absence_days": teams.absence_days,
        "tis_visits": teams.tis_visits,
        "tis_minutes": teams.tis_minutes,
        "drive_ratio": 1.0,
    }
    if needs:
        values["presence"] = sum(needs) / len(needs)
    share, minutes = _covers(study, area)
    if share is not None:
        values["cover_share"] = share
    if minutes is not None:
        values["cover_minutes"] = minutes
    return values


def _covers(study: Study, area: Area) -> tuple[float | None, float | None]:
    """Return the share of missed half-days that posts cover, and the median minutes of covers."""
    if area.kind == "lycee":
        return None, None
    plan = study.plan
    zones = {plan.zone_of(lycee).id for lycee in area.lycees}
    held = [zone for zone in sorted(zones) if study.teams.of_zone(zone)]
    if not held:
        return None, None
    single = study.analysis.covers.standing(plan, study.teams, held, None).single
    if single is None or not single.missed:
        return None, None
    reached = single.median is not None and math.isfinite(single.median)
    return 1 - single.uncovered / single.missed, single.median if reached else None


def figures_json(observed: Observed, expects: Mapping[str, float]) -> dict[str, object]:
    """Return the figures in the format of the command line's JSON."""
    answer: dict[str, object] = {}
    for figure in FIGURES:
        estimate = observed.estimates[figure.key]
        answer[figure.key] = {
            "value": None if estimate is None else estimate.value,
            "low": None if estimate is None else estimate.low,
            "high": None if estimate is None else estimate.high,
            "count": 0 if estimate is None else estimate.count,
            "expected": expects.get(figure.key),
        }
    return answer
