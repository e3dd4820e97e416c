"""Diagnosis of lycées that fit no zone under the rules, and the rule to lift, in French."""

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import listing, minutes
from geozones.domain.proposal_rules import ONE_PIECE, RELEVE, RULES
from geozones.domain.terms import terms
from geozones.optimize.problem import PartitionProblem
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
