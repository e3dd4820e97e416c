"""Sentences that summarise the yearly costs of a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from geozones.common.french import listing, minutes, number, plural
from geozones.domain import Plan
from geozones.domain.terms import has_organisation, terms
from geozones.domain.yearly_cost import CostInterval, YearlyCost, sum_costs
from geozones.metrics.metric import whole_hours
from geozones.teams.checker import unshared_lycees
from geozones.workspace.figures.costs import DRAWS
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.atlas import is_delivered_territory

#: Share of zones of the shipped plan within a tenth of simulated years with the weeks that the tool
#: proposes: ``tests/cost/test_simulated_years.py``.
CLOSED_FORM_ACCURACY = (
    "L'estimation est à 10 % près de 400 années simulées dans 25 des 32 zones pour la route, dans "
    "29 pour la présence. Les plus loin : Les Sables-d'Olonne et Mayenne – Évron – Sillé, près "
    "d'un quart de route en trop peu."
)
#: The same on another territory, none of whose zones was simulated.
_NOT_COMPARED = "Sur ce territoire, l'estimation n'a pas été comparée à une année simulée."
#: Fewest zones of the same size for their mean to be shown.
_FEWEST = 2


def hours_a_lycee(cost: YearlyCost) -> float:
    """Return the yearly cost per lycée, in hours."""
    return cost.total_hours / cost.lycees if cost.lycees else 0.0


def cost_sentences(study: Study, zones: Sequence[str]) -> tuple[str, ...]:
    """Describe the cost per lycée of some zones (ids): extremes, and means by zone size."""
    costs = {zone: study.cost(zone_id=zone) for zone in zones}
    if not costs or not all(isfinite(cost.total_hours) for cost in costs.values()):
        return ()
    whole = sum_costs(costs.values(), study.settings)
    each = hours_a_lycee(whole)
    sentences = [f"Par {terms().site} et par an : {_hours(each)}."]
    if len(costs) > 1:
        ranked = sorted(costs, key=lambda zone: hours_a_lycee(costs[zone]))
        least, most = (
            f"{study.plan.zone(zone).name} ({_hours(hours_a_lycee(costs[zone]))} par "
            f"{terms().site})"
            for zone in (ranked[0], ranked[-1])
        )
        sentences.append(f"La zone la plus chère : {most} ; la moins chère : {least}.")
    return (*sentences, *_by_status(study, costs), *_by_size(study, list(costs.values())))


def interval_sentences(interval: CostInterval) -> tuple[str, ...]:
    """Describe the uncertainty of a cost; empty if it is unknown."""
    figures = (interval.total_hours, interval.road_hours, interval.unattended_hours)
    if not all(isfinite(end) for ends in figures for end in ends):
        return ()
    total, road, without = (_between(*ends) for ends in figures)
    drawn = (
        f"Huit fois sur dix, le coût est {total} : route {road}, sans {terms().technician} "
        f"{without}, quand les durées, les absences, les visites et les besoins varient "
        f"({DRAWS} calculs, à nombre de postes égal)."
    )
    unstaffed = _unstaffed(*interval.unstaffed_hours)
    return (drawn, *unstaffed, CLOSED_FORM_ACCURACY if is_delivered_territory() else _NOT_COMPARED)


def posts_text(study: Study, sector_id: str | None = None, zone_id: str | None = None) -> str:
    """Say between how many whole posts an area needs if needs vary; empty if always as many."""
    low, high = study.posts_range(sector_id=sector_id, zone_id=zone_id)
    if low == high:
        return ""
    return f"de {number(low)} à {number(high)} si les besoins varient de 10 %"


def least_covered(study: Study, zones: Sequence[str]) -> str:
    """Name the zone of several that absorbs the least of its absences, with its share."""
    shares = {zone: study.cost(zone_id=zone).absorbed_share for zone in zones}
    known = {zone: share for zone, share in shares.items() if share is not None}
    if len(known) < _FEWEST:
        return ""
    zone = min(known, key=lambda key: (known[key], key))
    return f"la zone la moins couverte : {study.plan.zone(zone).name}, {number(known[zone])} %"


def _unstaffed(low: float, high: float) -> tuple[str, ...]:
    """Say how many hours of needs would have no post if needs vary; empty under one hour."""
    if round(high) < 1:
        return ()
    told = (
        f"Les besoins sans poste vont de {number(low)} à {_hours(high)} si les besoins varient. "
        "Ils dépendent de l'arrondi à des postes entiers, non de la carte : cet intervalle ne les "
        "compte pas."
    )
    return (told,)


def written_total(cost: YearlyCost) -> float:
    """Return the yearly hours of a cost: the sum of their parts, each as it is written."""
    keys = ("total_hours", "road_hours", "unattended_hours", "unstaffed_hours")
    values: dict[str, float] = {key: getattr(cost, key) for key in keys}
    return whole_hours(values).get("total_hours", cost.total_hours)


def beside_sentences(study: Study, cost: YearlyCost, zones: Sequence[str]) -> tuple[str, ...]:
    """Describe the hours that stand beside a cost, and the cost of the grids if there are some."""
    beside = (
        f"Heures hors du coût : {_hours(cost.reduced_hours)} d'effectif réduit, "
        f"{_hours(cost.displaced_hours)} déplacées."
    )
    sentences = [beside]
    experts, centre = terms().sector_technician.plural, terms().support_centre
    if cost.tis_hours is not None:
        sentences.append(f"Route des {experts}, hors du coût : {_hours(cost.tis_hours)}.")
    if has_organisation() and (without := cost.unknown.get("tis", 0)):
        sentences.append(
            f"Route des {experts} non renseignée dans {plural(without, 'zone')} : leur secteur n'a "
            f"pas {centre.of} nommé."
        )
    grids = study.grid_cost(zones)
    if grids is not None and zones:
        sentences.append(
            f"Avec les semaines des postes définis ici ({plural(grids.posts, 'poste')}), le coût "
            f"est de {_hours(written_total(grids))} : {_hours(grids.road_hours)} de route, "
            f"{_hours(grids.unattended_hours)} sans {terms().technician}."
        )
    else:
        sentences.append(
            "Nombre de postes : besoins divisés par 10, arrondis à l'entier supérieur dans chaque "
            "zone."
        )
    return tuple(sentences)


@dataclass(frozen=True, slots=True)
class UnsharedLycees:
    """Lycées (ids) of some zones that their posts share with no other: exceptions to sharing.

    ``new`` are those that share their posts in the plan in force.
    """

    every: tuple[str, ...]
    new: tuple[str, ...]


def unshared_in(study: Study, zones: Sequence[str]) -> UnsharedLycees:
    """Return the lycées of some zones (ids) that are too remote to share a post."""
    every = [lycee for zone in zones for lycee in _unshared(study, study.plan, zone)]
    before = study.reference
    known = {
        zone
        for lycee in every
        if (zone := (before.zone_of(lycee).id if lycee in before.zone_by_lycee else None))
    }
    already = {lycee for zone in known for lycee in _unshared(study, before, zone)}
    return UnsharedLycees(tuple(every), tuple(lycee for lycee in every if lycee not in already))


def _unshared(study: Study, plan: Plan, zone: str) -> tuple[str, ...]:
    members = [lycee for lycee in plan.members(zone) if lycee in study.times.origin_index]
    return unshared_lycees(members, study.times, study.settings.teams.shared_minutes)


def sharing_sentences(study: Study, zones: Sequence[str]) -> tuple[str, ...]:
    """Describe the lycées too remote to share a post: they are exceptions, with less road."""
    found = unshared_in(study, zones)
    if not found.every:
        return ()
    reach, site = minutes(study.settings.teams.shared_minutes), terms().site
    names = listing([study.name(lycee) for lycee in found.every])
    one = len(found.every) == 1
    zone, posts = ("sa zone", "ses postes") if one else ("leur zone", "leurs postes")
    sentence = (
        f"À plus de {reach} de tout autre {site} de {zone} : {names}. Par exception, "
        f"{posts} n'y sont pas partagés, et le coût ne compte pas cette route."
    )
    if not found.new:
        return (sentence,)
    new = listing([study.name(lycee) for lycee in found.new])
    word = "Exception nouvelle" if len(found.new) == 1 else "Exceptions nouvelles"
    return (sentence, f"{word} : {new}.")


def _by_status(study: Study, costs: Mapping[str, YearlyCost]) -> tuple[str, ...]:
    """Describe the mean cost of a lycée by status of its sector, if there are several."""
    groups: dict[str, list[YearlyCost]] = {}
    for zone, cost in costs.items():
        status = study.decisions.sector(study.plan.zone(zone).sector)
        groups.setdefault(status.label, []).append(cost)
    if len(groups) < 2:
        return ()
    parts = [
        f"{_hours(hours_a_lycee(sum_costs(group, study.settings)))} en secteur {label}"
        for label, group in groups.items()
    ]
    return (f"Par {terms().site}, selon le statut de son secteur : {listing(parts)}.",)


def _by_size(study: Study, costs: Sequence[YearlyCost]) -> tuple[str, ...]:
    """Describe the mean cost of a lycée by zone size, if several sizes have enough zones."""
    sizes: dict[int, list[YearlyCost]] = {}
    for cost in costs:
        sizes.setdefault(cost.lycees, []).append(cost)
    known = {size: group for size, group in sorted(sizes.items()) if len(group) >= _FEWEST}
    if len(known) < 2:
        return ()
    parts = [
        f"{_hours(hours_a_lycee(sum_costs(group, study.settings)))} dans les {len(group)} zones "
        f"de {size}"
        for size, group in known.items()
    ]
    sentence = (
        f"Par {terms().site}, selon la taille de sa zone : {listing(parts)}. Ces zones ne sont pas "
        "au même "
        "endroit : la taille n'explique pas tout l'écart."
    )
    return (sentence,)


def _between(low: float, high: float) -> str:
    if round(high) < 1:
        return "de moins d'une heure"
    return f"entre {number(low)} et {number(high)}\u00a0h"


def _hours(value: float) -> str:
    return f"{number(value)}\u00a0h"
