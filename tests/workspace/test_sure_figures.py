"""What people read of how sure minutes are, on every page and in every file."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geozones.domain.story import StepKind, Story, StoryStep
from geozones.export import attributes
from geozones.export.attributes import csv_bytes
from geozones.export.blocks import Fact, KeyFacts
from geozones.export.geo import layers
from geozones.export.pictures import sheet_of
from geozones.export.sentences import mean_and_longest
from geozones.export.xlsx import xlsx
from geozones.features.webinar.document import Slide
from geozones.features.webinar.use_cases import make_webinar
from geozones.metrics import metric
from geozones.ui.carte import drawer
from geozones.ui.widgets.panel import lycee_card
from geozones.workspace.figures.costs import ITEMS
from geozones.workspace.figures.study import Study, estimated_pairs, is_estimated, written_in_full
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene, pair_scene
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


def test_the_tooltip_of_a_way_on_the_map_says_that_it_is_estimated(guessed_toy: Study) -> None:
    (way,) = pair_scene(guessed_toy, ("A", "B"), SceneOptions()).drives
    assert plain(dict(way.facts)["Durée"]) == "10 min (estimé)"


def test_the_heat_map_has_a_sign_on_estimates(guessed_toy: Study) -> None:
    table = plain(str(drawer.heat_map(guessed_toy, "N1")))
    cells = re.findall(r'title="([^"]*)">([^<]*)<', table)
    assert [text for _, text in cells] == ["10*", "22", "12*", "9", "22", "9"]
    assert "10 min (estimé)" in cells[0][0]
    assert "22 min," in cells[1][0]
    assert "estimé (2 sur 6)" in str(drawer.heat_note(guessed_toy, "N1"))
    assert drawer.heat_note(guessed_toy, "N2") is None


def explained(study: Study, zone: str) -> str:
    """What a workbook says of intervals."""
    sector = study.plan.zone(zone).sector
    view = dossier(of_baseline(study.analysis), ExportView("sector", sector))
    sheets = pd.read_excel(io.BytesIO(xlsx(view)), sheet_name=None, header=None, engine="openpyxl")
    rows = pd.concat(sheets.values()).astype(str)
    return plain(rows.loc[rows[0] == "Bas, haut", 1].item())


def test_what_intervals_hold_is_written_where_it_was_measured(
    study: Study, guessed_toy: Study
) -> None:
    measured = explained(study, next(iter(study.plan.zones)).id)
    assert "visé à 80 % ; y tombent 85 % des 135 trajets de contrôle" in measured
    supposed = explained(guessed_toy, "N1")
    assert "par hypothèse" in supposed
    assert "sur dix" not in supposed


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
    assert mean_and_longest(north.zones[0])[0].endswith("min *")
    assert mean_and_longest(north.zones[0])[1].endswith("min")
    assert not north.zones[1].guessed | south.guessed


def test_the_sheet_of_drives_has_a_line_each_way_with_low_and_high(
    guessed_toy: Study, tmp_path: Path
) -> None:
    path = tmp_path / "toy.xlsx"
    path.write_bytes(xlsx(dossier(of_baseline(guessed_toy.analysis), ExportView())))
    trips = pd.read_excel(path, sheet_name="Trajets", engine="openpyxl")
    assert len(trips) == 3 * 6
    line = trips[(trips["UAI de départ"] == "B") & (trips["UAI d’arrivée"] == "A")].iloc[0]
    assert line["Minutes"] == 12
    assert (line["Bas (min)"], line["Haut (min)"]) == (9.6, 15)
    assert (line["Estimé"], line["Part en ligne droite (%)"]) == ("oui", 60)
    assert (trips["Estimé"] == "oui").sum() == 2


def test_the_sheet_of_the_cost_has_the_kilometres_of_each_item_in_each_zone(
    toy: Study, tmp_path: Path
) -> None:
    path = tmp_path / "toy.xlsx"
    path.write_bytes(xlsx(dossier(of_baseline(toy.analysis), ExportView())))
    sheet = pd.read_excel(path, sheet_name="Coût annuel", engine="openpyxl").set_index("Zone")
    for entry in toy.plan.zones:
        cost, line = toy.cost(zone_id=entry.id), sheet.loc[entry.name]
        assert line["Coût annuel, hors T.I.S. (h)"] == round(cost.total_hours, 1)
        for key in ("tournees", "visites", "absences"):
            assert line[f"{ITEMS[key].label}, km par an"] == round(cost.items[key].km, 1)
    tis = sheet["Déplacements des T.I.S. (hors du coût), km par an"]
    # the south names no support centre: its line is empty, never 0
    assert list(tis.notna()) == [True, True, False]


def test_slides_and_sheets_call_estimated_the_figures_that_are(guessed_toy: Study) -> None:
    subject = of_baseline(guessed_toy.analysis)
    whole = dossier(subject, ExportView())
    assert plain(sheet_of(whole, "hd").subtitle).endswith(
        "trajet moyen entre collègues 14 min, estimation partielle · le plus long 22 min"
    )
    north, south = (
        make_webinar(subject, Story((StoryStep(StepKind.ZONE, code),))).webinar.slides[0]
        for code in ("N1", "S1")
    )
    labels = [fact.label for fact in facts_of(north)]
    assert labels == [
        "Trajet moyen entre collègues (estimation partielle)",
        "Trajet le plus long",
        "Relève la plus lente (estimé)",
    ]
    assert not any("estimé" in fact.label for fact in facts_of(south))


def facts_of(slide: Slide) -> tuple[Fact, ...]:
    """The figures beside the map of a slide."""
    assert slide.picture is not None
    return next(block.facts for block in slide.picture.beside if isinstance(block, KeyFacts))
