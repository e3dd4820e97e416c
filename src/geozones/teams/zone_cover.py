"""Assignment of covers for absent posts: colleagues of the zone; then T.I.S., if assumed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from math import inf

import numpy as np

from geozones.domain import TravelTimes
from geozones.domain.cover import NOBODY, TIS, Cover, MissedHalfDay
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import FREE, SLOTS, Post

#: Costs of the assignment, besides minutes: a T.I.S. comes only if no colleague can, nobody only if
#: no T.I.S. can, and someone out of reach never.
_CALL_TIS, _LEAVE, _NEVER = 1e4, 1e7, 1e10


@dataclass(frozen=True)
class ZoneTeam:
    """People of a zone, and the T.I.S. whom they can call.

    Parameters
    ----------
    members
        Lycées (ids) of the zone.
    posts
        Its posts; a half-day in a lycée that is no longer a member is neither missed nor available
        for a cover.
    centre, technicians
        Where the sector's T.I.S. start from (``None``: not published), and how many of them may
        replace someone absent: none but under the hypothesis ``tis_replaces``.
    needs
        Half-days a week by lycée.
    """

    zone: str
    sector: str
    members: tuple[str, ...]
    posts: tuple[Post, ...]
    times: TravelTimes
    settings: TeamSettings = field(default_factory=TeamSettings)
    centre: str | None = None
    technicians: int = 0
    needs: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def _answers(self) -> dict[tuple[int, int, int], tuple[MissedHalfDay, ...]]:
        """Covers computed so far, by half-day, absent posts and busy posts."""
        return {}

    @cached_property
    def _inside(self) -> frozenset[str]:
        return frozenset(self.members)

    def due(self, post: int, slot: int) -> str | None:
        """Return the lycée of the zone where a post (by rank) is due; ``None`` for none."""
        cell = self.posts[post].cells[slot]
        return cell if cell in self._inside else None

    def place(self, post: int, slot: int) -> str | None:
        """Return the place from which a post can be called; ``None`` if it is not at work here."""
        cell = self.posts[post].cells[slot]
        home = self.posts[post].home if cell == FREE else cell
        return home if home in self._inside else None

    def cover(self, slot: int, absent: int, busy: int = 0) -> tuple[MissedHalfDay, ...]:
        """Return the cover of each half-day missed, when some posts are absent on a half-day.

        It is an assignment: as many as possible are covered by colleagues, then by T.I.S., in the
        fewest minutes; leaving a lycée without anyone costs ``alone_minutes`` more.

        Parameters
        ----------
        absent, busy
            Bit sets of the ranks of the posts that are absent, and of those that may not be called
            (these may still serve the lycée where they are).
        """
        key = (slot, absent, busy & ~absent)
        if key not in self._answers:
            self._answers[key] = self._cover(*key)
        return self._answers[key]

    def _cover(self, slot: int, absent: int, busy: int) -> tuple[MissedHalfDay, ...]:
        ranks = range(len(self.posts))
        here = [rank for rank in ranks if not absent >> rank & 1]
        tasks = [(r, lycee) for r in ranks if absent >> r & 1 and (lycee := self.due(r, slot))]
        if not tasks:
            return ()
        there = {rank: self.place(rank, slot) for rank in here}
        cost = np.full((len(tasks), len(here) + self.technicians + len(tasks)), _NEVER)
        for row, (_, lycee) in enumerate(tasks):
            for column, rank in enumerate(here):
                cost[row, column] = self._price(rank, slot, lycee, there, busy)
            centre = self._from_centre(lycee)
            cost[row, len(here) : len(here) + self.technicians] = _CALL_TIS + centre
            cost[row, len(here) + self.technicians + row] = _LEAVE
        from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - slow to load, if asked

        cost = np.minimum(cost, _NEVER)
        rows, columns = linear_sum_assignment(cost)
        answers = [
            self._missed(slot, tasks[row], int(column), here, there)
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        ]
        return self._with_empty(slot, here, answers)

    def _with_empty(
        self, slot: int, here: Sequence[int], answers: Sequence[MissedHalfDay]
    ) -> tuple[MissedHalfDay, ...]:
        """Return covers with the lycées that each leaves without anyone, though someone was due."""
        moved = {answer.by for answer in answers if answer.leaves is not None}
        present = {self.due(r, slot) for r in here if self.posts[r].id not in moved}
        present |= {answer.lycee for answer in answers if answer.by != NOBODY}
        completed = []
        for answer in answers:
            concerned = dict.fromkeys(at for at in (answer.lycee, answer.leaves) if at is not None)
            empty = tuple(lycee for lycee in concerned if lycee not in present)
            present.update(empty)
            completed.append(replace(answer, empty=empty))
        return tuple(completed)

    def _price(
        self, rank: int, slot: int, lycee: str, there: Mapping[int, str | None], busy: int
    ) -> float:
        place = there[rank]
        if place is None or (busy >> rank & 1 and place != lycee):
            return _NEVER
        minutes = self.times.one_way[place][lycee] if place != lycee else 0.0
        if minutes == inf:
            return _NEVER
        cell = self.posts[rank].cells[slot]
        stays = place == lycee or cell == FREE or self._others(rank, slot, there)
        return minutes + (0.0 if stays else self.settings.alone_minutes)

    def _others(self, rank: int, slot: int, there: Mapping[int, str | None]) -> bool:
        """Return whether someone else present is due in the lycée of a post."""
        cell = self.posts[rank].cells[slot]
        return any(r != rank and self.posts[r].cells[slot] == cell for r in there)

    def _from_centre(self, lycee: str) -> float:
        if self.centre is None or self.centre not in self.times.one_way:
            return _NEVER
        minutes = 0.0 if self.centre == lycee else self.times.one_way[self.centre][lycee]
        return minutes if minutes < inf else _NEVER

    def _missed(
        self,
        slot: int,
        task: tuple[int, str],
        column: int,
        here: list[int],
        there: Mapping[int, str | None],
    ) -> MissedHalfDay:
        absent, lycee = self.posts[task[0]].id, task[1]
        if column < len(here):
            place = there[here[column]] or lycee
            minutes = 0.0 if place == lycee else self.times.one_way[place][lycee]
            left = self.due(here[column], slot)
            leaves = None if left == lycee else left
            return MissedHalfDay(
                absent, slot, lycee, self.posts[here[column]].id, minutes, leaves=leaves
            )
        if column < len(here) + self.technicians:
            return MissedHalfDay(absent, slot, lycee, TIS, self._from_centre(lycee))
        return MissedHalfDay(absent, slot, lycee, NOBODY, inf)


def cover_of(team: ZoneTeam, label: Callable[[Post], str]) -> Cover:
    """Return the covers of every single absence and every pair of absences in a week.

    ``label`` returns the name of a post. The monthly cap is ignored here, since it depends on
    dates (see ``absence`` and ``simulate``).
    """
    ranks = range(len(team.posts))
    single = [missed for r in ranks for slot in range(SLOTS) for missed in team.cover(slot, 1 << r)]
    pairs = []
    for first, second in combinations(ranks, 2):
        keys = (team.posts[first].id, team.posts[second].id)
        for slot in range(SLOTS):
            for missed in team.cover(slot, 1 << first | 1 << second):
                other = keys[1] if missed.absent == keys[0] else keys[0]
                pairs.append(replace(missed, also=other))
    given = [cell for post in team.posts for cell in post.cells]
    unmet = sum(max(need - given.count(lycee), 0) for lycee, need in team.needs.items())
    return Cover(
        {post.id: label(post) for post in team.posts},
        team.sector,
        team.technicians,
        team.settings.near_minutes,
        tuple(single),
        tuple(pairs),
        unmet,
    )
