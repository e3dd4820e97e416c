"""Lower bounds of the first criteria of a grid, computed without a search."""

from math import ceil

from geozones.teams.staffing_problem import StaffingProblem


def least_exceptions(problem: StaffingProblem) -> int:
    """Return the fewest exceptions to shared posts.

    A lycée of one half-day is known by one post, each lycée of a zone of one post too, and a post
    without another lycée within reach is in one lycée.
    """
    alone = problem.posts == 1 or problem.options.settings.max_known == 1
    once = sum(alone or problem.needs[rank] == 1 for rank in problem.served)
    if len(problem.served) == 1:
        return once + problem.posts
    week = 2 * problem.options.days
    if any(group.locks for group in problem.groups):
        return once
    remote = [
        ceil(problem.needs[rank] / week)
        for rank in problem.served
        if not any(other != rank and problem.in_reach(rank, other) for other in problem.served)
    ]
    return once + sum(remote)


def least_free(problem: StaffingProblem) -> int:
    """Return the fewest free half-days on days when a lycée has no one.

    A day when every lycée has someone has room for at most two half-days per post, minus one per
    lycée.
    """
    room = max(2 * problem.posts - len(problem.served), 0)
    days = min([problem.options.days, *(problem.needs[rank] for rank in problem.served)])
    return max(problem.free - room * days, 0)


def least_splits(problem: StaffingProblem, misplaced: float) -> int:
    """Return the fewest split days, given the free half-days on days that lack someone.

    A lycée visited v days a week for n half-days has at least 2 v − n that pair with no other, one
    where n is odd: each is on a split day or takes a spare half-day. The other free half-days need
    full days, on each of which the lycées in excess of the posts need a split.
    """
    placed = max(problem.free - misplaced, 0)
    room = 2 * problem.posts - len(problem.served)
    full = ceil(placed / room) if placed and room > 0 else 0
    halves = 0
    for rank in problem.served:
        need = problem.needs[rank]
        halves += max(need % 2, 2 * max(problem.visits[rank], full) - need)
    spare = 2 * problem.options.days * problem.posts - sum(problem.needs)
    over = full * (len(problem.served) - problem.posts)
    return max(ceil((halves - spare) / 2), over, 0)
