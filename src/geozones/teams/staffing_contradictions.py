"""Diagnosis of needs that no posts can meet: contradictions with figures, before any search."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from geozones.common.french import minutes, plural
from geozones.domain.teams import FREE, capacity, slot_name
from geozones.domain.terms import terms
from geozones.teams.staffing_problem import PostGroup, StaffingProblem


def contradictions(problem: StaffingProblem) -> tuple[str, ...]:
    """Return why no grid can meet needs, settings and locks, in French; empty if none is known."""
    return (
        *_too_much(problem),
        *_too_few_known(problem),
        *_too_rare(problem),
        *_cut_off(problem),
        *_locks(problem),
    )


def _too_much(problem: StaffingProblem) -> Iterator[str]:
    settings, total = problem.options.settings, sum(problem.needs)
    each = capacity(problem.options.share, 2 * problem.options.days)
    kept = sum(group.count for group in problem.groups)
    given = sum(group.count * group.most for group in problem.groups)
    most = given + max(settings.max_posts - kept, 0) * each
    if total > most:
        yield (
            f"La zone demande {total} demi-journées par semaine ; "
            f"{_give(max(settings.max_posts, kept), 'poste', 'postes')} que {most} : baissez les "
            "besoins ou permettez plus de postes."
        )
    if kept > total:
        yield (
            f"{plural(kept, 'poste')} à garder pour {plural(total, 'demi-journée')} de besoin : "
            "chacun doit en avoir une au moins."
        )


def _give(count: int, one: str, several: str) -> str:
    """Return « 3 postes au plus n'en donnent », with the verb in number."""
    return f"{plural(count, one, several)} au plus n'en {'donne' if count < 2 else 'donnent'}"


def _too_few_known(problem: StaffingProblem) -> Iterator[str]:
    """Yield the lycées whose need exceeds the most that ``max_known`` T.I.P. can give."""
    who = terms().proximity_technician
    most, week = problem.options.settings.max_known, 2 * problem.options.days
    for lycee, need in zip(problem.lycees, problem.needs, strict=True):
        if need > most * week:
            yield (
                f"{problem.name(lycee)} : {plural(need, 'demi-journée')} par semaine ; "
                f"{_give(most, who.singular, who.plural)} que {most * week} : baissez ce besoin "
                f"ou permettez plus {who.of_plural} par {terms().site}."
            )


def _too_rare(problem: StaffingProblem) -> Iterator[str]:
    gap = problem.options.settings.gap_days
    for lycee, need, visits in zip(problem.lycees, problem.needs, problem.visits, strict=True):
        if need < visits:
            yield (
                f"{problem.name(lycee)} : {plural(need, 'demi-journée')} par semaine ; "
                f"il en faut {visits} pour {plural(gap, 'jour')} de suite sans personne au plus. "
                f"Relevez ce besoin ou la limite de jours."
            )


def _cut_off(problem: StaffingProblem) -> Iterator[str]:
    """Yield the lycées with a need but no travel times."""
    for lycee, need in zip(problem.lycees, problem.needs, strict=True):
        if need > 0 and lycee not in problem.times.one_way:
            yield f"{problem.name(lycee)} n'a aucun temps de trajet : recalculez la matrice."


def _locks(problem: StaffingProblem) -> Iterator[str]:
    held: Counter[str] = Counter()
    for group in problem.groups:
        if group.post is None:
            continue
        yield from _grid_locks(problem, group)
        held.update(c for c in (group.locks or {}).values() if c is not None and c != FREE)
    needs = dict(zip(problem.lycees, problem.needs, strict=True))
    for lycee, count in sorted(held.items()):
        if lycee in needs and count > needs[lycee]:
            held_there = plural(count, "demi-journée verrouillée", "demi-journées verrouillées")
            yield (
                f"{problem.name(lycee)} : {held_there} pour un besoin de {needs[lycee]} : levez "
                "un verrou ou relevez le besoin."
            )


def _grid_locks(problem: StaffingProblem, group: PostGroup) -> Iterator[str]:
    locks = dict(group.locks or {})
    known = {*problem.lycees, FREE, None}
    for slot, cell in locks.items():
        if cell not in known:
            yield (
                f"La demi-journée verrouillée du {slot_name(slot)} est à "
                f"{problem.name(str(cell))}, qui n'est plus dans la zone : réparez d'abord la "
                "grille."
            )
    worked = sum(cell is not None and cell != FREE for cell in locks.values())
    if worked > group.most:
        yield (
            f"Un poste a {worked} demi-journées verrouillées et n'en travaille que {group.most}."
        )
    limit = problem.options.settings.split_minutes
    for slot, other in pairwise(sorted(locks)):
        first, second = locks[slot], locks[other]
        if slot % 2 or other != slot + 1 or first == second:
            continue
        if first in problem.lycees and second in problem.lycees:
            drive = problem.times.one_way[str(first)][str(second)]
            if drive > limit:
                yield (
                    f"Verrous du {slot_name(slot)} et de l'après-midi : {problem.name(str(first))} "
                    f"et {problem.name(str(second))} sont à {minutes(drive)}, pour "
                    f"{minutes(limit)} permises dans une journée."
                )
