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
) -> dict[tuple[str, ...], str]:
    """Return the fewest rules to lift for a plan to exist: French names by rule keys.

    Every smallest set of rules is returned; none if lifting all rules gives no plan either.
    Parameters are as in `propose`.
    """
    asked = constrained(study, options, objective)
    imposed = [rule for rule in RULES if asked.imposes(rule)]

    def has_plan(lifted: tuple[str, ...]) -> bool:
        seconds = min(options.time_limit or _SECONDS, _SECONDS)
        lifting = {*options.without, *lifted}
        freed = replace(options, robust="", without=lifting, time_limit=seconds)
        return propose(study, freed, progress, objective=objective).status in _FOUND

    if not imposed or not has_plan(tuple(imposed)):
        return {}
    for count in range(1, len(imposed)):
        enough = [rules for rules in combinations(imposed, count) if has_plan(rules)]
        if enough:
            break
    else:
        enough = [tuple(imposed)]
    return {rules: listing([f"« {asked.label(rule)} »" for rule in rules]) for rules in enough}
