"""Contradictions between options, found before any search, as messages with names and numbers."""

from dataclasses import replace
from itertools import combinations
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import listing, minutes, number, of, plural
from geozones.domain.proposal_conditions import POSTS, THRESHOLD
from geozones.domain.terms import terms, worded
from geozones.optimize.candidates import Candidates
from geozones.optimize.diagnose_forced import (
    broken_by_locked_zones,
    left_out_by_rules,
    lift_text,
)
from geozones.optimize.plan_bounds import (
    Incompatibility,
    bound_faults,
    compatible_pairs,
    incompatibilities,
)
from geozones.optimize.problem import NONE, PartitionProblem, build_problem, other_sites

#: Most sentences returned.
_MOST = 5


def contradictions(problem: PartitionProblem) -> tuple[str, ...]:
    """Return why no plan can respect the options, in French sentences; empty if none is known."""
    sentences = [
        *_of_fixed_pairs(problem),
        *_of_groups(problem),
        *_of_sizes(problem),
        *_of_locks(problem),
        *broken_by_locked_zones(problem),
        *bound_faults(problem),
    ]
    compatible = compatible_pairs(problem)
    too_few = np.flatnonzero(compatible.sum(axis=1) < problem.options.size_min - 1)
    sentences = [*sentences[:_MOST], *_isolated(problem, too_few)]
    return tuple(sentences or left_out_by_rules(problem, compatible)[:_MOST])


def lycees_without_candidate(problem: PartitionProblem, candidates: Candidates) -> tuple[str, ...]:
    """Return the lycées that are in no candidate and why, in French sentences."""
    return _isolated(problem, np.flatnonzero(~candidates.covered()))


def _isolated(problem: PartitionProblem, alone: NDArray[np.int64]) -> tuple[str, ...]:
    """Return why some lycées (``int[k]``) fit no zone."""
    if not len(alone):
        return ()
    reasons = incompatibilities(problem)
    frees = _rules_that_free(problem)
    sentences = []
    for lycee in alone[:_MOST].tolist():
        lifts = [lift_text(problem, rule) for rule, freed in frees.items() if freed[lycee]]
        sentences.append(" ".join([_why_isolated(problem, reasons, lycee), *lifts]))
    if len(alone) > _MOST:
        others = other_sites(len(alone) - _MOST)
        sentences.append(f"Il en va de même pour {others}.")
    return tuple(sentences)


def _rules_that_free(problem: PartitionProblem) -> dict[str, NDArray[np.bool_]]:
    """Return the lycées (``bool[n]``) that have too few others for a zone only because of a rule.

    By rule in force, among the rules about pairs of lycées.
    """
    options = problem.options
    too_few = compatible_pairs(problem).sum(axis=1) < options.size_min - 1
    frees = {}
    for rule in (THRESHOLD, POSTS):
        if options.imposes(rule):
            lifted = replace(options, without={*options.without, rule})
            free = build_problem(problem.plan, problem.times, lifted, problem.name)
            enough = compatible_pairs(free).sum(axis=1) >= options.size_min - 1
            frees[rule] = too_few & enough
    return frees


def sizes_text(problem: PartitionProblem) -> str:
    """Return the sizes allowed: ``3``, ``3 à 5``."""
    low, high = problem.options.size_min, problem.options.size_max
    return f"{low}" if low == high else f"{low} à {high}"


def _of_fixed_pairs(problem: PartitionProblem) -> list[str]:
    """Return the pairs that cannot be together or apart because one lycée may not move."""
    sentences = []
    zone_of = problem.plan.zone_by_lycee
    for wanted, pairs in ((True, problem.options.together), (False, problem.options.apart)):
        for pair in sorted(pairs):
            if all(lycee in problem.index for lycee in pair):
                continue
            first, second = pair
            if (zone_of[first] == zone_of[second]) is wanted:
                continue
            stuck = [problem.name(lycee) for lycee in pair if lycee not in problem.index]
            cannot = "ne peut pas bouger" if len(stuck) == 1 else "ne peuvent pas bouger"
            both = listing([problem.name(x) for x in pair])
            verb = "réunir" if wanted else "séparer"
            sentences.append(
                f"Impossible de {verb} {both} : {listing(stuck)} {cannot} "
                "(zone verrouillée ou hors du périmètre)."
            )
    return sentences


def _of_groups(problem: PartitionProblem) -> list[str]:
    """Return the groups that are too large, or have two incompatible lycées."""
    sentences = []
    reasons = incompatibilities(problem)
    for group in problem.groups:
        names = listing([problem.name(problem.lycees[lycee]) for lycee in group])
        if len(group) > problem.options.size_max:
            sentences.append(
                f"{names} doivent rester ensemble, soit {terms().site.counted(len(group))} : une "
                f"zone en a {number(problem.options.size_max)} au plus."
            )
        for first, second in combinations(group, 2):
            broken = [reason for reason in reasons if reason.holds[first, second]]
            if broken:
                why = broken[0].says(first, second)
                sentences.append(
                    f"{names} doivent rester ensemble (paires ou verrous), mais {why}."
                )
                break
    return sentences


def _of_sizes(problem: PartitionProblem) -> list[str]:
    """Return where lycées cannot be divided into zones of the allowed sizes and number."""
    low, high = problem.options.size_min, problem.options.size_max
    sentences, fewest, most = [], 0, 0
    for place, count in _blocks(problem):
        least, largest = -(-count // high), count // low
        fewest, most = fewest + least, most + largest
        if least > largest:
            sentences.append(
                f"{place} a {terms().site.counted(count)} à répartir : aucun partage en zones "
                f"de {sizes_text(problem)} n'est possible."
            )
    wanted = problem.options.zone_count
    kept = len(problem.locked)
    if not sentences and wanted is not None and not fewest + kept <= wanted <= most + kept:
        sentences.append(
            f"{terms().site.counted(problem.size)} en zones de {sizes_text(problem)} font de "
            f"{fewest + kept} à {most + kept} zones (zones verrouillées comprises), pas {wanted}."
        )
    return sentences


def _of_locks(problem: PartitionProblem) -> list[str]:
    """Return why more zones are needed than the number asked."""
    wanted = problem.options.zone_count
    if wanted is None:
        return []
    sentences = []
    zones = sorted({*problem.held.tolist()} - {NONE})
    names = [problem.plan.zone(problem.zones[zone]).name for zone in zones]
    names += [problem.plan.zone(zone).name for zone in problem.locked]
    if len(names) > wanted:
        locked = worded("{sites} verrouillé{e_site}s")
        sentences.append(
            f"{plural(len(names), 'zone')} ont des {locked} ({listing(names)}), plus que "
            f"{plural(wanted, 'zone voulue', 'zones voulues')}."
        )
    sectors = sorted({*problem.pinned.tolist()} - {NONE})
    if not sentences and len(sectors) > wanted - len(problem.locked):
        names = [problem.plan.sector(problem.sectors[sector]).name for sector in sectors]
        sentences.append(
            f"Il faut une zone au moins dans chacun des secteurs {listing(names)} "
            f"({terms().support_centre} ou verrou), et "
            f"{plural(wanted, 'zone voulue', 'zones voulues')} n'y suffisent pas."
        )
    return sentences


def _blocks(problem: PartitionProblem) -> list[tuple[str, int]]:
    """Return the blocks in which lycées may mix, with their sizes: sectors, or the whole scope."""
    if problem.options.change_sector:
        return [("Le périmètre", problem.size)]
    counts = np.bincount(problem.sector_of, minlength=len(problem.sectors)).tolist()
    return [
        (f"Le secteur {problem.plan.sector(sector).name}", count)
        for sector, count in zip(problem.sectors, counts, strict=True)
    ]


def _why_isolated(
    problem: PartitionProblem, reasons: tuple[Incompatibility, ...], lycee: int
) -> str:
    """Return why one lycée fits no zone, in a French sentence."""
    name, site = problem.name(problem.lycees[lycee]), terms().site
    he, of_the = site.agreeing("il", "elle"), site.agreeing("du", "de la")
    options = problem.options
    bounds = [options.max_minutes, options.threshold if options.imposes(THRESHOLD) else None]
    cap = min((bound for bound in bounds if bound is not None), default=None)
    under = "" if cap is None else f" sous {minutes(cap)}"
    zone = f"aucune zone de {sizes_text(problem)}{under}"
    possible = np.arange(problem.size) != lycee
    for reason in reasons:
        if not reason.of_minutes:
            possible &= ~reason.holds[lycee]
    nearest = float(np.min(problem.minutes[lycee], where=possible, initial=inf))
    if not possible.any():
        return f"{name} ne peut partager sa zone avec {site.no} : {zone}."
    if nearest == inf:
        return f"Aucun trajet connu ne mène {of(name)} à {site.a} qu'{he} peut rejoindre : {zone}."
    if cap is not None and nearest > cap:
        return f"{name} est à {minutes(nearest)} {of_the} plus proche {site} : {zone}."
    near = np.flatnonzero(compatible_pairs(problem)[lycee])
    if len(near) < problem.options.size_min - 1:
        names = listing([problem.name(problem.lycees[other]) for other in near])
        return f"{name} n'a que {site.counted(len(near))} à sa portée ({names}) : {zone}."
    return f"Autour {of(name)}, {site.counted(len(near))} à sa portée, mais {zone}."
