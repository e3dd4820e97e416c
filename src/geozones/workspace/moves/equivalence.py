"""Ranking of a lycée's destinations in groups that are equivalent within the error."""

from collections.abc import Sequence
from dataclasses import dataclass

from geozones.common.french import plural
from geozones.metrics import Judgement
from geozones.workspace.moves.destinations import Destination, draws_of
from geozones.workspace.study import Study

#: Word for a move that leaves a lycée alone in its zone, where nobody could replace anybody.
NO_RELEVE = "aucune relève"


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
    alone, more_posts
        As of `Destination`.
    """

    group: int | None
    judgement: Judgement
    alone: bool
    more_posts: int

    @property
    def text(self) -> str:
        """The value of the move in French: ``plutôt favorable (9 chances sur 10)``."""
        return self._worded(self.judgement.text)

    @property
    def short(self) -> str:
        """The same in short: ``plutôt favorable``, ``1 poste de plus``, ``aucune relève``."""
        return self._worded(self.judgement.short)

    def _worded(self, judged: str) -> str:
        """Return a judgement with the posts; a post more or a lycée alone is no equivalence."""
        if self.alone:
            return NO_RELEVE
        said = "" if self.judgement.is_tie and self.more_posts > 0 else judged
        return ", ".join(filter(None, (said, posts_text(self.more_posts))))


def posts_text(more: int) -> str:
    """Return a change of posts in French: ``1 poste de plus``; empty if there is none."""
    way = "de plus" if more > 0 else "de moins"
    return f"{plural(abs(more), 'poste')} {way}" if more else ""


def standings(
    study: Study, lycees: str | Sequence[str], ranked: Sequence[Destination]
) -> dict[str, RankStatus]:
    """Return the rank of each destination of one lycée or several, by zone, in group order.

    The best remaining destination forms a group with the destinations equivalent to it, until none
    remains. A move that adds a post is not equivalent to one that does not, nor one that brings
    more points to watch than another, nor one that leaves a lycée alone in its zone to any. Inside
    a group destinations keep their order; forbidden ones come last.
    """
    zones = [entry.zone for entry in ranked]
    draws = draws_of(study, (lycees,) if isinstance(lycees, str) else lycees, zones)
    judgements = draws.judge()
    kinds = {entry.zone: entry.kind for entry in ranked}
    left = [entry.zone for entry in ranked if entry.allowed]
    groups: dict[str, int | None] = {}
    group = 0
    while left:
        group += 1
        best, *others = left
        against = draws.judge_against(best, others)
        ties = (zone for zone in others if against[zone].is_tie and kinds[zone] == kinds[best])
        tied = [best, *(() if kinds[best][0] else ties)]
        groups |= dict.fromkeys(tied, group)
        left = [zone for zone in left if zone not in groups]
    groups |= {zone: None for zone in zones if zone not in groups}
    known = {entry.zone: entry for entry in ranked}
    return {
        zone: RankStatus(rank, judgements[zone], known[zone].alone, known[zone].more_posts)
        for zone, rank in groups.items()
    }
