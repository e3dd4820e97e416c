"""Which rule to lift where no plan keeps them all."""

from dataclasses import replace
from typing import TYPE_CHECKING

from geozones.domain.proof import ProofStatus
from geozones.domain.proposal_rules import ALL, RULES
from geozones.workspace.proposals.solve import constrained, propose
from geozones.workspace.rankings import HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import PartitionOptions
    from geozones.optimize.search_monitor import Progress

#: Seconds that the search without one rule may take.
_SECONDS = 10.0
_FOUND = {ProofStatus.OPTIMAL, ProofStatus.FEASIBLE}


def rules_to_lift(
    study: Study,
    options: "PartitionOptions",
    objective: str = HOURS,
    progress: "Progress | None" = None,
) -> dict[str, str]:
    """Return the rules without which there is a plan, each lifted alone: French name by key.

    `ALL` alone, where it takes more than one; nothing where the rules are not why there is no plan,
    or where none is imposed. Parameters are those of `propose`.
    """
    asked = constrained(study, options, objective)
    imposed = [rule for rule in RULES if asked.imposes(rule)]
    alone = {
        rule: asked.label(rule)
        for rule in imposed
        if _has_plan(study, options, frozenset({rule}), objective, progress)
    }
    if alone or len(imposed) < 2:
        return alone
    every = _has_plan(study, options, frozenset(imposed), objective, progress)
    return {ALL: "toutes les règles"} if every else {}


def _has_plan(
    study: Study,
    options: "PartitionOptions",
    lifted: frozenset[str],
    objective: str,
    progress: "Progress | None",
) -> bool:
    seconds = min(options.time_limit or _SECONDS, _SECONDS)
    freed = replace(options, without=options.without | lifted, time_limit=seconds)
    return propose(study, freed, progress, objective=objective).status in _FOUND
