"""Ranking of a lycée's destinations in groups that are equivalent within the error."""

from collections.abc import Sequence
from dataclasses import dataclass

from geozones.metrics import Judgement
from geozones.workspace.moves.destinations import Destination
from geozones.workspace.study import Study


@dataclass(frozen=True, slots=True)
class RankStatus:
    """Rank of a destination, given the error of minutes.

    Parameters
    ----------
    group
        From 1: destinations of a group are equivalent to its best one; ``None`` if the move is
        forbidden.
    judgement
        The plan's yearly hours with the move, against the plan without it.
    """

    group: int | None
    judgement: Judgement


def standings(study: Study, lycee: str, ranked: Sequence[Destination]) -> dict[str, RankStatus]:
    """Return the rank of each destination of a lycée, by zone (id), in the order of the groups.

    The best remaining destination forms a group with the destinations equivalent to it, until none
    remains. A move that adds a post is not equivalent to one that does not, nor one that leaves a
    lycée alone in its zone to any. Inside a group destinations keep their order; forbidden ones
    come last.
    """
    zones = [entry.zone for entry in ranked]
    draws = study.ranking.draws.moves(study.plan, lycee, zones)
    judgements = draws.judge()
    kinds = {entry.zone: entry.kind for entry in ranked}
    left = [entry.zone for entry in ranked if entry.allowed]
    found: dict[str, RankStatus] = {}
    group = 0
    while left:
        group += 1
        best, *others = left
        against = draws.judge_against(best, others)
        ties = (zone for zone in others if against[zone].is_tie and kinds[zone] == kinds[best])
        tied = [best, *(() if kinds[best][0] else ties)]
        found |= {zone: RankStatus(group, judgements[zone]) for zone in tied}
        left = [zone for zone in left if zone not in found]
    return found | {zone: RankStatus(None, judgements[zone]) for zone in zones if zone not in found}
