"""Needs and posts as values and as events: checked at the door, never dropped, undone."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain import DecisionStatus, Plan, Sector, Zone
from geozones.domain.events import State
from geozones.domain.plan import plan_of
from geozones.domain.plan_documents import (
    post_from_json,
    post_to_json,
    posts_document,
    posts_from_document,
)
from geozones.domain.teams import FREE, SLOTS, Post, figures, misfits, repaired
from geozones.workspace.figures.study import Study
from helpers.events import apply


def posted(post: Post, **changes: Any) -> Mapping[str, Any]:
    return {"zones": [post.zone], "posts": [post_to_json(post) | changes]}


@pytest.fixture
def state(toy: Study) -> State:
    return State(toy.plan)


@pytest.fixture
def post() -> Post:
    return Post("un", "N1", cells=("A", "A", "B", "B", *["C"] * 6), residence="A")


@pytest.fixture
def with_post(state: State, post: Post) -> State:
    return apply(state, "set_posts", posted(post))


def test_a_need_is_a_hypothesis_by_type_until_someone_types_it(toy: Study, state: State) -> None:
    lycee = toy.territory.lycees["A"]
    assert (state.teams.need(lycee).half_days, state.teams.need(lycee).hypothesis) == (8, True)
    typed = apply(state, "set_needs", {"needs": {"A": 5}})
    assert (typed.teams.need(lycee).half_days, typed.teams.need(lycee).hypothesis) == (5, False)
    back = apply(typed, "set_needs", {"needs": {"A": None}})
    assert back.teams.need(lycee).hypothesis


def test_the_rule_changes_what_nobody_typed(toy: Study, state: State) -> None:
    typed = apply(state, "set_needs", {"needs": {"A": 5}})
    ruled = apply(typed, "set_needs_rule", {"rule": {"LGT": 3}, "default": 1})
    assert [ruled.teams.need(toy.territory.lycees[key]).half_days for key in "AB"] == [5, 3]


@pytest.mark.parametrize("value", [-1, 41, 2.5, "beaucoup", True, float("nan")])
def test_a_negative_or_absurd_need_is_refused_with_what_is_right(state: State, value: Any) -> None:
    with pytest.raises(InputError, match="de 0 à 40"):
        apply(state, "set_needs", {"needs": {"A": value}})


def test_posts_replace_those_of_their_zone_and_leave_the_others(
    with_post: State, post: Post
) -> None:
    other = Post("deux", "N2", cells=("D",) * SLOTS, residence="D")
    both = apply(with_post, "set_posts", posted(other))
    assert both.teams.posts == (post, other)
    none = apply(both, "set_posts", {"zones": ["N1"], "posts": []})
    assert none.teams.posts == (other,)
    assert apply(both, "drop_posts", {"posts": ["deux"]}).teams.posts == (post,)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cells": ["A", "D", *[None] * 8]}, "une seule zone"),
        ({"residence": "D"}, "une seule zone"),
        ({"share": 60}, "100, 80 ou 50"),
        ({"share": 100.0}, "100, 80 ou 50"),
        ({"locked": [1.0]}, "rang de 0 à 9"),
        ({"locked": [True]}, "rang de 0 à 9"),
        ({"share": 50}, "5 demi-journées par semaine, pas 10"),
        ({"cells": ["A"]}, "10 demi-journées"),
        ({"cells": [3] * 10}, "10 demi-journées"),
        ({"locked": [10]}, "rang de 0 à 9"),
        ({"zone": "Z9"}, "Aucune zone"),
        ({"zone": "N2", "cells": [None] * 10, "residence": None}, "pas d'une zone"),
        ({"id": ""}, "code d'un poste"),
        ({"cells": None}, "ne peut pas être lu"),
    ],
)
def test_a_post_that_makes_no_sense_is_refused_with_the_reason(
    state: State, post: Post, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        apply(state, "set_posts", posted(post, **changes))


def test_a_grid_or_a_residence_whose_lycee_left_is_kept_said_and_repaired_when_asked(
    with_post: State, post: Post
) -> None:
    moved = apply(with_post, "move", {"moves": {"C": "N2"}})
    assert moved.teams.posts == (post,)
    (misfit,) = misfits(moved.teams, moved.plan)
    assert (misfit.slots, misfit.lycees) == ((4, 5, 6, 7, 8, 9), ("C",))
    kept = apply(moved, "set_posts", posted(post, locked=[0]))
    assert kept.teams.posts[0].cells == post.cells
    mended = apply(moved, "set_posts", posted(repaired(misfit)))
    assert mended.teams.posts[0].cells == (*post.cells[:4], *[FREE] * 6)
    assert misfits(mended.teams, mended.plan) == ()
    moved = apply(with_post, "move", {"moves": {"A": "N2"}})
    (misfit,) = misfits(moved.teams, moved.plan)
    assert repaired(misfit).residence is None


def test_posts_follow_a_zone_that_is_merged_and_hold_one_that_would_be_deleted(
    with_post: State,
) -> None:
    merged = apply(with_post, "merge_zones", {"zone": "N1", "into": "N2"})
    assert [post.zone for post in merged.teams.posts] == ["N2"]
    assert misfits(merged.teams, merged.plan) == ()
    empty = apply(with_post, "move", {"moves": dict.fromkeys("ABC", "N2")})
    with pytest.raises(InputError, match="encore 1\u00a0poste"):
        apply(empty, "delete_zone", {"zone": "N1"})


@given(st.data())
def test_a_post_is_the_same_once_written_and_read(data: st.DataObject) -> None:
    plan = data.draw(st.just(_plan()))
    post = Post(
        "p",
        "N1",
        100,
        tuple(data.draw(st.sampled_from(["A", "B", FREE, None])) for _ in range(SLOTS)),
        data.draw(st.sampled_from(["A", "B", None])),
        frozenset(data.draw(st.sets(st.integers(0, SLOTS - 1)))),
    )
    assert post_from_json(post_to_json(post)) == post
    assert posts_from_document(posts_document([post]), plan) == (post,)


def _plan() -> Plan:
    sectors = (Sector("nord", "Nord", DecisionStatus.DRAFT),)
    return plan_of(sectors, (Zone("N1", "Une", "nord"),), {"A": "N1", "B": "N1"})


@pytest.mark.parametrize(
    "document",
    [None, [], {"format": "x"}, {"format": "geozones.posts", "version": 2},
     {"format": "geozones.posts", "version": 1}, {"format": "geozones.posts", "version": 1,
     "posts": [3]}],
)  # fmt: skip
def test_a_file_of_posts_that_is_none_is_refused(document: Any) -> None:
    with pytest.raises(InputError):
        posts_from_document(document, _plan())


def test_percentiles_weigh_count_nobody_as_infinite_and_the_median_is_the_middle() -> None:
    three = figures(
        np.array([5.0, 40.0, np.inf]),
        np.array([8.0, 1.0, 1.0]),
        near=30.0,
    )
    assert (three.median, three.p90, three.near) == (5.0, 40.0, 0.8)
    assert (three.missed, three.uncovered) == (10.0, 1.0)
    lost = figures(np.array([5.0, np.inf]), np.array([1.0, 1.0]), near=30.0)
    assert (lost.median, lost.p90) == (np.inf, np.inf)

    def median(*delays: float) -> float | None:
        count = len(delays)
        return figures(np.array(delays), np.ones(count), near=30.0).median

    assert median(30.0, 10.0) == 20.0
    assert median(10.0, 50.0, 20.0) == 20.0
    assert median(40.0, 10.0, 20.0, 26.0, 90.0, 0.0) == 23.0
