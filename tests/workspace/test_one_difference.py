"""A move has one difference: each place shows the same hours, points to watch and verdict."""

import json
import re
from html import unescape
from math import inf
from pathlib import Path

import pytest

from geozones import cli
from geozones.effect import Effect
from geozones.export.registry import format_of
from geozones.export.reports import headline
from geozones.metrics.metric import whole_hours
from geozones.metrics.metric_changes import change_text, short_text, short_value
from geozones.rules import difference
from geozones.ui.carte.moves import _row, destination_line, effect_card
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import vigilance
from geozones.workspace.moves.destinations import (
    POSTS,
    Destination,
    destinations,
    hours_text,
    lycee_hints,
)
from geozones.workspace.moves.new_points import PointsChange, points_json, points_told
from geozones.workspace.moves.preview import preview
from geozones.workspace.proposals.packages import proposal_of
from geozones.workspace.proposals.solve import options_of, propose
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, briefing_of, of_plan
from helpers.file_texts import READERS

#: Lycées of towns and of the country, at the border of a sector and inside one.
LYCEES = ("0720012X", "0490055U", "0440062D", "0850006V", "0530016E")
#: The figures that tell every change, in their order; shares of absences stand with the hours.
FIGURES = [
    "road_hours",
    "unattended_hours",
    "absorbed_share",
    "posts",
    "worst_releve_minutes",
    "vigilance",
]


def chosen_moves(study: Study) -> list[tuple[str, Destination]]:
    """Twenty moves, some of which add or save a post."""
    open_to = [
        (lycee, entry)
        for lycee in LYCEES
        for entry in destinations(study, lycee)
        if entry.allowed and not entry.alone
    ]
    with_posts = [each for each in open_to if each[1].more_posts]
    others = [each for each in open_to if not each[1].more_posts]
    return with_posts[:: len(with_posts) // 5][:5] + others[:: len(others) // 15][:15]


def keys(change: PointsChange) -> list[set[object]]:
    """What identifies the points brought, ended and worsened."""
    worsened = {(before.key, before.measure, after.measure) for before, after in change.worsened}
    return [{p.key for p in change.introduced}, {p.key for p in change.resolved}, worsened]


def test_points_that_are_new_worse_and_lifted_are_three_counts(study: Study) -> None:
    """The zone of Pornic has two pieces already, and Heinlex touches neither."""
    assert watched(study, "0441823T", "NOL-3") == "Points de vigilance : 1 aggravé."
    both = "Points de vigilance : 3 nouveaux, 1 aggravé, 1 levé."
    assert watched(study, "0440001M", "NOL-3") == both
    effect = preview(study, "0440001M", "NOL-3")
    assert points_json(effect.points) == {"new": 3, "worse": 1, "lifted": 1}
    starts = [line.split(" : ")[0] for line in (*effect.worse, *effect.lifted)]
    assert starts == ["Nouveau"] * 3 + ["Aggravé", "Levé"]
    (worse,) = (line for line in effect.worse if line.startswith("Aggravé"))
    assert worse.replace("\xa0", " ").endswith("(2 → 3 parties séparées).")


def watched(study: Study, lycee: str, zone: str) -> str:
    return points_told(preview(study, lycee, zone).points).sentence.replace("\xa0", " ")


def test_each_place_tells_a_move_by_the_same_figures(study: Study) -> None:
    """The ranking, its menu, the label of a drag, the panel, its detail."""
    told, with_posts = 0, 0
    for lycee, entry in chosen_moves(study):
        then = study.with_plan(entry.after)
        change = plan_change(study, then)
        assert [each.metric.key for each in change.figures] == FIGURES
        # points as in the two whole lists
        points = difference(vigilance(study), vigilance(then))
        effect = preview(study, lycee, entry.zone)
        assert [keys(each) for each in (entry.points, effect.points)] == [keys(points)] * 2
        assert effect.change == change
        assert (entry.judgement is None) is (change.judgement is None)
        if entry.judgement is not None and change.judgement is not None:
            assert entry.judgement.outcome is change.judgement.outcome
            assert entry.judgement.road == pytest.approx(change.judgement.road)
            assert entry.judgement.error == change.judgement.error
        # figures without a drive are known before the move is made
        early = [short_value(each) for each in entry.shown]
        assert early == [short_value(each) for each in change.figures[:4]], entry.zone
        hint = lycee_hints(study, lycee)[entry.zone]
        assert [value for _, value in hint.facts[:-1]] == [
            short_value(each) for each in change.figures[:-1]
        ]
        row = plain("".join(map(str, _row(study, entry))))
        line = plain(destination_line(study.plan, entry))
        for text in early[:2]:
            assert plain(text) in row
            assert plain(text) in line
        for text in (effect.sentence, str(effect_card(effect))):
            tells(text, change)
        if change.posts:
            assert change.posts in hint.remark
            assert plain(change.posts) in row
        assert (hint.grade == POSTS) is (change.judgement is None)
        with_posts += change.judgement is None
        told += 1
    assert told == 20
    assert with_posts >= 4


def test_each_file_and_answer_tells_a_plan_by_the_same_figures(
    study: Study,
) -> None:
    """Five packages, and a move with a post more: figures of files, director's page."""
    plans = []
    for sector in study.plan.sectors:
        options = options_of(sectors=frozenset({sector.id}))
        proposal = proposal_of(study, propose(study, options).plan, options)
        for package in proposal.packages[: 5 - len(plans)]:
            plans.append(proposal.plan_with([package]))
            assert package.change == plan_change(study, study.with_plan(plans[-1]))
    assert len(plans) == 5
    for plan in (*plans, study.plan.move("0720012X", "SAR-2")):
        then = study.with_plan(plan)
        change = plan_change(study, then)
        shown = dossier(of_plan(then, "essai.json"), ExportView("before-after"))
        comparison, director = shown.comparison, briefing_of(shown)
        assert comparison is not None
        tells("\n".join(director.message), change)
        told = [fact.value for fact in headline(comparison)]
        named = [fact.label for fact in headline(comparison)]
        assert "Relève la plus lente des zones touchées" in named
        assert told == [each.arrow(each.told_digits) for each in change.figures]  # as on screen
        assert (change.judgement is None) is ("pas de verdict" in director.verdict)


@pytest.mark.parametrize("kind", ["xlsx", "pptx", "html", "pdf"])
def test_each_file_of_a_move_with_a_post_more_says_so_first(study: Study, kind: str) -> None:
    then = study.with_plan(study.plan.move("0720012X", "SAR-2"))
    shown = dossier(of_plan(then, "essai.json"), ExportView("before-after"))
    tells(READERS[kind](format_of(kind).make(shown)), plan_change(study, then))


def tells(text: str, change: Effect) -> None:
    """Check that a text has the posts, and the figures after a change of them, in any form."""
    words = plain(re.sub(r"<[^>]+>", " ", unescape(text))).casefold()
    for each in change.figures:
        cells = f"{each.metric.label} {each.before_text} {each.after_text}"
        hours = each.gap(0).lstrip("+\u2212")  # as in the title: « 83 heures de route de plus »
        title = f"{hours} heures {each.metric.short.lower().removeprefix('heures ')}"
        forms = (change_text(each), short_text(each), each.arrow(), cells, title)
        assert any(plain(form).casefold() in words for form in forms), each.metric.key
    if change.posts:
        said = words.find(plain(change.posts).casefold().rstrip("."))
        hours = plain(change.figures[0].gap(0)).lstrip("+\u2212")
        told = (words.find(f"{hours} heure"), words.find(hours, words.find("route")))
        assert said >= 0
        if change.judgement is None:  # more or fewer posts: told before the hours
            assert said < min(at for at in told if at >= 0)
    if change.judgement is None:
        assert not re.search(r"(au total|plutôt|changement) :? ?(dé)?favorable", words)


def plain(text: str) -> str:
    return " ".join(text.replace("\u202f", " ").replace("’", "'").split())


def test_the_yearly_hours_are_written_as_the_sum_of_their_parts() -> None:
    for rank in range(500):
        road, absent = rank * 7.137 % 5000, rank * 0.619 % 80
        values = {"road_hours": road, "unattended_hours": absent, "total_hours": road + absent}
        whole = whole_hours(values)
        assert whole == {"total_hours": round(road) + round(absent)}
    # an hour without technician that weighs two, and a lycée that cannot be reached: each by itself
    assert whole_hours({"road_hours": 1.4, "unattended_hours": 1.4, "total_hours": 4.2}) == {}
    assert whole_hours({"road_hours": inf, "unattended_hours": 1.4, "total_hours": inf}) == {}


@pytest.mark.parametrize(("lycee", "zone"), [("0720012X", "SAR-2"), ("0720012X", "SAR-4")])
def test_the_command_line_tells_it_too(
    study: Study, lycee: str, zone: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change = preview(study, lycee, zone).change
    moved = tmp_path / "essai.plan.json"
    assert cli.main(["move", lycee, zone, "--json", "--out", str(moved)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [figure["key"] for figure in answer["figures"]] == FIGURES
    assert [figure["after"] for figure in answer["figures"]] == [
        pytest.approx(each.after, abs=0.01) for each in change.figures
    ]
    assert answer["posts_change"] == change.posts
    assert answer["verdict"] == (change.judgement and change.judgement.short)
    before, after = (answer[side]["region"] for side in ("before", "after"))
    assert after["posts"] - before["posts"] == (zone == "SAR-2")
    assert after["absorbed_share"] == pytest.approx(change.figures[2].after, abs=0.01)
    for command in (["move", lycee, zone], ["destinations", lycee]):
        assert cli.main(command) == 0
        said = capsys.readouterr().out
        assert change.posts in said


def test_a_difference_without_a_way_is_endless(cut_toy: Study) -> None:
    entry = next(entry for entry in destinations(cut_toy, "C") if entry.zone == "N2")
    assert hours_text(entry.hours) == "−∞ h"
