"""Proposals of posts, against every grid there is, and against a checker that knows only rules."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement, pairwise, product
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain import SearchCancelledError, TravelTimes
from geozones.domain.proposal_conditions import ProofStatus
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import Post, Teams, slot_name
from geozones.teams.checker import PostRequirements, check_posts
from geozones.teams.posts_proposal import PostsProposal, propose_posts
from geozones.teams.staffing_problem import StaffingOptions, StaffingRequest
from geozones.teams.week import BALANCE, GAPS
from geozones.workspace.figures.study import Study
from geozones.workspace.teams import Staff

from .conftest import post, times_of

DAYS = 2


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
        max_known=draw(st.integers(1, 3)),
        shared_minutes=draw(st.sampled_from([0, 25, 45])),
    )
    return needs, times_of(minutes), rules


def best_by_brute_force(
    needs: Mapping[str, int], times: TravelTimes, rules: TeamSettings
) -> tuple[float, ...] | None:
    """Every week of every post, from each résidence; the criteria of the best, in their order."""
    if not any(needs.values()):
        return (0,)
    for posts in range(1, rules.max_posts + 1):
        for reach in (rules.shared_minutes, 60):  # farther only where it takes a post less
            teams = combinations_with_replacement(weeks(sorted(needs), times, rules, reach), posts)
            feasible = [judged(team, needs, rules) for team in teams if may_be(team, needs, rules)]
            if feasible:
                return min(feasible)
    return None


def weeks(lycees: list[str], times: TravelTimes, rules: TeamSettings, reach: float) -> list[tuple]:
    """Each week of a post with its split days and its fewest minutes from a résidence in reach."""
    days = [
        (a, b)
        for a, b in product([*lycees, None], repeat=2)
        if a is None or b is None or a == b or times.one_way[a][b] <= rules.split_minutes
    ]
    able = []
    for week in product(days, repeat=DAYS):
        split = sum(None not in day and day[0] != day[1] for day in week)
        there = {cell for day in week for cell in day if cell}
        homes = [
            home
            for home in there
            if all(max(times.one_way[home][x], times.one_way[x][home]) <= reach for x in there)
        ]
        if homes:
            able.append((week, split, min(tour(home, week, times) for home in homes)))
    return able


def tour(home: str, week: tuple, times: TravelTimes) -> float:
    total = 0.0
    for day in week:
        stops = [home, *(cell for cell in day if cell), home] if any(day) else []
        total += sum(times.one_way[a][b] for a, b in pairwise(stops) if a != b)
    return total


def knowing(team: tuple) -> list[set[str]]:
    return [{cell for day in week for cell in day if cell} for week, *_ in team]


def may_be(team: tuple, needs: Mapping[str, int], rules: TeamSettings) -> bool:
    cells = [cell for week, *_ in team for day in week for cell in day if cell]
    known = [key for there in knowing(team) for key in there]
    return all(
        cells.count(key) == need
        and known.count(key) <= rules.max_known
        and (not need or gap(key, team) <= rules.gap_days)
        for key, need in needs.items()
    )


def judged(team: tuple, needs: Mapping[str, int], rules: TeamSettings) -> tuple[float, ...]:
    total, served = sum(needs.values()), [key for key, need in needs.items() if need]
    low, high = total // len(team), -(-total // len(team))
    loads = [sum(cell is not None for day in week for cell in day) for week, *_ in team]
    known = [key for there in knowing(team) for key in there]
    excess = 0
    for key in served:
        days = min(-(-needs[key] // 2), DAYS)
        excess += max(gap(key, team) - min(-(-(DAYS - days) // days), rules.gap_days), 0)
    halves = [[week[day][half] for week, *_ in team] for day in range(DAYS) for half in (0, 1)]
    beside = [sum(max(there.count(key) - 1, 0) for key in served) for there in halves]
    return (
        len(team),
        sum(len(there) == 1 for there in knowing(team)) + sum(known.count(x) == 1 for x in served),
        excess,
        sum(beside),
        sum(None not in there and not more for there, more in zip(halves, beside, strict=True)),
        sum(entry[1] for entry in team),
        sum(max(load - high, 0, low - load) for load in loads),
        sum(entry[2] for entry in team),
    )


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
    proposal = propose_posts(
        StaffingRequest("Z", needs, times), StaffingOptions(settings=rules, days=DAYS)
    )
    if best is None:
        assert proposal.status is ProofStatus.INFEASIBLE
        assert any(figure.isdigit() for figure in proposal.why)
        return
    assert proposal.status is ProofStatus.OPTIMAL
    values = tuple(level.value for level in proposal.levels)
    assert values[: len(best)] == pytest.approx(best)
    requirements = PostRequirements(needs, times, rules, DAYS)
    assert check_posts(proposal.posts, requirements) == ()


NEAR = times_of([[0, 10, 50], [10, 0, 20], [50, 20, 0]])
NEEDS = {"A": 10, "B": 6, "C": 4}


def unlocked_changes(before: Sequence[Post], after: Sequence[Post]) -> tuple[str, ...]:
    """Return the locked half-days that a proposal changed, as texts; there should be none."""
    new_by_id = {new.id: new for new in after}
    changes = []
    for old in before:
        for slot in sorted(old.locked):
            new = new_by_id.get(old.id)
            if new is None or new.cells[slot] != old.cells[slot] or slot not in new.locked:
                changes.append(f"{old.id}, {slot_name(slot)}")
    return tuple(changes)


def checked(
    proposal: PostsProposal, needs: Mapping[str, int], before: tuple[Post, ...] = ()
) -> None:
    """The rules are kept, and what was locked is where it was."""
    assert check_posts(proposal.posts, PostRequirements(needs, NEAR)) == ()
    assert unlocked_changes(before, proposal.posts) == ()


def test_needs_that_fill_two_weeks_take_two_posts_proven() -> None:
    proposal = propose_posts(StaffingRequest("Z1", NEEDS, NEAR))
    assert proposal.status is ProofStatus.OPTIMAL
    assert proposal.gap == 0
    # both know A and C, which only B has within reach: five days at 20 min, two at 40
    assert [level.value for level in proposal.levels] == [2, 0, 0, 0, 10, 0, 0, 180]
    checked(proposal, NEEDS)


def test_locked_half_days_stay_and_the_rest_is_made_around_them() -> None:
    locked = replace(post("moi", "CC .. .. .. AA", "C"), locked=frozenset({0, 1, 9}))
    proposal = propose_posts(StaffingRequest("Z1", NEEDS, NEAR, (locked,)))
    assert proposal.status is ProofStatus.OPTIMAL
    assert proposal.posts[0].id == "moi"
    assert (proposal.posts[0].cells[:2], proposal.posts[0].cells[9]) == (("C", "C"), "A")
    checked(proposal, NEEDS, (locked,))


def test_a_lock_that_costs_minutes_costs_them_in_the_proven_figure() -> None:
    free = propose_posts(StaffingRequest("Z1", NEEDS, NEAR))
    locked = replace(post("moi", "CA .. .. .. ..", "C"), locked=frozenset({0, 1}))
    rules = TeamSettings(split_minutes=60)
    held = propose_posts(
        StaffingRequest("Z1", NEEDS, NEAR, (locked,)), StaffingOptions(settings=rules)
    )
    assert held.status is ProofStatus.OPTIMAL
    # the other half-days of A and C are odd too: they share a second day
    held_splits, free_splits = (
        next(level.value for level in found.levels if level.name == "Journées partagées")
        for found in (held, free)
    )
    assert (held.levels[0].value, held_splits) == (2, 2)
    assert held_splits > free_splits


def test_posts_are_kept_with_their_share_when_asked() -> None:
    half = post("mi-temps", "AA AA A- -- --", share=50)
    proposal = propose_posts(
        StaffingRequest("Z1", NEEDS, NEAR, (half,)), StaffingOptions(keep=True)
    )
    assert proposal.status is ProofStatus.OPTIMAL
    assert (proposal.posts[0].id, proposal.posts[0].share) == ("mi-temps", 50)
    assert len(proposal.posts) == 3
    checked(proposal, NEEDS)


def test_ids_of_posts_that_are_made_anew_are_used_again() -> None:
    before = (post("un", ".........."), post("deux", ".........."))
    proposal = propose_posts(StaffingRequest("Z1", NEEDS, NEAR, before))
    assert [entry.id for entry in proposal.posts] == ["un", "deux"]


def test_a_zone_of_one_lycee_has_its_post_and_one_without_needs_has_none() -> None:
    proposal = propose_posts(StaffingRequest("Z1", {"A": 8}, NEAR))
    assert proposal.status is ProofStatus.OPTIMAL
    assert [(entry.load, entry.residence) for entry in proposal.posts] == [(8, "A")]
    proposal = propose_posts(StaffingRequest("Z1", {"A": 0, "B": 0}, NEAR))
    assert (proposal.status, proposal.posts) == (ProofStatus.OPTIMAL, ())


@pytest.mark.parametrize(
    ("needs", "posts", "rules", "said"),
    [
        (
            {"A": 40, "B": 40},
            (),
            TeamSettings(max_posts=3),
            "80 demi-journées.*n'en donnent que 30",
        ),
        ({"A": 1, "B": 8}, (), TeamSettings(), "1.demi-journée.*il en faut 2"),
        (
            {"A": 4},
            ("AA AA AA -- --", range(6)),
            TeamSettings(),
            "6.demi-journées verr.*besoin de 4",
        ),
        ({"A": 6, "C": 6}, ("AC -- -- -- --", (0, 1)), TeamSettings(), "50.min, pour 30"),
        ({"A": 6}, ("ZZ -- -- -- --", (0,)), TeamSettings(), "n'est plus dans la zone"),
        ({"A": 6}, ("AA AA AA -- --", range(6)), TeamSettings(), "n'en travaille que 5"),
    ],
)
def test_what_no_grid_can_meet_is_explained_with_figures(
    needs: dict[str, int], posts: tuple, rules: TeamSettings, said: str
) -> None:
    share = 50 if "que 5" in said else 100
    kept = [replace(post("p", posts[0], share=share), locked=frozenset(posts[1]))] if posts else []
    proposal = propose_posts(
        StaffingRequest("Z1", needs, NEAR, tuple(kept)), StaffingOptions(settings=rules)
    )
    assert proposal.status is ProofStatus.INFEASIBLE
    assert re.search(said, proposal.why)
    assert proposal.posts == ()


def test_needs_that_only_the_search_finds_impossible_are_explained_with_figures() -> None:
    """Each of three lycées wants someone every day, and two posts cannot split their days."""
    rules = TeamSettings(split_minutes=0, gap_days=0, max_posts=2)
    needs = {"A": 6, "B": 6, "C": 6}
    proposal = propose_posts(StaffingRequest("Z1", needs, NEAR), StaffingOptions(settings=rules))
    assert proposal.status is ProofStatus.INFEASIBLE
    assert re.search("18 demi-journées.*0.jour de suite", proposal.why)


def test_a_search_that_is_stopped_says_so_rather_than_impossible() -> None:
    def stop() -> None:
        raise SearchCancelledError

    proposal = propose_posts(StaffingRequest("Z1", NEEDS, NEAR), tick=stop)
    assert proposal.status is ProofStatus.UNKNOWN
    assert "relancez-la" in proposal.why


@pytest.mark.parametrize(
    "options",
    [
        StaffingOptions(share=70),
        StaffingOptions(nodes=0),
        StaffingOptions(settings=TeamSettings(max_posts=0)),
        StaffingOptions(settings=TeamSettings(gap_days=-1)),
    ],
)
def test_options_out_of_range_are_refused(options: StaffingOptions) -> None:
    with pytest.raises(InputError):
        propose_posts(StaffingRequest("Z1", NEEDS, NEAR), options)


@pytest.mark.parametrize(
    ("rule", "weeks"),
    [
        ("need", ("AA AA AA AA --", "BB BB BB CC CC")),
        ("gap", ("AA AA AA AA AA", "BB CC CC BB BB")),
        ("split", ("AA AA AA AA AA", "BB BB BC CC CB")),
        ("zone", ("AA AA AA AA AA", "BB BB BB CZ CC")),
    ],
)
def test_the_checker_sees_each_rule_that_is_broken(rule: str, weeks: tuple[str, str]) -> None:
    posts = tuple(post(str(rank), text) for rank, text in enumerate(weeks))
    rules = TeamSettings(split_minutes=15, gap_days=1 if rule == "gap" else 2)
    broken = {
        violation.rule for violation in check_posts(posts, PostRequirements(NEEDS, NEAR, rules))
    }
    assert rule in broken


def test_the_checker_sees_too_many_half_days_and_a_residence_elsewhere() -> None:
    half = replace(post("p", "AA AA AA AA AA", share=50), residence="B")
    broken = {
        violation.rule for violation in check_posts([half], PostRequirements({"A": 10}, NEAR))
    }
    assert broken == {"share", "residence"}


@pytest.mark.parametrize("nodes", [1, 2, 3, 4])
def test_a_search_short_of_work_counts_what_its_grid_has_and_tells_each_bound(
    study: Study, nodes: int
) -> None:
    staff = Staff(study.with_teams(Teams()))
    for proposal in staff.propose(["MAY-2", "NOL-1"], staff.options(nodes=nodes)):
        for level in proposal.levels:
            assert level.proven or f"au moins {level.bound:.0f}" in proposal.summary
        loads = [post.load for post in proposal.posts]
        even = sum(loads) / max(len(loads), 1)
        uneven = sum(max(load - ceil(even), floor(even) - load, 0) for load in loads)
        assert all(lv.value == uneven for lv in proposal.levels if lv.name == BALANCE)


@pytest.mark.parametrize(
    ("needs", "rules", "said"),
    [
        ({"A": 6, "B": 2}, TeamSettings(), [("A", False, "taille"), ("B", False, "taille")]),
        ({"A": 8, "B": 6, "C": 1}, TeamSettings(gap_days=4), [("C", False, "taille")]),
        ({"A": 20}, TeamSettings(), [("A", True, "taille"), ("A", True, "taille")]),
        (
            {"A": 10, "C": 10},
            TeamSettings(),
            [(key, lone, "eloignement") for lone in (True, False) for key in "AC"],
        ),
    ],
)
def test_each_exception_is_given_its_reason(
    needs: dict[str, int], rules: TeamSettings, said: list[tuple[str, bool, str]]
) -> None:
    proposal = propose_posts(StaffingRequest("Z1", needs, NEAR), StaffingOptions(settings=rules))
    assert proposal.status is ProofStatus.OPTIMAL
    told = [(e.lycee, e.post is not None, e.why.cause.value) for e in proposal.exceptions]
    assert sorted(told) == sorted(said)
    count = next(level.value for level in proposal.levels if level.name == "Exceptions")
    assert count == len(said)


def test_no_lycee_has_more_technicians_than_allowed_and_words_say_what_could_not_be_had() -> None:
    rules = TeamSettings(max_known=2)
    proposal = propose_posts(
        StaffingRequest("Z1", {"A": 16, "B": 14}, NEAR), StaffingOptions(settings=rules)
    )
    assert all(sum(key in p.lycees for p in proposal.posts) <= 2 for key in "AB")
    assert proposal.summary.startswith(f"{len(proposal.posts)}\u00a0postes, ")
    everyone = propose_posts(StaffingRequest("Z1", {"A": 16, "B": 14}, NEAR))
    assert len(everyone.posts) <= len(proposal.posts)


def test_a_need_that_so_few_technicians_cannot_meet_is_explained() -> None:
    rules = TeamSettings(max_known=2, max_posts=6)
    proposal = propose_posts(
        StaffingRequest("Z1", {"A": 25, "B": 6}, NEAR), StaffingOptions(settings=rules)
    )
    assert proposal.status is ProofStatus.INFEASIBLE
    alone = StaffingOptions(settings=replace(rules, max_known=1, max_posts=1))
    why = propose_posts(StaffingRequest("Z1", {"A": 12}, NEAR), alone).why
    assert re.search("1.poste au plus n'en donne que 10", why)
    assert re.search("1.T.I.P. au plus n'en donne que 10", why)
    assert re.search("A : 25.demi-journées.*2.T.I.P. au plus n'en donnent que 20", proposal.why)


def test_a_lock_that_leaves_a_lycee_too_long_without_anyone_is_counted_in_days() -> None:
    """A is held on Monday and Tuesday: three days without anyone, one more than spread evenly."""
    held = replace(post("moi", "AA AA .. .. .."), locked=frozenset(range(10)))
    rules = TeamSettings(gap_days=3)
    proposal = propose_posts(
        StaffingRequest("Z1", {"A": 4, "B": 10}, NEAR, (held,)), StaffingOptions(settings=rules)
    )
    assert proposal.status is ProofStatus.OPTIMAL
    figures = {level.name: level.value for level in proposal.levels}
    assert figures[GAPS] == 1
    assert "1\u00a0jour sans présence au-delà de la limite" in proposal.summary
