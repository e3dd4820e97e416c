"""First proposal shown: the fewest moves beyond which the gain is within the margin of error."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from geozones.common.french import in_words
from geozones.domain import Plan
from geozones.workspace.plan_judgement import judge_studies
from geozones.workspace.proposals.packages import PlanProposal, proposal_of
from geozones.workspace.rankings import HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import PartitionOptions, Result

#: Heading of the packages whose gain the margin of error swallows.
EQUIVALENTS = "Équivalents, compte tenu de la marge d'erreur"
_NO_GAIN = "Compte tenu de la marge d'erreur, le plan actuel est équivalent au meilleur trouvé."


def first_rank(study: Study, results: "Sequence[Result]", objective: str = HOURS) -> int:
    """Return the rank of the first result that no later one betters, given the margin of error.

    ``results`` are the best plans for more and more moves, from the study's plan. The first one
    that is equivalent to the last is not enough: a plan between the two may be better than it.
    """
    studies = [study.with_plan(result.plan) for result in results]
    for rank, one in enumerate(studies):
        judgements = (judge_studies(one, more, objective) for more in studies[rank + 1 :])
        if all(found.is_tie or found.is_better is False for found in judgements):
            return rank
    return 0


def sufficient_moves(
    study: Study, options: "PartitionOptions", result: "Result", objective: str = HOURS
) -> int:
    """Return how many moves of a result are enough: without equivalent packages, where they are.

    Packages equivalent one by one may be worth something together: all moves then count.
    """
    proposal = proposal_of(study, result.plan, options, objective)
    plans = study.with_plan(proposal.better_plan), study.with_plan(result.plan)
    if judge_studies(*plans, objective).is_better:
        return len(result.moves)
    return sum(len(package.moves) for package in proposal.better)


def sufficient_sentence(count: int, most: int) -> str:
    """Return the sentence on the moves that are enough, in French; empty if it takes all.

    ``most`` is the number of moves of the best plan found.
    """
    if count >= most:
        return ""
    if not count:
        return _NO_GAIN
    words = f"{in_words(count)} {'déplacements suffisent' if count > 1 else 'déplacement suffit'}"
    return f"{words[0].upper()}{words[1:]} : au-delà, le gain est inférieur à la marge d'erreur."


def shown_plan(proposal: PlanProposal) -> Plan:
    """Return the plan to show for a proposal: with its better packages alone, if it has some."""
    return proposal.better_plan if proposal.better else proposal.after
