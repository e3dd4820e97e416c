"""What no plan can respect, found before solving and told with names and numbers."""

from itertools import combinations
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.domain.french import listing, minutes, number, of, plural
from geozones.optimize.candidates import Candidates
from geozones.optimize.clashes import Clash, clashes, compatible_pairs
from geozones.optimize.problem import NONE, Problem

#: Sentences shown at most.
_MOST = 5


def contradictions(problem: Problem) -> tuple[str, ...]:
    """Tell what the options ask that cannot be together; found before any candidate is made."""
    found = [*_across(problem), *_of_groups(problem), *_of_sizes(problem), *_of_locks(problem)]
    within_reach = compatible_pairs(problem).sum(axis=1)
    too_few = np.flatnonzero(within_reach < problem.options.size_min - 1)
    return (*found[:_MOST], *_alone(problem, too_few))


def left_out(problem: Problem, candidates: Candidates) -> tuple[str, ...]:
    """Tell which lycées no candidate zone holds, and why."""
    return _alone(problem, np.flatnonzero(~candidates.covered()))


def _alone(problem: Problem, alone: NDArray[np.int64]) -> tuple[str, ...]:
    """Tell why some lycées fit no zone."""
    if not len(alone):
        return ()
    known = clashes(problem)
    sentences = [_why_alone(problem, known, int(lycee)) for lycee in alone[:_MOST]]
    if len(alone) > _MOST:
        others = plural(len(alone) - _MOST, "autre lycée", "autres lycées")
        sentences.append(f"Il en va de même pour {others}.")
    return tuple(sentences)


def sizes_text(problem: Problem) -> str:
    """Write the sizes allowed: ``3``, ``3 à 5``."""
    low, high = problem.options.size_min, problem.options.size_max
    return f"{low}" if low == high else f"{low} à {high}"


def _across(problem: Problem) -> list[str]:
    """Tell which pairs cannot be had because one of the two may not move."""
    found = []
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
            found.append(
                f"Impossible de {verb} {both} : {listing(stuck)} {cannot} "
                "(zone verrouillée ou hors du périmètre)."
            )
    return found


def _of_groups(problem: Problem) -> list[str]:
    """Tell which groups are too big, or have two lycées that may not share a zone."""
    found = []
    known = clashes(problem)
    for group in problem.groups:
        names = listing([problem.name(problem.lycees[lycee]) for lycee in group])
        if len(group) > problem.options.size_max:
            found.append(
                f"{names} doivent rester ensemble, soit {plural(len(group), 'lycée')} : une zone "
                f"en a {number(problem.options.size_max)} au plus."
            )
        for first, second in combinations(group, 2):
            reasons = [clash.says(first, second) for clash in known if clash.holds[first, second]]
            if reasons:
                found.append(
                    f"{names} doivent rester ensemble (paires ou verrous), mais {reasons[0]}."
                )
                break
    return found


def _of_sizes(problem: Problem) -> list[str]:
    """Tell where lycées cannot be split into zones of the sizes and number allowed."""
    low, high = problem.options.size_min, problem.options.size_max
    found, fewest, most = [], 0, 0
    for place, count in _blocks(problem):
        least, largest = -(-count // high), count // low
        fewest, most = fewest + least, most + largest
        if least > largest:
            found.append(
                f"{place} a {plural(count, 'lycée')} à répartir : cela ne se partage pas en zones "
                f"de {sizes_text(problem)}."
            )
    wanted = problem.options.zone_count
    kept = len(problem.kept)
    if not found and wanted is not None and not fewest + kept <= wanted <= most + kept:
        found.append(
            f"{plural(problem.size, 'lycée')} en zones de {sizes_text(problem)} font de "
            f"{fewest + kept} à {most + kept} zones (zones verrouillées comprises), pas {wanted}."
        )
    return found


def _of_locks(problem: Problem) -> list[str]:
    """Tell where more zones must be than there may be."""
    wanted = problem.options.zone_count
    if wanted is None:
        return []
    found = []
    zones = sorted({*problem.held.tolist()} - {NONE})
    names = [problem.plan.zone(problem.zones[zone]).name for zone in zones]
    names += [problem.plan.zone(zone).name for zone in problem.kept]
    if len(names) > wanted:
        found.append(
            f"{plural(len(names), 'zone')} ont des lycées verrouillés ({listing(names)}), plus que "
            f"{plural(wanted, 'zone voulue', 'zones voulues')}."
        )
    sectors = sorted({*problem.pinned.tolist()} - {NONE})
    if not found and len(sectors) > wanted - len(problem.kept):
        names = [problem.plan.sector(problem.sectors[sector]).name for sector in sectors]
        found.append(
            f"Il faut une zone au moins dans chacun des secteurs {listing(names)} (centre support "
            f"ou verrou), et {plural(wanted, 'zone voulue', 'zones voulues')} n'y suffisent pas."
        )
    return found


def _blocks(problem: Problem) -> list[tuple[str, int]]:
    """Count the lycées that may mix: by sector, or all of them."""
    if problem.options.change_sector:
        return [("Le périmètre", problem.size)]
    counts = np.bincount(problem.sector_of, minlength=len(problem.sectors)).tolist()
    return [
        (f"Le secteur {problem.plan.sector(sector).name}", count)
        for sector, count in zip(problem.sectors, counts, strict=True)
    ]


def _why_alone(problem: Problem, known: tuple[Clash, ...], lycee: int) -> str:
    """Tell why one lycée fits no zone."""
    name = problem.name(problem.lycees[lycee])
    cap = problem.options.max_minutes
    under = "" if cap is None else f" sous {minutes(cap)}"
    zone = f"aucune zone de {sizes_text(problem)}{under}"
    possible = np.arange(problem.size) != lycee
    for clash in known:
        if not clash.of_minutes:
            possible &= ~clash.holds[lycee]
    nearest = float(np.min(problem.minutes[lycee], where=possible, initial=inf))
    if not possible.any():
        return f"{name} ne peut partager sa zone avec aucun lycée : {zone}."
    if nearest == inf:
        return f"Aucun trajet connu ne mène {of(name)} à un lycée qu'il peut rejoindre : {zone}."
    if cap is not None and nearest > cap:
        return f"{name} est à {minutes(nearest)} du plus proche lycée : {zone}."
    near = np.flatnonzero(compatible_pairs(problem)[lycee])
    if len(near) < problem.options.size_min - 1:
        names = listing([problem.name(problem.lycees[other]) for other in near])
        return f"{name} n'a que {plural(len(near), 'lycée')} à sa portée ({names}) : {zone}."
    return f"Autour {of(name)}, {plural(len(near), 'lycée')} à sa portée, mais {zone}."
