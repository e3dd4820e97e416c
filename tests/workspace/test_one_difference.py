"""A move has one difference: each place shows the same hours, points to watch and verdict."""

import json
from math import inf

import pytest

from geozones import cli
from geozones.common.french import signed
from geozones.metrics import VIGILANCE, Change, metric, number_of
from geozones.metrics.metric_inputs import whole_hours
from geozones.rules import difference
from geozones.ui.carte.editing.destination_list import destination_line
from geozones.workspace.moves.destinations import Destination, destinations, hours_text, standings
from geozones.workspace.moves.hints import FAR, REFUSED, lycee_hints
from geozones.workspace.moves.new_points import (
    PointsChange,
    points_counted,
    points_json,
    points_sentence,
)
from geozones.workspace.moves.preview import preview
from geozones.workspace.plan_comparison import headline, region_values
from geozones.workspace.study import Study
from geozones.workspace.vigilance import vigilance

#: Lycées of towns and of the country, at the border of a sector and inside one.
LYCEES = ("0720012X", "0490055U", "0440062D", "0850006V", "0530016E")
TOTAL = metric("total_hours")
#: Figures of the headline in whole numbers.
IN_HOURS = ("road_hours", "rupture_hours")
IN_WHOLE = (*IN_HOURS, VIGILANCE.key)


def moves(study: Study) -> list[tuple[str, Destination]]:
    return [
        (lycee, entry)
        for lycee in LYCEES
        for entry in destinations(study, lycee)
        if entry.allowed and not entry.alone
    ]


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


def test_a_drive_or_a_releve_that_grows_is_told_in_minutes(study: Study) -> None:
    racan, mamers = "0720012X", study.plan.members("SAR-4")
    table = study.times.both_ways
    before = max(table[a][b] for a in mamers for b in mamers)
    after = max(before, *(table[racan][b] for b in mamers))
    assert after - before > 1
    change = preview(study, racan, "SAR-4").points
    said = [after.since(before).replace("\xa0", " ") for before, after in change.worsened]
    assert f"trajet le plus long {before:.0f} → {after:.0f} min" in said
    assert change.more == 2


def watched(study: Study, lycee: str, zone: str) -> str:
    return preview(study, lycee, zone).answer.splitlines()[-1].replace("\xa0", " ")


def test_each_place_shows_the_same_difference_of_a_move(study: Study) -> None:
    told = 0
    for lycee, entry in moves(study)[::3]:
        then = study.with_plan(study.plan.move(lycee, entry.zone))
        before, after = (region_values(each) for each in (study, then))
        # the difference of the two values shown of the region
        hours = Change(TOTAL, before[TOTAL.key], after[TOTAL.key])
        shown = hours_text(hours)
        start, end = (number_of(side[TOTAL.key]) or 0.0 for side in (before, after))
        assert shown == f"{signed(round(end) - round(start), 0)} h"
        first, then_watched = (number_of(side[VIGILANCE.key]) or 0 for side in (before, after))
        watched = round(then_watched - first)
        stand = standings(study, lycee, [entry])[entry.zone]
        # the ranking and its menu
        assert (hours_text(entry.hours), entry.more_points) == (shown, watched), entry.zone
        # zone by zone as in the two whole lists
        change = difference(vigilance(study), vigilance(then))
        assert [
            keys(each) for each in (entry.points, preview(study, lycee, entry.zone).points)
        ] == [keys(change)] * 2
        assert shown in destination_line(study.plan, entry, stand)
        # the label of a drag
        hint = lycee_hints(study, lycee)[entry.zone]
        if hint.grade not in {REFUSED, FAR}:
            facts = dict(hint.facts)
            assert facts.get(TOTAL.short, "0 h") == shown, entry.zone
            assert facts.get(VIGILANCE.label, "") == points_counted(change), entry.zone
        # the answer, and the figures under it
        effect = preview(study, lycee, entry.zone)
        _, said, watch = effect.answer.split("\n")
        assert said == f"{shown} par an, {stand.judgement.short}."
        assert watch == points_sentence(change)
        # one wording: of the ranking, of the answer and of what is under it
        assert stand.judgement.short in stand.short or entry.more_posts > 0
        assert effect.summary.startswith(f"Au total : {stand.judgement.short}")
        # the strip of the region, and a comparison of scenarios
        parts = {change.metric.key: change for change in effect.headline}
        whole = {change.metric.key: change for change in headline(study, then)}
        for key in IN_WHOLE:
            assert parts[key].gap(0) == whole[key].gap(0), key
        # road and ruptures add up to the yearly hours, to the hour
        gaps = {key: _whole(parts[key]) for key in IN_HOURS}
        assert sum(gaps.values()) == round(end) - round(start), entry.zone
        told += 1
    assert told >= 20


def _whole(change: Change) -> int:
    """Return a change in hours as it is written."""
    return int(change.gap(0).replace("\u2212", "-").replace("\u202f", ""))


def test_parts_of_the_yearly_hours_are_written_so_that_they_add_up() -> None:
    for rank in range(500):
        road, rupture = rank * 7.137 % 5000, rank * 0.619 % 80
        values = {"road_hours": road, "rupture_hours": rupture, "total_hours": road + rupture}
        whole = whole_hours(values)
        assert sum(whole.values()) == round(road + rupture)
        assert all(abs(values[key] - hours) < 1 for key, hours in whole.items())
    # ruptures that weigh two hours, and a lycée that cannot be reached: each by itself
    assert whole_hours({"road_hours": 1.4, "rupture_hours": 1.4, "total_hours": 4.2}) == {}
    assert whole_hours({"road_hours": inf, "rupture_hours": 1.4, "total_hours": inf}) == {}


@pytest.mark.parametrize("lycee", LYCEES[:2])
def test_the_command_line_shows_it_too(
    study: Study, lycee: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["destinations", lycee, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["destinations"]
    known = {entry.zone: entry for entry in destinations(study, lycee)}
    assert {row["zone"]: row["hours"] for row in told} == {
        zone: hours_text(entry.hours) for zone, entry in known.items()
    }
    zone = next(row["zone"] for row in told if row["allowed"])
    assert cli.main(["move", lycee, zone, "--json"]) == 0
    moved = json.loads(capsys.readouterr().out)
    figures = {figure["key"]: figure for figure in moved["figures"]}
    effect = preview(study, lycee, zone)
    for change in effect.headline:
        if change.metric.key in IN_WHOLE and not change.is_same:
            assert figures[change.metric.key]["text"].endswith(f"({change.gap(0)})")


def test_a_difference_without_a_way_is_endless(cut_toy: Study) -> None:
    entry = next(entry for entry in destinations(cut_toy, "C") if entry.zone == "N2")
    assert hours_text(entry.hours) == "−∞ h"
