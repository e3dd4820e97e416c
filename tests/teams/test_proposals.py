"""Proposals of posts, against every grid there is, and against a checker that knows only rules."""

from collections.abc import Mapping
from itertools import combinations_with_replacement, pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geozones.domain import Provenance, TravelTimes
from geozones.domain.settings import TeamSettings
from geozones.teams.checker import Question, check_posts
from geozones.teams.problem import Ask, Options
from geozones.teams.propose import Status, propose_posts

DAYS = 2


def times_of(minutes: list[list[float]]) -> TravelTimes:
    keys = tuple("ABCDEF"[: len(minutes)])
    array = np.array(minutes, float)
    return TravelTimes(keys, keys, array, array.copy(), Provenance("test", "2026-01-01"))


@st.composite
def small_zones(draw: st.DrawFn) -> tuple[dict[str, int], TravelTimes, TeamSettings]:
    size = draw(st.integers(1, 3))
    minutes = [
        [0.0 if a == b else float(draw(st.integers(1, 60))) for b in range(size)]
        for a in range(size)
    ]
    most = 3 if size == 3 else 4
    needs = {key: draw(st.integers(0, most)) for key in "ABC"[:size]}
    rules = TeamSettings(
        split_minutes=draw(st.sampled_from([0, 20, 60])),
        gap_days=draw(st.integers(0, 2)),
        max_posts=2,
    )
    return needs, times_of(minutes), rules


def best_by_brute_force(
    needs: Mapping[str, int], times: TravelTimes, rules: TeamSettings
) -> tuple[float, ...] | None:
    """Every week of every post: posts, split days, unevenness of loads, minutes; the least."""
    lycees, total = sorted(needs), sum(needs.values())
    days = [
        (a, b)
        for a, b in product([*lycees, None], repeat=2)
        if a is None or b is None or a == b or times.one_way[a][b] <= rules.split_minutes
    ]
    weeks = [
        (week, *priced(week, times)) for week in product(days, repeat=DAYS) if any(map(any, week))
    ]
    if not total:
        return (0,)
    for posts in range(1, rules.max_posts + 1):
        low, high = total // posts, -(-total // posts)
        found = []
        for team in combinations_with_replacement(weeks, posts):
            cells = [cell for week, *_ in team for day in week for cell in day if cell]
            if any(cells.count(key) != need for key, need in needs.items()):
                continue
            if any(gap(key, team) > rules.gap_days for key, need in needs.items() if need):
                continue
            loads = [sum(cell is not None for day in week for cell in day) for week, *_ in team]
            uneven = sum(max(load - high, 0, low - load) for load in loads)
            found.append((posts, sum(w[1] for w in team), uneven, sum(w[2] for w in team)))
        if found:
            return min(found)
    return None


def priced(week: tuple, times: TravelTimes) -> tuple[int, float]:
    """Split days, and minutes from the résidence that makes them fewest."""
    split = sum(None not in day and day[0] != day[1] for day in week)

    def tour(home: str) -> float:
        total = 0.0
        for day in week:
            stops = [home, *(cell for cell in day if cell), home] if any(day) else []
            total += sum(times.one_way[a][b] for a, b in pairwise(stops) if a != b)
        return total

    return split, min(tour(home) for home in {cell for day in week for cell in day if cell})


def gap(lycee: str, team: tuple) -> int:
    seen = [any(lycee in week[day] for week, *_ in team) for day in range(DAYS)]
    longest = run = 0
    for there in seen * 2:
        run = 0 if there else run + 1
        longest = max(longest, run)
    return min(longest, DAYS)


@given(small_zones())
@settings(max_examples=40)
def test_a_proposal_is_the_best_of_all_grids(zone: tuple) -> None:
    needs, times, rules = zone
    best = best_by_brute_force(needs, times, rules)
    found = propose_posts(Ask("Z", needs, times), Options(settings=rules, days=DAYS))
    if best is None:
        assert found.status is Status.INFEASIBLE
        assert any(figure.isdigit() for figure in found.why)
        return
    assert found.status is Status.OPTIMAL
    values = tuple(level.value for level in found.levels)
    assert values[: len(best)] == pytest.approx(best)
    question = Question(needs, times, rules, DAYS)
    assert check_posts(found.posts, question) == ()
