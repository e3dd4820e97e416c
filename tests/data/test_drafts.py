"""Plans shipped: the published sectors, the frozen plan, drafts that the tool draws again."""

import json
import os
import runpy
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from geozones.domain import Plan, Scenario
from geozones.domain.places import LocationOverrides
from geozones.domain.proposal_conditions import THRESHOLD
from geozones.intake.data_folder import read_data_folder
from geozones.intake.manifest_file import find_data_folder
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import PointKind, vigilance
from geozones.workspace.scenarios.open_scenario import study_of_work, work_of
from helpers import frozen_plan
from helpers.frozen_plan import SHIPPED, write_frozen_data

SCRIPTS = SHIPPED.parent / "scripts"
FILES = ("lycees.geojson", "secteurs.json")


def test_one_command_draws_the_drafts_again_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(SHIPPED, folder, copy_function=os.symlink)
    for name in FILES:
        (folder / name).unlink()
        shutil.copy(SHIPPED / name, folder / name)
    # whatever the drafts are now, they are drawn from the first starting plan
    places = json.loads((folder / FILES[0]).read_text(encoding="utf-8"))
    draft = [f["properties"] for f in places["features"] if f["properties"]["zone"] == "NAN-2"]
    draft[0]["zone"] = "NAN-1"
    (folder / FILES[0]).write_text(json.dumps(places), encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(SCRIPTS), *sys.path])
    runpy.run_path(str(SCRIPTS / "build_drafts.py"))["build"](folder)
    for name in FILES:
        assert (folder / name).read_bytes() == (SHIPPED / name).read_bytes(), name


def test_no_draft_is_in_pieces_and_each_that_is_too_long_says_why(shipped_study: Study) -> None:
    drafts = {sector.id for sector in shipped_study.plan.sectors if sector.is_draft}
    points = [point for point in vigilance(shipped_study) if point.sector in drafts]
    assert "zone_in_one_piece" not in {point.rule for point in points}
    over = [point for point in points if point.rule == THRESHOLD]
    assert {point.zone for point in over} == {"NOL-1", "SAR-4"}
    for point in over:
        assert "Inévitable dans ce secteur" in point.sentence or point.sentence.endswith(
            "aucun découpage de ce secteur n'a tous ses trajets à 45 min au plus : prouvé par "
            "l'outil."
        )
    slow = [point for point in points if point.kind is PointKind.FRAGILE]
    assert {point.zone for point in slow} == {"NOL-1", "SAR-4"}
    for point in slow:
        assert point.sentence.endswith(
            "Inévitable dans ce secteur : aucun autre lycée n'y est à 30\u00a0min au plus."
        )


def test_a_proven_note_holds_only_of_the_lycees_that_it_was_proven_of(
    shipped_study: Study,
) -> None:
    """One lycée more in the Sarthe, and nobody knows whether a plan would keep the threshold."""
    moved = shipped_study.with_plan(shipped_study.plan.move("0720021G", "SAR-2"))
    (point,) = (p for p in vigilance(moved) if p.rule == THRESHOLD and p.zone == "SAR-4")
    assert "aucun découpage" not in point.sentence


def test_published_zones_are_as_printed_in_both_starting_plans(shipped_study: Study) -> None:
    earlier = shipped_study.atlas.data.earlier_starting_plans
    assert len(earlier) == 2
    for first in earlier:
        assert first.plan.zone_by_lycee != shipped_study.plan.zone_by_lycee
        for sector in shipped_study.plan.sectors:
            for zone in () if sector.is_draft else shipped_study.plan.zones_of(sector.id):
                assert first.plan.zone(zone.id) == zone
                assert first.plan.members(zone.id) == shipped_study.plan.members(zone.id)


def test_few_drafts_fill_their_posts_to_the_last_half_day(shipped_study: Study) -> None:
    """A half-day of need more takes a post more there; no plan has fewer such zones."""
    needs = shipped_study.ranking.model.needs
    full = [
        zone.id
        for sector in shipped_study.plan.sectors
        for zone in shipped_study.plan.zones_of(sector.id)
        if sector.is_draft
        and sum(needs[key] for key in shipped_study.plan.members(zone.id)) % 10 == 0
    ]
    assert full == ["NOL-1", "VEN-5"]


def test_a_scenario_made_on_the_first_starting_plan_keeps_it_as_its_base(
    shipped_study: Study,
) -> None:
    atlas = shipped_study.atlas
    first, *_ = atlas.data.earlier_starting_plans
    analysis = shipped_study.analysis

    def of(plan: Plan) -> Study:
        base = atlas.plan_json(plan, LocationOverrides())
        at = "2026-11-26T08:00:00Z"
        return study_of_work(
            analysis, work_of(atlas, Scenario("s", "Essai", base, "", "Ada", at, at))
        )

    old, new = of(first.plan), of(shipped_study.plan)
    assert old.analysis.baseline.plan == first.plan
    assert "du 25 novembre 2026, refaits depuis" in old.analysis.baseline.status
    assert new.analysis.baseline.plan == shipped_study.plan
    # nobody changed anything: every draft is still one, and no lycée moved
    assert old.plan.moves_from(old.analysis.baseline.plan) == ()
    assert {old.decisions.zone(zone.id).value for zone in old.plan.zones} == {"publie", "brouillon"}


def frozen() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(frozen_plan.FROZEN.read_text(encoding="utf-8"))
    return content


def test_tests_open_the_frozen_plan_over_the_shipped_places() -> None:
    read, shipped = read_data_folder(find_data_folder()), read_data_folder(SHIPPED)
    zones = {lycee: zone for zone, lycees in frozen()["lycees"].items() for lycee in lycees}
    assert dict(read.plan.zone_by_lycee) == zones
    names = [zone["nom"] for sector in frozen()["secteurs"] for zone in sector["zones"]]
    assert [zone.name for zone in read.plan.zones] == names
    assert read.lycees == shipped.lycees
    assert read.calendar == shipped.calendar


def test_a_lycee_without_a_frozen_zone_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = frozen()
    lost = plan["lycees"]["SAR-1"].pop()
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    monkeypatch.setattr(frozen_plan, "FROZEN", tmp_path / "plan.json")
    with pytest.raises(ValueError, match=lost):
        write_frozen_data(tmp_path / "data")


@pytest.fixture(scope="module")
def study(shipped_study: Study) -> Study:
    """The shipped data: the frozen plan would hide a published zone that changed."""
    return shipped_study


@pytest.fixture(scope="module")
def worst_first(study: Study) -> list[str]:
    """The published zones, by longest drive."""
    values = study.evaluator.zones(study.plan)
    published = [
        zone.id for zone in study.plan.zones if not study.plan.sector(zone.sector).is_draft
    ]
    return sorted(published, key=lambda zone: -float(str(values[zone]["max_minutes"])))


def test_sable_la_fleche_montval_is_the_worst_published_zone_over_an_hour(
    study: Study, worst_first: list[str]
) -> None:
    assert worst_first[0] == "MAY-2"
    values = study.evaluator.zone(study.plan, "MAY-2")
    assert float(str(values["max_minutes"])) > 60
    assert isinstance(values["worst_pair"], tuple)
    towns = {study.territory.lycees[lycee].commune for lycee in values["worst_pair"]}
    assert towns == {"Sablé-sur-Sarthe", "Montval-sur-Loir"}


def test_evron_mayenne_sille_is_the_second_worst(study: Study, worst_first: list[str]) -> None:
    assert worst_first[1] == "MAY-4"
    assert float(str(study.evaluator.zone(study.plan, "MAY-4")["max_minutes"])) < 60
    communes = {study.territory.lycees[lycee].commune for lycee in study.plan.members("MAY-4")}
    assert communes == {"Mayenne", "Évron", "Sillé-le-Guillaume"}


def test_the_two_worst_zones_are_told_and_the_zone_of_six_is_a_warning(
    study: Study, worst_first: list[str]
) -> None:
    published = set(worst_first)
    breaches = {(v.rule, v.zone) for v in study.analysis.check(study.plan) if v.zone in published}
    assert {
        ("zone_minutes", "MAY-2"),
        ("zone_minutes", "MAY-4"),
        ("zone_size", "MEL-1"),
    } <= breaches
    assert {zone for rule, zone in breaches if rule == "zone_size"} == {"MEL-1"}
    assert {zone for rule, zone in breaches if rule == "zone_minutes"} == {"MAY-2", "MAY-4"}


def test_the_shipped_plan_breaks_nothing_that_is_forbidden(study: Study) -> None:
    breaches = study.analysis.check(study.plan)
    assert {v.severity.value for v in breaches} <= {"information", "avertissement"}
    assert not any(v.rule in {"sector_change", "support_centre", "zone_empty"} for v in breaches)
