"""Diagnosis of options that no plan can respect, and the rule to lift, in French."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import listing, minutes
from geozones.domain.proposal_conditions import OF_ZONES, ONE_PIECE, POSTS, RELEVE, RULES, THRESHOLD
from geozones.domain.terms import terms
from geozones.domain.zone_costs import CostsByName
from geozones.optimize.candidates import Candidates, whole_groups
from geozones.optimize.highs_programs import first_columns, relax
from geozones.optimize.model import build_model
from geozones.optimize.plan_bounds import compatible_pairs, incompatibilities, right_hand_side
from geozones.optimize.problem import PartitionProblem
from geozones.optimize.resources import Resource
from geozones.optimize.result import SearchMonitor
from geozones.optimize.zone_rules import SAME_MINUTES, slowest_releve


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


type _Sets = list[NDArray[np.uint16]]


def forced_faults(problem: PartitionProblem) -> list[str]:
    """Return why the forced choices are impossible, in French sentences; empty if they may be."""
    sentences = []
    for lycee, zone in sorted(problem.options.placed):
        why = _not_placed(problem, lycee, zone)
        if why:
            name = problem.plan.zone(zone).name
            sentences.append(f"{problem.name(lycee)} ne peut pas être dans la zone {name} : {why}")
    for wanted in sorted(problem.options.made):
        why = _not_made(problem, wanted)
        if why:
            names = listing([problem.name(lycee) for lycee in wanted])
            sentences.append(f"{names} ne peuvent pas faire une zone : {why}")
    return sentences or _at_odds(problem)


def _not_placed(problem: PartitionProblem, lycee: str, zone: str) -> str:
    """Return why a lycée (id) cannot be in a zone (id); empty if it can."""
    stays = problem.plan.zone_by_lycee[lycee] == zone
    if stays and lycee not in problem.index:
        return ""
    others = problem.others_of(zone, lycee)
    empty = "" if stays or others else f"elle n'a pas d'autre {terms().site}."
    refused = _refused(problem, lycee, zone) or empty
    if refused:
        return refused
    number = problem.index[lycee]
    core = [problem.index[other] for other in others]
    bases = [
        (number, *half)
        for count in range(-(-len(core) // 2), len(core) + 1)
        for half in combinations(core, count)
    ]
    return _no_set(problem, bases, [(number, other) for other in core])


def _refused(problem: PartitionProblem, lycee: str, zone: str) -> str:
    """Return the lock, scope or sector that keeps a lycée (id) out of a zone (id)."""
    plan, options = problem.plan, problem.options
    now, home = plan.zone_of(lycee), plan.sector_of(lycee)
    there = plan.sector(plan.zone(zone).sector)
    if lycee not in problem.index:
        return _still(problem, lycee)
    if lycee in options.held_lycees and now.id != zone:
        return _held(problem, lycee)
    he = terms().site.agreeing("il", "elle")
    if home != there and home.support_centre == lycee:
        return f"{he} est {terms().support_centre.the} du secteur {home.name} et y reste."
    if home != there and not options.change_sector:
        him = terms().site.agreeing("lui", "elle")
        return (
            f"elle est du secteur {there.name}, et {him} du secteur {home.name}. Permettez de "
            "changer de secteur."
        )
    if zone in problem.zones:
        return ""
    kept = zone in options.locked_zones
    return "elle est verrouillée." if kept else "elle est hors des secteurs à revoir."


def _held(problem: PartitionProblem, lycee: str) -> str:
    """Return why a lycée (id) stays in its zone: a lock, or the posts of the zone."""
    zone = problem.plan.zone_of(lycee).name
    if lycee in problem.options.locked_lycees:
        he, e = terms().site.agreeing("il", "elle"), terms().site.e
        return f"{he} est verrouillé{e} dans la zone {zone}."
    post = terms().proximity_technician
    return f"{post.a} de la zone {zone} y est attendu{post.e}. {lift_text(problem, POSTS)}"


def _not_made(problem: PartitionProblem, members: tuple[str, ...]) -> str:
    """Return why a zone cannot have exactly some lycées (ids); empty if it can."""
    kept = {problem.plan.zone_by_lycee[lycee] for lycee in members}.difference(problem.zones)
    if len(kept) == 1 and problem.plan.members(min(kept)) == members:
        return ""
    for lycee in members:
        if lycee not in problem.index:
            return f"{problem.name(lycee)} : {_still(problem, lycee)}"
    low, high = problem.options.size_min, problem.options.size_max
    if not low <= len(members) <= high:
        return f"elle aurait {terms().site.counted(len(members))}, une zone en a de {low} à {high}."
    zone = tuple(problem.index[lycee] for lycee in members)
    for group in problem.groups:
        left = set(group).difference(zone)
        if 0 < len(left) < len(group):
            names = listing([problem.name(problem.lycees[other]) for other in sorted(left)])
            them = terms().site.agreeing("eux", "elles")
            return f"{names} doit être avec {them} (paires ou verrous)."
    return _no_set(problem, [zone], list(combinations(zone, 2)), alone=True)


def _still(problem: PartitionProblem, lycee: str) -> str:
    """Return why a lycée (id) may not move."""
    zone = problem.plan.zone_of(lycee)
    if zone.id in problem.options.locked_zones:
        return f"sa zone, {zone.name}, est verrouillée."
    return f"{terms().site.agreeing('il', 'elle')} est hors des secteurs à revoir."


def _at_odds(problem: PartitionProblem) -> list[str]:
    """Return the pairs of choices that contradict each other."""
    placed = sorted(problem.options.placed)
    for (first, zone), (other, target) in combinations(placed, 2):
        if first == other:
            names = " et dans ".join(problem.plan.zone(one).name for one in (zone, target))
            return [f"{problem.name(first)} ne peut pas être à la fois dans {names}."]
    for one, two in combinations(sorted(problem.options.made), 2):
        both = sorted(set(one).intersection(two))
        if both:
            names = listing([problem.name(lycee) for lycee in both])
            return [f"Deux zones imposées ont en commun {names}."]
    return []


def _no_set(
    problem: PartitionProblem,
    bases: list[tuple[int, ...]],
    pairs: list[tuple[int, int]],
    *,
    alone: bool = False,
) -> str:
    """Return why no zone may have all lycées of one of some bases; empty if a zone may.

    Parameters
    ----------
    pairs
        Pairs of lycées whose incompatibilities the message names.
    alone
        Whether other lycées may not join them.
    """
    if next(_sets(problem, bases, alone=alone), None) is not None:
        return ""
    sentence = [
        reason.says(first, second)
        for first, second in pairs
        for reason in incompatibilities(problem)
        if reason.holds[first, second]
    ][:2]
    lifted = _enough(problem, bases, alone=alone)
    sentence += [
        _measured(problem, rule, sets)
        for rules, sets in lifted.items()
        for rule in rules
        if rule != THRESHOLD
    ]
    why = " ; ".join(dict.fromkeys(sentence)) or "aucune zone permise ne les réunit"
    ways = [listing([f"« {problem.options.label(rule)} »" for rule in rules]) for rules in lifted]
    several = any(len(rules) > 1 for rules in lifted)
    return (
        f"{why}. {'Règles' if several else 'Règle'} à lever : {' ; ou '.join(ways)}."
        if ways
        else f"{why}."
    )


def _enough(
    problem: PartitionProblem, bases: list[tuple[int, ...]], *, alone: bool
) -> dict[tuple[str, ...], _Sets]:
    """Return the fewest rules to lift to allow some zone, and the zones then allowed."""
    imposed = [rule for rule in OF_ZONES if problem.options.imposes(rule)]
    for count in range(1, len(imposed) + 1):
        found = {
            rules: list(_sets(_without(problem, *rules), bases, alone=alone))
            for rules in combinations(imposed, count)
        }
        enough = {rules: sets for rules, sets in found.items() if sets}
        if enough:
            return enough
    return {}


def _measured(problem: PartitionProblem, rule: str, sets: _Sets) -> str:
    """Return the best value of the zones that one rule alone forbids, in French."""
    if rule == ONE_PIECE:
        return f"{terms().site.agreeing('ils', 'elles')} ne se touchent pas sur la carte"
    table = problem.zone_rules.one_way
    best = min(float(slowest_releve(table, members).min()) for members in sets)
    return f"la relève la plus lente y serait de {minutes(best)} au mieux"


def _without(problem: PartitionProblem, *rules: str) -> PartitionProblem:
    options = problem.options
    return replace(problem, options=replace(options, without={*options.without, *rules}))


def _sets(
    problem: PartitionProblem, bases: list[tuple[int, ...]], *, alone: bool
) -> Iterator[NDArray[np.uint16]]:
    """Yield the allowed zones with all lycées of one of some bases, size by size."""
    compatible = compatible_pairs(problem)
    for size in range(problem.options.size_min, problem.size_max + 1):
        rows = {row for base in bases for row in _joined(compatible, base, size, alone=alone)}
        if not rows:
            continue
        members = np.array(sorted(rows), np.uint16)
        members = members[whole_groups(problem, members)]
        members = members[problem.permit(members)]
        members = members[np.isfinite(problem.zone_costs.of(members))]
        if len(members):
            yield members


def _joined(
    compatible: NDArray[np.bool_], base: tuple[int, ...], size: int, *, alone: bool
) -> Iterator[tuple[int, ...]]:
    """Yield the zones of a size that contain a base, all pairwise compatible."""
    if len(base) > size or not all(compatible[a, b] for a, b in combinations(base, 2)):
        return
    near = [] if alone else np.flatnonzero(compatible[list(base)].all(axis=0)).tolist()
    for others in combinations(near, size - len(base)):
        if all(compatible[a, b] for a, b in combinations(others, 2)):
            yield tuple(sorted((*base, *others)))


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
