"""Diagnosis of options that no plan can respect, and the rule to lift, in French."""

from dataclasses import replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import listing, minutes
from geozones.domain.proposal_conditions import ONE_PIECE, RELEVE, RULES
from geozones.domain.terms import terms
from geozones.domain.zone_costs import CostsByName
from geozones.optimize.candidates import Candidates
from geozones.optimize.highs_programs import first_columns, relax
from geozones.optimize.model import build_model
from geozones.optimize.plan_bounds import right_hand_side
from geozones.optimize.problem import PartitionProblem
from geozones.optimize.resources import Resource
from geozones.optimize.result import SearchMonitor
from geozones.optimize.zone_rules import SAME_MINUTES


def left_out_by_rules(problem: PartitionProblem, compatible: NDArray[np.bool_]) -> list[str]:
    """Return the lycées that fit no zone under the rules, and the rule that keeps each out.

    A lycée whose zone may stay unchanged fits that zone.

    Parameters
    ----------
    compatible
        ``bool[n, n]``: which pairs of lycées may share a zone.
    """
    rules = problem.zone_rules
    stays = {lycee for zone in problem.current_zones for lycee in zone}
    sentences = []
    for lycee in sorted(set(range(problem.size)) - stays):
        name = problem.name(problem.lycees[lycee])
        if rules.adjacent is not None:
            around = _reached(lycee, rules.adjacent, compatible[lycee])
            if len(around) < problem.options.size_min:
                sentences.append(
                    f"{name} : avec ses voisins sur la carte, une zone n'a que "
                    f"{terms().site.counted(len(around))}. {lift_text(problem, ONE_PIECE)}"
                )
        if rules.max_releve is not None:
            most = float(rules.max_releve[lycee])
            nearest = rules.one_way[compatible[lycee], lycee].min(initial=np.inf)
            if nearest > most + SAME_MINUTES:
                sentences.append(
                    f"{name} : aucun collègue n'y vient en {minutes(most)} au plus. "
                    f"{lift_text(problem, RELEVE)}"
                )
    return sentences


def rules_text(problem: PartitionProblem) -> str:
    """Return the rules that could be lifted, in a French sentence; empty without rules."""
    options = problem.options
    labels = [f"« {options.label(rule)} »" for rule in RULES if options.imposes(rule)]
    return f"Règles à lever : {listing(labels, 'ou')}." if labels else ""


def _reached(lycee: int, adjacent: NDArray[np.bool_], allowed: NDArray[np.bool_]) -> set[int]:
    """Return the lycées reached from a lycée by allowed neighbours, itself included."""
    around, edge = {lycee}, [lycee]
    while edge:
        near = set(np.flatnonzero(adjacent[edge.pop()] & allowed).tolist()) - around
        around |= near
        edge.extend(near)
    return around


def lift_text(problem: PartitionProblem, rule: str) -> str:
    """Return the rule (of `RULES`) to lift, in a French sentence."""
    return f"Règle à lever : « {problem.options.label(rule)} »."


def broken_by_locked_zones(problem: PartitionProblem) -> list[str]:
    """Return the bounds that the locked zones alone break."""
    sentences = []
    for resource, kept in zip(problem.options.resources, problem.locked_uses, strict=True):
        costs = CostsByName(resource.use, problem.costs.lycees)
        for zone in problem.locked:
            use = costs.of(problem.plan.members(zone))
            if not resource.fits(np.array([use])).all():
                sentences.append(
                    f"La zone verrouillée {problem.plan.zone(zone).name} a "
                    f"{resource.text(use)} ({resource.label}) : {_by_zone(resource)}."
                )
        if not resource.allows(kept) and resource.rule:
            sentences.append(_needed(problem, resource, kept))
        elif not resource.allows(kept):
            sentences.append(
                f"Les zones verrouillées ont déjà {resource.text(kept)} ({resource.label}), plus "
                f"que les {resource.text(resource.most)} permis."
            )
    return sentences


def certain_shortage(problem: PartitionProblem, candidates: Candidates) -> list[str]:
    """Return the totals that no choice of candidates can respect, without a search.

    Each zone divides its use among its lycées: a plan uses at least the sum over lycées of the
    least share in any candidate.
    """
    sentences = []
    for row, (resource, limit) in enumerate(
        zip(problem.options.resources, right_hand_side(problem), strict=True)
    ):
        if limit == inf:
            continue
        least = np.full(problem.size + 1, inf)
        share = candidates.uses[row] / candidates.size
        for lycees in candidates.members:
            np.minimum.at(least, lycees, share)
        total = float(least[:-1].sum()) + problem.locked_uses[row]
        if not resource.allows(total):
            sentences.append(_needed(problem, resource, total))
    return sentences


def shortage(
    problem: PartitionProblem, candidates: Candidates, monitor: SearchMonitor
) -> list[str]:
    """Return the totals that no plan can respect, each taken alone, by the linear relaxation."""
    free = replace(problem, options=replace(problem.options, resources=()))
    sentences = []
    for row, resource in enumerate(problem.options.resources):
        if resource.most == inf:
            continue
        model = build_model(free, candidates)
        model = model.with_cost(candidates.uses[row][model.candidate])
        relaxation = relax(model, first_columns(model, candidates), monitor)
        total = relaxation.bound + problem.locked_uses[row]
        if relaxation.is_feasible and not resource.allows(total):
            sentences.append(_needed(problem, resource, total))
    return sentences


def resources_text(problem: PartitionProblem) -> str:
    """Return the bounds that could be widened, in a French sentence; empty without bounds."""
    bounds = []
    for resource in problem.options.resources:
        if resource.rule:
            continue
        if resource.most < inf:
            bounds.append(f"« {resource.label} : {resource.text(resource.most)} en tout au plus »")
        if resource.least_by_zone > 0 or resource.most_by_zone < inf:
            bounds.append(f"« {resource.label} : {_by_zone(resource)} »")
    return f"Limites à assouplir : {listing(bounds, 'ou')}." if bounds else ""


def _needed(problem: PartitionProblem, resource: Resource, total: float) -> str:
    if resource.rule:
        where = "" if resource.sector is None else problem.plan.sector(resource.sector).name
        return (
            f"Le secteur {where} ne peut pas tenir la règle « {resource.label} » sous ces "
            f"conditions. {lift_text(problem, resource.rule)}"
        )
    return (
        f"{resource.label.capitalize()} : tout découpage en a au moins {resource.text(total)}, et "
        f"{resource.text(resource.most)} au plus sont permis."
    )


def _by_zone(resource: Resource) -> str:
    """Return the bounds on each zone in French."""
    low, high = resource.least_by_zone, resource.most_by_zone
    if high == inf:
        return f"une zone en a {resource.text(low)} au moins"
    if low <= 0:
        return f"une zone en a {resource.text(high)} au plus"
    return f"une zone en a de {resource.text(low)} à {resource.text(high)}"
