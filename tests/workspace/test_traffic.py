"""Peak hours on the shipped data: who is slowed, by how much, and where it is said."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from geozones.domain.peak import Moment, PeakProfile
from geozones.domain.places import LocationOverrides, Spot
from geozones.export.attributes import csv_bytes
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.reachability.accessibility import access
from geozones.workspace.reachability.trips import trip_between
from geozones.workspace.sharing.credits import credits_of
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline
from geozones.workspace.study import Study, open_study, study_of

LIVET, MICHELET, SAINT_HERBLAIN = "0440029T", "0440034Y", "0442207K"
EVRON, CHATEAU_GONTIER, MAYENNE = "0530949U", "0530004S", "0530016E"
NANTES, EVRON_COMMUNE = "commune:44109", "commune:53097"
IN_NANTES = Spot(47.2184, -1.5536)


@pytest.fixture(scope="module")
def morning(study: Study) -> Study:
    return study_of(study.analysis.with_moment(Moment.MORNING))


@pytest.fixture(scope="module")
def evening(study: Study) -> Study:
    return study_of(study.analysis.with_moment(Moment.EVENING))


def test_nantes_is_slowed_and_mayenne_is_not(study: Study, morning: Study, evening: Study) -> None:
    for origin, destination in ((EVRON, CHATEAU_GONTIER), (MAYENNE, EVRON)):
        usual = study.times.between(origin, destination)
        assert morning.times.between(origin, destination) == usual
        assert evening.times.between(origin, destination) == usual
    usual = study.times.between(LIVET, MICHELET)
    assert morning.times.between(LIVET, MICHELET) == pytest.approx(1.04 * usual)
    assert evening.times.between(LIVET, MICHELET) == pytest.approx(1.11 * usual)
    # far enough: 15 minutes of the trip are Nantes's
    far = study.times.between(EVRON, LIVET)
    assert evening.times.between(EVRON, LIVET) == pytest.approx(far + 0.11 * 15)


def test_no_drive_is_shorter_at_peak_hours(study: Study, morning: Study, evening: Study) -> None:
    for slow in (morning, evening):
        assert np.all(slow.times.minutes >= study.times.minutes)
    assert np.all(evening.times.minutes >= morning.times.minutes)
    np.testing.assert_array_equal(evening.times.km, study.times.km)


def test_the_interval_of_a_drive_is_slowed_with_it(study: Study, evening: Study) -> None:
    for ends in ((LIVET, MICHELET), (EVRON, LIVET)):
        ratio = evening.times.between(*ends) / study.times.between(*ends)
        assert ratio > 1
        expected = [ratio * bound for bound in study.times.interval(*ends)]
        assert evening.times.interval(*ends) == pytest.approx(expected)
        assert evening.times.leg_share_between(*ends) == study.times.leg_share_between(*ends)
    row, column = (study.times.origin_index[key] for key in (LIVET, MICHELET))
    log_error = study.times.log_errors((row, column))
    assert evening.times.log_errors((row, column)) == pytest.approx(log_error)


def test_off_peak_is_as_before_and_back_again(study: Study, evening: Study) -> None:
    usual = study.times.minutes.tolist()
    assert study.analysis.with_moment(Moment.OFF_PEAK).times.minutes.tolist() == usual
    assert evening.times.minutes.tolist() != usual
    assert evening.analysis.with_moment(Moment.OFF_PEAK).times.minutes.tolist() == usual


def test_a_moment_and_the_expert_s_factor_multiply(study: Study, evening: Study) -> None:
    both = evening.analysis.with_peak_factor(1.3)
    assert both.times.between(LIVET, MICHELET) == pytest.approx(
        1.3 * evening.times.between(LIVET, MICHELET)
    )
    assert both.times.between(EVRON, MAYENNE) == pytest.approx(
        1.3 * study.times.between(EVRON, MAYENNE)
    )
    assert both.peak_note == " (pointe du soir ×\u00a01,3)"
    assert both.with_max_minutes(30).home.relocated(LocationOverrides()).traffic == both.traffic


def test_communes_and_typed_points_are_slowed_alike(study: Study, evening: Study) -> None:
    point = f"{IN_NANTES.lat},{IN_NANTES.lon}"
    for origin in (LIVET, NANTES, point):
        usual, slow = (trip_between(s.analysis, origin, NANTES) for s in (study, evening))
        assert slow.minutes == pytest.approx(1.11 * usual.minutes)
        before, after = (access(s.analysis, origin) for s in (study, evening))
        pairs = {a.commune.place: (a.minutes, b.minutes) for a, b in zip(
            before.communes, after.communes, strict=True
        )}  # fmt: skip
        far, far_slow = pairs[EVRON_COMMUNE]
        assert far_slow == pytest.approx(far + 0.11 * 15)
    for origin in ("48.1535,-0.4028", "46.0,-2.5"):  # Évron; at sea
        usual, slow = (trip_between(s.analysis, origin, EVRON) for s in (study, evening))
        assert slow.minutes == pytest.approx(usual.minutes)


@pytest.mark.slow
def test_a_lycee_that_a_scenario_puts_in_nantes_has_its_traffic(study: Study) -> None:
    there = LocationOverrides().with_spot(EVRON, IN_NANTES)
    usual = study.analysis.relocated(there)
    slow = usual.with_moment(Moment.EVENING)
    minutes, longer = (each.times.between(EVRON, LIVET) for each in (usual, slow))
    assert longer == pytest.approx(1.11 * minutes)


def test_isochrones_are_asked_for_shorter_at_peak_hours(study: Study, evening: Study) -> None:
    nantes, evron = (IN_NANTES.lat, IN_NANTES.lon), (48.1535, -0.4028)
    assert evening.analysis.off_peak_minutes((60.0,), nantes) == (pytest.approx(60 - 0.11 * 15),)
    assert evening.analysis.off_peak_minutes((60.0,), evron) == (60,)
    assert study.analysis.with_peak_factor(1.5).off_peak_minutes((60.0,), evron) == (40,)


def test_a_route_is_slowed_as_the_matrix_is(study: Study, evening: Study) -> None:
    usual = study.times.between(EVRON, LIVET)
    assert evening.analysis.slowed(usual, EVRON, LIVET) == pytest.approx(
        evening.times.between(EVRON, LIVET)
    )
    assert study.analysis.slowed(usual, EVRON, LIVET) == usual


def test_a_region_without_peak_hours_has_one_duration(study: Study, data_copy: Path) -> None:
    (data_copy / "heures_de_pointe.json").unlink()
    evening = open_study(data_copy).analysis.with_moment(Moment.EVENING)
    np.testing.assert_array_equal(evening.times.minutes, study.times.minutes)


def test_the_moment_is_said_on_maps_in_files_and_in_credits(study: Study, evening: Study) -> None:
    assert "voiture, heures creuses" in credits_of(study)[0]
    assert "voiture, pointe du soir" in credits_of(evening)[0]
    zone = build_scene(evening, SceneOptions()).zones[0]
    assert ("Durées", "pointe du soir") in zone.facts
    assert "Durées" not in dict(build_scene(study, SceneOptions()).zones[0].facts)
    made = dossier(of_baseline(evening.analysis), ExportView("sector", "mayenne"))
    assert made.peak_note == "pointe du soir"
    text = io.StringIO(csv_bytes(made).decode("utf-8-sig"))
    rows = list(csv.DictReader(text, delimiter=";"))
    assert {row["heure_de_pointe"] for row in rows} == {"pointe du soir"}


def test_the_shipped_factors_are_of_the_region_and_say_what_is_measured(study: Study) -> None:
    areas = {area.name: area for area in study.atlas.peak.areas}
    assert [name for name, area in areas.items() if area.factors.measured] == ["Nantes"]
    assert "Nantes Métropole" in areas["Nantes"].factors.source
    names = {entry.code: entry.name for entry in study.atlas.communes}
    for area in areas.values():
        for town, codes in area.towns:
            assert town in {names[code] for code in codes}


def test_a_territory_without_towns_is_untouched(toy: Study) -> None:
    assert toy.atlas.peak == PeakProfile()
    slow = toy.analysis.with_moment(Moment.MORNING)
    assert slow.times.between("A", "B") == 10
    assert slow.times.between("B", "A") == 12
