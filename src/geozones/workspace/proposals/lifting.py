"""Which rules to lift where no plan keeps them all."""

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from geozones.common.french import listing
from geozones.domain.proof import ProofStatus
from geozones.domain.proposal_rules import RULES
from geozones.workspace.proposals.solve import constrained, propose
from geozones.workspace.rankings import HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import PartitionOptions
    from geozones.optimize.search_monitor import Progress

#: Seconds that a search without some rules may take.
_SECONDS = 5.0
_FOUND = {ProofStatus.OPTIMAL, ProofStatus.FEASIBLE}


def rules_to_lift(
    study: Study,
    options: "PartitionOptions",
    objective: str = HOURS,
    progress: "Progress | None" = None,
) -> dict[tuple[str, ...], str]:
    """Return the fewest rules without which there is a plan: French names by keys.

    Every set of as few rules is there; nothing where lifting them all gives no plan. Parameters are
    those of `propose`.
    """
    asked = constrained(study, options, objective)
    imposed = [rule for rule in RULES if asked.imposes(rule)]

    def has_plan(lifted: tuple[str, ...]) -> bool:
        seconds = min(options.time_limit or _SECONDS, _SECONDS)
        lifting = options.without.union(lifted)
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
