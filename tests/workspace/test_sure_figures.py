"""What people read of how sure minutes are, on every page and in every file."""

import csv
import io
import re

import numpy as np
import pytest

from geozones.export import attributes
from geozones.export.attributes import csv_bytes
from geozones.export.geo import layers
from geozones.export.messages import mean_and_longest
from geozones.metrics import metric
from geozones.ui.carte import drawer
from geozones.ui.widgets.panel import lycee_card
from geozones.workspace.figures.study import Study, estimated_pairs, is_estimated, written_in_full
from geozones.workspace.maps import SceneOptions, build_scene
from geozones.workspace.reachability.accessibility import trip_between, worst_pairs
from geozones.workspace.sharing.dossier import credits_of, dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline
from geozones.workspace.sharing.rows import matrix


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_what_is_estimated_is_counted_at_the_foot_of_pages_and_said_of_a_trip(
    toy: Study, guessed_toy: Study
) -> None:
    # A and B are the one pair of the nine of N1, N2 and S1; both ways, two drives of 9 × 8
    said = plain(credits_of(guessed_toy)[0])
    assert "estimés (*) : 1 trajet sur 9 entre collègues, 2 sur 72 entre lycées" in said
    assert "aucun trajet estimé" in credits_of(toy)[0]
    trip = trip_between(guessed_toy.analysis, "A", "B")
    assert (trip.minutes, trip.low, trip.high) == (10, 8, 12.5)
    assert (trip.leg_share, trip.estimated) == (0.6, True)
    assert not trip_between(guessed_toy.analysis, "B", "C").estimated


def test_tooltips_and_cards_of_a_lycee_say_that_its_releve_is_estimated(guessed_toy: Study) -> None:
    scene = build_scene(guessed_toy, SceneOptions())
    facts = {point.id: dict(point.facts) for point in scene.lycees}
    assert plain(facts["A"]["Relève"]).startswith("12 min (estimé), depuis ")
    assert plain(facts["C"]["Relève"]).startswith("9 min, depuis ")
    card = plain(str(lycee_card(guessed_toy, "A")))
    assert "12 min (estimé)" in card
    assert "à 10 min (estimé)" in plain(str(lycee_card(guessed_toy, "B")))


def test_the_heat_map_has_a_sign_on_estimates(guessed_toy: Study) -> None:
    table = plain(str(drawer.heat_map(guessed_toy, "N1")))
    cells = re.findall(r'title="([^"]*)">([^<]*)<', table)
    assert [text for _, text in cells] == ["10*", "22", "12*", "9", "22", "9"]
    assert "10 min (estimé)" in cells[0][0]
    assert "22 min," in cells[1][0]
    assert "estimé (2 sur 6)" in str(drawer.heat_note(guessed_toy, "N1"))
    assert drawer.heat_note(guessed_toy, "N2") is None


def test_figures_of_a_zone_say_that_a_drive_in_them_is_estimated(guessed_toy: Study) -> None:
    values = guessed_toy.area(zone_id="N1")

    def said(key: str) -> str:
        return plain(written_in_full(guessed_toy, metric(key), values, ["N1"]))

    assert said("mean_minutes") == "14 min (estimation partielle)"
    assert said("max_minutes") == "22 min"  # A – C, by road
    assert said("worst_releve_minutes") == "12 min (estimé)"  # from B to A
    assert estimated_pairs(guessed_toy, ["N1", "N2"]) == (1, 6)
    other = guessed_toy.area(zone_id="N2")
    assert not is_estimated(guessed_toy, metric("mean_minutes"), other, ["N2"])
    assert plain(written_in_full(guessed_toy, metric("lycees"), other, ["N2"])) == "3"


def test_a_zone_of_one_has_no_interval_and_the_longest_pairs_that_of_their_two_ways(
    cut_toy: Study, guessed_toy: Study, toy_of: object
) -> None:
    values = cut_toy.area(zone_id="N1")
    assert written_in_full(cut_toy, metric("max_minutes"), values, ["N1"]) == "sans accès"
    alone = guessed_toy.with_plan(toy_of(N1="ABCDEFGH", S1="I"))  # type: ignore[operator]
    assert written_in_full(alone, metric("max_minutes"), alone.area(zone_id="S1"), ["S1"]) == "—"
    pair = next(p for p in worst_pairs(guessed_toy, ["N1"], 9) if p.lycees == ("A", "B"))
    assert pair.minutes == 11
    assert pair.interval == pytest.approx((8.8, 13.75))
    assert pair.estimated


def test_files_have_low_high_and_estimated_beside_minutes(guessed_toy: Study) -> None:
    whole = dossier(of_baseline(guessed_toy.analysis), ExportView())
    rows = list(csv.DictReader(io.StringIO(csv_bytes(whole).decode("utf-8-sig")), delimiter=";"))
    a = next(row for row in rows if row["uai"] == "A")
    assert [a[key] for key in ("releve_min", "bas", "haut", "estime")] == ["12", "9,6", "15", "oui"]
    assert [a[f"zone_{key}"] for key in ("trajet_max_min", "bas", "haut", "estime")] == [
        "22", "17,6", "27,5", "oui",
    ]  # fmt: skip
    f = next(row for row in rows if row["uai"] == "F")
    assert (f["estime"], f["zone_estime"]) == ("non", "non")
    shapes = layers(whole)
    zone = next(properties for properties, _ in shapes["zones"] if properties["id"] == "N1")
    assert (zone["trajet_max_min"], zone["bas"], zone["haut"], zone["estime"]) == (
        22, 17.6, 27.5, True,
    )  # fmt: skip
    sector = attributes.of_sector(whole, whole.sectors[0])
    assert (sector["bas"], sector["haut"], sector["estime"]) == (17.6, 27.5, True)


def test_trips_of_a_zone_go_to_files_each_way(guessed_toy: Study) -> None:
    whole = dossier(of_baseline(guessed_toy.analysis), ExportView())
    trips = {(trip.origin, trip.destination): trip for trip in whole.zones[0].trips}
    assert len(trips) == 6
    assert (trips["B", "A"].minutes, trips["B", "A"].interval) == (12, pytest.approx((9.6, 15)))
    assert (trips["B", "A"].estimated, trips["B", "A"].leg_share) == (True, 0.6)
    assert not trips["A", "C"].estimated
    guessed = matrix(guessed_toy, ("C", "A", "B")).estimated
    assert np.argwhere(guessed).tolist() == [[1, 2], [2, 1]]


def test_a_star_is_on_the_figures_that_an_estimate_is_in_and_on_no_other(
    guessed_toy: Study,
) -> None:
    north, south = dossier(of_baseline(guessed_toy.analysis), ExportView()).sectors
    # the mean holds A – B; the longest drive, A – C, is by road; the slowest relève is B to A
    assert {"mean_minutes", "worst_releve_minutes"} <= north.zones[0].guessed
    assert "max_minutes" not in north.zones[0].guessed | north.guessed
    assert mean_and_longest(north.zones[0])[0].endswith("min\u00a0*")
    assert mean_and_longest(north.zones[0])[1].endswith("min")
    assert not north.zones[1].guessed | south.guessed
