"""Smallest sets of rules to lift when no plan respects all of them."""

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from geozones.common.french import listing
from geozones.domain.proof_status import ProofStatus
from geozones.domain.proposal_rules import RULES
from geozones.workspace.proposals.solve import constrained, propose
from geozones.workspace.rankings import HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import PartitionOptions
    from geozones.optimize.search_monitor import Progress

#: Time limit of a search without some rules, in seconds.
_SECONDS = 5.0
_FOUND = {ProofStatus.OPTIMAL, ProofStatus.FEASIBLE}


def rules_to_lift(
    study: Study,
    options: "PartitionOptions",
    objective: str = HOURS,
    progress: "Progress | None" = None,
) -> dict[tuple[str, ...], str] | None:
    """Return the fewest rules to lift for a plan to exist: French names by rule keys.

    Every smallest set of rules is returned; none if lifting all rules is proven to give no plan
    either. ``None`` if no plan was found and none is proven impossible, since a search was stopped
    or too large. Parameters are as in `propose`.
    """
    from geozones.optimize.candidates import TooManyCandidatesError  # noqa: PLC0415 - the solver

    asked = constrained(study, options, objective)
    imposed = [rule for rule in RULES if asked.imposes(rule)]

    def status_without(lifted: tuple[str, ...]) -> ProofStatus:
        seconds = min(options.time_limit or _SECONDS, _SECONDS)
        lifting = {*options.without, *lifted}
        freed = replace(options, robust="", without=lifting, time_limit=seconds)
        try:
            return propose(study, freed, progress, objective=objective).status
        except TooManyCandidatesError:
            return ProofStatus.UNKNOWN

    every = tuple(imposed)
    without_any = status_without(every) if imposed else ProofStatus.INFEASIBLE
    if without_any is ProofStatus.INFEASIBLE:
        return {}
    # A search without every rule is the largest: fewer rules may have a plan although it failed.
    for count in range(1, len(imposed)):
        sets = [rules for rules in combinations(every, count) if status_without(rules) in _FOUND]
        if sets:
            break
    else:
        sets = [every] if without_any in _FOUND else []
    named = {rules: listing([f"« {asked.label(rule)} »" for rule in rules]) for rules in sets}
    return named or None
