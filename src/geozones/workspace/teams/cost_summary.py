"""Sentences that summarise the yearly costs of a plan."""

from collections.abc import Mapping, Sequence
from math import isfinite

from geozones.common.french import listing, number, plural
from geozones.domain.yearly_cost import CostInterval, YearlyCost, sum_costs
from geozones.workspace.costs import DRAWS
from geozones.workspace.study import Study

#: Standard deviation of the closed form against simulated years: ``docs/reference.md``.
_FORMULA_ERROR = "8\u00a0% environ"
#: Fewest zones of the same size for their mean to be shown.
_FEWEST = 2


def hours_a_lycee(cost: YearlyCost) -> float:
    """Return the yearly hours per lycée without T.I.S. visits, which some sectors do not know."""
    if not cost.lycees:
        return 0.0
    return cost.without("tis").total_hours / cost.lycees


def cost_sentences(study: Study, zones: Sequence[str]) -> tuple[str, ...]:
    """Describe the cost per lycée of some zones (ids): extremes, and means by zone size."""
    costs = {zone: study.cost(zone=zone) for zone in zones}
    if not costs or not all(isfinite(cost.total_hours) for cost in costs.values()):
        return ()
    whole = sum_costs(costs.values(), study.settings)
    each = hours_a_lycee(whole)
    lost = whole.unserved_hours / whole.lycees
    mean = (
        f"Par lycée et par an, hors déplacements des T.I.S. : {_hours(each)}, dont {_hours(lost)} "
        "de service perdu."
    )
    sentences = [mean]
    if len(costs) > 1:
        ranked = sorted(costs, key=lambda zone: hours_a_lycee(costs[zone]))
        least, most = (
            f"{study.plan.zone(zone).name} ({_hours(hours_a_lycee(costs[zone]))} par lycée)"
            for zone in (ranked[0], ranked[-1])
        )
        sentences.append(f"La zone la plus chère : {most} ; la moins chère : {least}.")
    return (*sentences, *_by_status(study, costs), *_by_size(study, list(costs.values())))


def interval_sentences(interval: CostInterval, *, defined: bool) -> tuple[str, ...]:
    """Describe the uncertainty of a cost; empty if it is unknown.

    ``defined`` tells that every zone has its posts: the closed form is then not used.
    """
    figures = (interval.total_hours, interval.road_hours, interval.unserved_hours)
    if not all(isfinite(end) for ends in figures for end in ends):
        return ()
    total, road, lost = (f"{number(low)} et {number(high)}\u00a0h" for low, high in figures)
    drawn = (
        f"Huit fois sur dix, le coût est entre {total} : la route entre {road}, le service perdu "
        f"entre {lost} ({DRAWS} tirages des durées, du taux d'absence, des visites et des besoins)."
    )
    if defined:
        return (drawn,)
    formula = (
        f"Là où les postes ne sont pas définis, la formule s'écarte elle-même de {_FORMULA_ERROR} "
        "d'une année simulée."
    )
    return (drawn, formula)


def unknown_sentences(cost: YearlyCost) -> tuple[str, ...]:
    """Describe what a cost leaves out, and what it estimates."""
    sentences = []
    if without := cost.unknown.get("tis", 0):
        sentences.append(
            f"Déplacements des T.I.S. non renseignés dans {plural(without, 'zone')} : leur secteur "
            "n'a pas de centre support publié. Le total ne les compte pas."
        )
    if not cost.defined:
        sentences.append(
            "Là où aucun poste n'est défini, ils sont estimés d'après les besoins, en équivalents "
            "temps plein jamais arrondis."
        )
    return tuple(sentences)


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
    return (f"Par lycée, selon le statut de son secteur : {listing(parts)}.",)


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
        f"Par lycée, selon la taille de sa zone : {listing(parts)}. Ces zones ne sont pas au même "
        "endroit : la taille n'explique pas tout l'écart."
    )
    return (sentence,)


def _hours(value: float) -> str:
    return f"{number(value)}\u00a0h"
