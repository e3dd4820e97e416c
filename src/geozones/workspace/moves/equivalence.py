"""Which destinations of a lycée are better than others, and which are equivalent."""

from collections.abc import Sequence
from dataclasses import dataclass

from geozones.metrics import Judgement
from geozones.workspace.moves.destinations import Destination
from geozones.workspace.study import Study


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a destination stands, given the error of minutes.

    Parameters
    ----------
    group
        From 1: destinations of one group are equivalent to the best of it; ``None`` where the move
        is forbidden.
    judgement
        The plan's yearly hours with the move, against the plan without it.
    """

    group: int | None
    judgement: Judgement


def standings(study: Study, lycee: str, ranked: Sequence[Destination]) -> dict[str, Standing]:
    """Return where each destination of a lycée stands, by zone (id), in the order of the groups.

    The best destination that is left makes a group with those that are equivalent to it, until none
    is left. Inside a group destinations keep their rank; forbidden ones come last.
    """
    zones = [entry.zone for entry in ranked]
    draws = study.ranking.draws.moves(study.plan, lycee, zones)
    judgements = draws.judge()
    left = [entry.zone for entry in ranked if entry.allowed]
    found: dict[str, Standing] = {}
    group = 0
    while left:
        group += 1
        best, *others = left
        against = draws.judge_against(best, others)
        tied = [best, *(zone for zone in others if against[zone].is_tie)]
        found |= {zone: Standing(group, judgements[zone]) for zone in tied}
        left = [zone for zone in left if zone not in found]
    return found | {zone: Standing(None, judgements[zone]) for zone in zones if zone not in found}
