import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.domain import History, InputError, Move
from geozones.domain.history import LIMIT
from geozones.workspace import Workspace

moves = st.lists(st.tuples(st.sampled_from("ABCDEFGHI"), st.sampled_from(["N1", "N2", "S1"])))


@given(steps=moves)
def test_undoing_everything_returns_to_the_start_and_redoing_it_to_the_end(
    toy: Workspace, steps: list[tuple[str, str]]
) -> None:
    end = History.start(toy.plan).replay(steps)
    history, seen = end, [end.plan]
    while history.can_undo:
        history = history.undo()
        seen.append(history.plan)
    assert history.plan == toy.plan
    for plan in reversed(seen):
        assert history.plan == plan
        history = history.redo()
    assert history == end
    assert not history.can_redo


@given(steps=moves)
def test_the_moves_listed_lead_from_the_first_plan_to_the_one_shown(
    toy: Workspace, steps: list[tuple[str, str]]
) -> None:
    history = History.start(toy.plan).replay(steps)
    plan = toy.plan
    for move, after in zip(history.done, history.plans[1:], strict=True):
        assert plan.zone_of(move.lycee).id == move.origin
        plan = plan.move(move.lycee, move.target)
        assert plan == after
    assert plan == history.plan


def test_undo_at_the_start_and_redo_at_the_end_stay(toy: Workspace) -> None:
    history = History.start(toy.plan)
    assert history.undo() == history
    assert history.redo() == history


def test_a_move_after_an_undo_drops_what_had_been_undone(toy: Workspace) -> None:
    history = History.start(toy.plan).replay([("C", "N2"), ("B", "N2")]).undo().move("F", "S1")
    assert history.done == (Move("C", "N1", "N2"), Move("F", "N2", "S1"))
    assert history.plan == toy.plan.move("C", "N2").move("F", "S1")
    assert not history.can_redo


@given(steps=st.lists(st.one_of(st.sampled_from(["undo", "redo"]), moves.map(tuple))))
def test_the_plan_shown_is_always_the_one_its_moves_lead_to(
    toy: Workspace, steps: list[str | tuple[tuple[str, str], ...]]
) -> None:
    history = History.start(toy.plan)
    for step in steps:
        if isinstance(step, str):
            history = history.undo() if step == "undo" else history.redo()
        else:
            history = history.replay(step)
        replayed = toy.plan
        for move in history.done:
            replayed = replayed.move(move.lycee, move.target)
        assert history.plan == replayed
        assert len(history.plans) == len(history.moves) + 1


def test_a_move_to_the_zone_where_the_lycee_is_adds_nothing(toy: Workspace) -> None:
    history = History.start(toy.plan).move("C", "N2")
    assert history.move("C", "N2") is history
    assert history.undo().move("C", "N1").can_redo


def test_jumping_to_a_step_that_is_not_there_is_refused(toy: Workspace) -> None:
    history = History.start(toy.plan).move("C", "N2")
    assert history.at(0).plan == toy.plan
    for step in (-1, 2):
        with pytest.raises(InputError, match="pas d'étape"):
            history.at(step)


def test_a_very_long_trial_keeps_its_last_steps(toy: Workspace) -> None:
    steps = [("C", "N2" if turn % 2 == 0 else "N1") for turn in range(LIMIT + 20)]
    history = History.start(toy.plan).replay(steps)
    assert len(history.moves) == LIMIT
    assert len(history.plans) == LIMIT + 1
    assert history.plan == toy.plan
    assert (
        history.at(0).plan.move(history.moves[0].lycee, history.moves[0].target)
        == (history.plans[1])
    )
