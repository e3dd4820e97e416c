"""Points to watch: one list, the same figures wherever they are counted, that add up."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.domain import DecisionStatus, Plan
from geozones.domain.proposal_conditions import THRESHOLD
from geozones.domain.teams import FREE, SLOTS, Post, Teams
from geozones.metrics.metric_registry import VIGILANCE, watch_list
from geozones.rules import RuleOrigin, Severity, difference, touched_zones
from geozones.workspace.figures.plan_comparison import compare_regions, plan_change
from geozones.workspace.figures.study import Study, study_of
from geozones.workspace.figures.vigilance import (
    PointKind,
    VigilancePoint,
    chosen,
    forced,
    in_short,
    vigilance,
)
from geozones.workspace.moves.new_points import (
    points_brought,
    points_brought_by,
    points_json,
    points_told,
)
from geozones.workspace.moves.preview import preview_all
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_plan
from helpers.fixture_types import Draw


def of_kind(study: Study, kind: PointKind) -> list[VigilancePoint]:
    return [point for point in vigilance(study) if point.kind is kind]


def near(study: Study, minutes: float) -> Study:
    return study.with_team_settings(replace(study.settings.teams, near_minutes=minutes))


def post(key: str, zone: str, cells: str) -> Post:
    """A post; a letter a half-day is a lycée, ``-`` a free one."""
    week = [FREE if cell == "-" else cell for cell in cells.ljust(10, "-")]
    return Post(key, zone, cells=tuple(week), residence=next(iter(cells)))


def test_every_breach_is_a_point_and_information_is_last_and_not_counted(study: Study) -> None:
    points = vigilance(study)
    told = [point.sentence for point in points if point.kind is PointKind.RULE]
    assert len(told) == len(study.check())
    assert all(
        any(sentence.startswith(breach.message) for sentence in told) for breach in study.check()
    )
    assert [point.severity for point in points][-1] is Severity.INFO
    assert watch_list(points).count == sum(point.severity is not Severity.INFO for point in points)


def test_a_point_leads_to_its_zone_or_its_sector_and_has_their_status(
    toy: Study, toy_of: Draw
) -> None:
    study = toy.with_plan(toy_of(N1="AB", N2="CDE", S1="FGHI"))
    by_rule = {point.rule: point for point in vigilance(study)}
    average, size = by_rule["sector_average"], by_rule["zone_size"]
    assert (average.place, size.place) == ("sector:nord", "zone:N1")
    assert average.status is size.status is DecisionStatus.PUBLISHED
    assert average.is_decided
    draft = near(toy.with_plan(toy_of(N1="ABC", N2="DEF", S1="GHI")), 9.5)
    (slow,) = [point for point in vigilance(draft) if point.zone == "S1"]
    assert (slow.status, slow.is_decided) == (DecisionStatus.DRAFT, False)


def test_a_zone_is_fragile_over_the_delay_of_a_fast_releve_and_at_it_is_not(
    toy: Study,
) -> None:
    """B and C are 9 minutes apart; from B to A it takes 12, from A to B 10."""
    assert of_kind(near(toy, 12), PointKind.FRAGILE) == []
    (point,) = of_kind(near(toy, 11.9), PointKind.FRAGILE)
    assert (point.zone, point.lycees, point.origin) == ("N1", ("A",), RuleOrigin.YOURS)
    assert "d'Ampère (Aubigny) est à Becquerel (Brissac), à 12" in point.sentence


def test_several_lycees_that_only_one_colleague_is_near_rest_on_it(toy: Study) -> None:
    """B is 12 minutes from A and 9 from C, which are 22 apart; E is at 10 of D and F."""
    assert of_kind(near(toy, 30), PointKind.SINGLE) == []
    points = {point.zone: point for point in of_kind(near(toy, 12), PointKind.SINGLE)}
    assert points["N1"].lycees == ("B", "A", "C")
    assert points["N2"].lycees == ("E", "D", "F")
    assert near(toy, 22).plan is toy.plan
    assert "N1" not in {point.zone for point in of_kind(near(toy, 22), PointKind.SINGLE)}
    # over 9 and under 12, nobody is near A: B is left without two lycées that rest on it
    assert "N1" not in {point.zone for point in of_kind(near(toy, 9.5), PointKind.SINGLE)}


def test_a_threshold_inside_the_interval_of_its_minutes_is_to_be_confirmed(
    guessed_toy: Study, toy_of: Draw
) -> None:
    """Every drive is between 0.8 and 1.25 times its minutes: C to G takes 40 to 62.5, not 50."""
    study = guessed_toy.with_plan(toy_of(N1="AB", N2="DEF", S1="CGHI"))

    def doubts(limit: float) -> list[bool]:
        found = replace(study, analysis=study.analysis.with_max_minutes(limit))
        return [point.to_confirm for point in vigilance(found) if point.rule == "zone_minutes"]

    # at 40 another drive may be under it; below 40, C to G never is
    assert (doubts(51), doubts(45), doubts(40), doubts(39.9)) == ([], [True], [True], [False])
    (point,) = [point for point in vigilance(study) if point.rule == "zone_minutes"]
    assert point.sentence.endswith("(seuil : 45\u00a0min), à confirmer.")


@pytest.mark.parametrize(
    ("kind", "minutes", "unsure"),
    [
        # from B to A: 12 minutes, 9.6 to 15
        (PointKind.FRAGILE, 11.9, True),
        (PointKind.FRAGILE, 9.5, False),
        # B alone is near A and C, which are 17.6 to 27.5 apart
        (PointKind.SINGLE, 12, True),
        (PointKind.SINGLE, 15, False),
        (PointKind.SINGLE, 17.6, True),
    ],
)
def test_a_releve_whose_delay_is_inside_its_interval_is_to_be_confirmed(
    guessed_toy: Study, kind: PointKind, minutes: float, *, unsure: bool
) -> None:
    (point,) = [p for p in of_kind(near(guessed_toy, minutes), kind) if p.zone == "N1"]
    assert point.to_confirm is unsure
    assert (", à confirmer." in point.sentence) is unsure


def test_points_to_confirm_are_counted_apart(guessed_toy: Study) -> None:
    """In each zone two lycées depend on one: at 12 minutes at most in N1, at 10 in the others."""
    points = vigilance(near(guessed_toy, 13))
    assert watch_list(points).text == "3\u00a0points de vigilance, dont 1 à confirmer"
    assert watch_list(chosen(points, zone_id="N1")).text == "1\u00a0point de vigilance, à confirmer"
    assert watch_list(chosen(points, zone_id="N2")).text == "1\u00a0point de vigilance"
    assert watch_list([]).text == "Aucun point de vigilance"


def test_points_of_the_tool_go_with_its_rules(study: Study) -> None:
    left = vigilance(study.without_tool_rules())
    assert left == chosen(vigilance(study), origin=RuleOrigin.DOCUMENT)
    assert {point.origin for point in left} == {RuleOrigin.DOCUMENT}


@given(data=st.data())
def test_filters_share_the_list_out(study: Study, data: st.DataObject) -> None:
    plan = study.plan
    lycees = st.sampled_from(plan.lycees)
    zones = st.sampled_from([zone.id for zone in plan.zones])
    for step in data.draw(st.lists(st.tuples(lycees, zones), max_size=4)):
        plan = plan.move(*step)
    points = vigilance(study.with_plan(plan))
    parts = (
        [chosen(points, sector_id=sector.id) for sector in plan.sectors],
        [chosen(points, decided=decided) for decided in (True, False)],
        [chosen(points, origin=origin) for origin in RuleOrigin],
    )
    for shares in parts:
        assert sorted(map(repr, points)) == sorted(repr(p) for share in shares for p in share)
    for point in points:
        assert point in chosen(
            points,
            sector_id=point.sector,
            zone_id=point.zone,
            decided=point.is_decided,
            origin=point.origin,
        )


def test_posts_change_neither_the_points_nor_a_comparison(toy: Study) -> None:
    """A post alone in its zone, away on most days: that is about posts, not about the map."""
    staffed = near(toy, 12).with_teams(Teams(posts=(post("t1", "N1", "AABB"),)))
    plain = staffed.with_teams(Teams())
    assert watch_list(vigilance(plain)).count > 0
    assert vigilance(staffed) == vigilance(plain)
    assert len(staffed.alerts()) > len(plain.alerts())
    for before, after in ((plain, staffed), (staffed, plain)):
        changes = {change.metric.key: change for change in compare_regions(before, after)}
        assert changes["vigilance"].is_same
        assert changes["breaches"].is_same
        assert changes["breaches"].before == len(plain.alerts())  # as this plan says alone


@pytest.mark.parametrize(
    ("limit", "zones", "reason"),
    [
        # G is 10 minutes from H only; H has both near it, 20 minutes from one another
        (12, {"S1": "GHI"}, "Galilée (Guérande) n'y a qu'un lycée à 12\u00a0min au plus."),
        # A could be with B and C, and F with C and E
        (26, {"N1": "AFE", "N2": "BCD"}, None),
    ],
)
def test_geography_forces_a_zone_only_where_no_other_zone_would_do(
    toy: Study, toy_of: Draw, limit: int, zones: dict[str, str], reason: str | None
) -> None:
    plan = toy_of(**{"N1": "ABC", "N2": "DEF", "S1": "GHI"} | zones)
    study = study_of(toy.analysis.with_max_minutes(limit)).with_plan(plan)
    breach = next(
        entry for entry in study.check() if entry.rule == THRESHOLD and entry.zone in zones
    )
    assert forced(study, breach) == (f"Inévitable dans ce secteur : {reason}" if reason else "")


def test_what_the_plan_itself_causes_is_not_inevitable(toy: Study, toy_of: Draw) -> None:
    """G and H are near one another, in a sector of three, until the plan takes H away."""

    def causes(moved: str, **zones: str) -> list[str]:
        found = vigilance(near(study.with_plan(toy_of(**zones)), 12))
        return [point.cause for point in found if moved in point.lycees and point.zone == "S1"]

    study = study_of(toy.analysis.with_max_minutes(12))
    assert any(causes("G", N1="ABC", N2="DEF", S1="GHI"))
    taken = causes("G", N1="ABCH", N2="DEF", S1="GI")
    assert taken
    assert not any(taken)


def test_a_slow_releve_says_where_no_lycee_of_the_sector_is_near(toy: Study, toy_of: Draw) -> None:
    """A is 12 minutes from B, its nearest lycée in the north."""

    def told(plan: Plan, minutes: float) -> str:
        points = of_kind(near(toy.with_plan(plan), minutes), PointKind.FRAGILE)
        (point,) = (point for point in points if point.zone == "N1")
        return point.sentence

    assert told(toy.plan, 11).endswith(
        "Inévitable dans ce secteur : aucun autre lycée n'y est à 11\u00a0min au plus."
    )
    # B is in another zone: a plan could bring them together
    assert "l'impose" not in told(toy_of(N1="ACF", N2="BDE", S1="GHI"), 15)


def test_a_point_is_said_in_a_few_words(study: Study, toy: Study) -> None:
    said = {in_short(study, point).replace("\u00a0", " "): point for point in vigilance(study)}
    assert "Montval-sur-Loir – Sablé-sur-Sarthe, 74 min" in said
    assert "Châteaubriant, relève à 42 min" in said
    assert "Angers centre – Sainte-Gemmes, 6 lycées" in said
    assert said["Jacques Prévert (Savenay), seul près de 2 lycées, à confirmer"].to_confirm
    assert max(len(text.split()) for text in said) <= 14
    moved = toy.with_plan(toy.plan.move("F", "S1"))
    assert "change de secteur" in " ".join(in_short(moved, point) for point in vigilance(moved))


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
    first, then = (watch_list(side.points) for side in (comparison.earlier, shown))
    points = comparison.points
    assert then.count == first.count + len(points.new) - len(points.lifted)
    assert len(points.worse) == len(difference(vigilance(study), vigilance(moved)).worsened)
    # the other points of the page were there before, and are not worse
    others = [point for point in then.counted if point.sentence not in comparison.brought]
    assert len(others) == then.count - len(points.new) - len(points.worse)
