"""Points to watch of many moves: new, worse and lifted add up; as many are listed as counted."""

from collections.abc import Iterator

import numpy as np

from geozones.domain import Plan
from geozones.domain.teams import SLOTS, Post, Teams
from geozones.metrics.metric_registry import VIGILANCE, watch_list
from geozones.rules import difference, touched_zones
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import vigilance
from geozones.workspace.moves.new_points import (
    points_brought,
    points_brought_by,
    points_json,
    points_told,
)
from geozones.workspace.moves.preview import preview_all
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_plan

WORDS = {"new": "Nouveau", "worse": "Aggravé", "lifted": "Levé"}


def walk(study: Study, steps: int) -> Iterator[tuple[Plan, dict[str, str]]]:
    """Yield the plan before each allowed move of a random walk, and the move."""
    draw, plan = np.random.default_rng(40), study.plan
    zones = [zone.id for zone in plan.zones]
    while steps:
        lycee, zone = str(draw.choice(plan.lycees)), str(draw.choice(zones))
        if study.with_plan(plan).may_move_all({lycee: zone}).allowed:
            yield plan, {lycee: zone}
            plan, steps = plan.move(lycee, zone), steps - 1


def staffed(study: Study) -> Study:
    """One post a zone, which goes to one lycée: alone in its zone, and never in the others."""
    posts = [
        Post(f"seul-{zone.id}", zone.id, cells=study.plan.members(zone.id)[:1] * SLOTS)
        for zone in study.plan.zones
    ]
    return study.with_teams(Teams(posts=tuple(posts)))


def test_points_of_a_walk_add_up_are_all_listed_and_do_without_posts(study: Study) -> None:
    told = dict.fromkeys(WORDS, 0)
    for rank, (plan, moves) in enumerate(walk(study, 48)):
        before = study.with_plan(plan)
        after = study.with_plan(plan.move_all(moves))
        first, then = (watch_list(vigilance(each)) for each in (before, after))
        whole = difference(vigilance(before), vigilance(after))
        counts = points_json(whole)
        assert then.count == first.count + counts["new"] - counts["lifted"]
        # zone by zone as in the two whole lists, whatever was asked before
        points_brought(before, next(iter(moves)), moves.values())
        brought = points_brought_by(before, after.plan, touched_zones(plan, moves))
        points = points_told(brought)
        assert sorted(points.lines) == sorted(points_told(whole).lines)
        listed = [line.split(" : ")[0] for line in points.lines]
        assert {key: listed.count(word) for key, word in WORDS.items()} == counts
        assert len(listed) == sum(counts.values())
        # the same with posts
        sides = [staffed(each) for each in (before, after)]
        assert [vigilance(each) for each in sides] == [vigilance(before), vigilance(after)]
        assert points_brought_by(sides[0], after.plan, touched_zones(plan, moves)) == brought
        if rank % 16 == 0:
            effect = preview_all(before, moves)
            assert (*effect.worse, *effect.lifted) == points.lines
            for pair in ((before, after), sides):
                (figure,) = (
                    each for each in plan_change(*pair).figures if each.metric is VIGILANCE
                )
                assert (figure.before, figure.after) == (first.count, then.count)
        told = {key: told[key] + counts[key] for key in told}
    assert all(told.values())


def test_a_dossier_lists_as_many_points_as_it_counts(study: Study) -> None:
    *_, (plan, _) = walk(study, 9)
    moved = study.with_plan(plan)
    shown = dossier(of_plan(moved, "essai.json"), ExportView("before-after"))
    comparison = shown.comparison
    assert comparison is not None
    first, then = (watch_list(side.points) for side in (comparison.earlier, shown))
    points = comparison.points
    assert then.count == first.count + len(points.new) - len(points.lifted)
    assert len(points.worse) == len(difference(vigilance(study), vigilance(moved)).worsened)
    # the other points of the page were there before, and are not worse
    others = [point for point in then.counted if point.sentence not in comparison.brought]
    assert len(others) == then.count - len(points.new) - len(points.worse)
