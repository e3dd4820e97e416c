"""Several territories side by side: the figures of each, what adds up, and a map of them all."""

import csv
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image
from shapely import unary_union
from shapely.geometry import MultiPoint, box, shape

from geozones import cli
from geozones.domain.terms import COMMON_TERMS, TODAY, terms, using_terms
from geozones.export.overview import FIGURES, FORMATS, Overview, OverviewRow, png, svg
from geozones.intake.data_folder import find_data_folder, use_configured_territory
from geozones.metrics import metric
from geozones.workspace.overview import read_overview
from helpers.other_folder import SITES, write_other_folder

type Answer = dict[str, Any]


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A territory of twelve agencies far away, whose limit is 40 min."""
    return write_other_folder(tmp_path_factory.mktemp("away") / "uusimaa")


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same at the same place, of offices."""
    return write_other_folder(tmp_path_factory.mktemp("away") / "offices", word_set="bureaux")


def test_each_territory_has_its_own_figures_and_the_total_adds_what_adds_up(
    away: Path, answer: Callable[..., Answer]
) -> None:
    here = find_data_folder()
    metrics, cost = answer("metrics")["region"], answer("cost")["region"]
    found = answer("overview", str(here), str(away))
    assert [row["name"] for row in found["territories"]] == ["Pays de la Loire", "Uusimaa"]
    assert [row["limit_minutes"] for row in found["territories"]] == [45, 40]
    ours, theirs = (row["figures"] for row in found["territories"])
    assert ours["whole_posts"] == cost["posts"]
    shared = ours.keys() & metrics.keys()
    assert shared == ours.keys() - {"sectors", "whole_posts", "estimated_share"}
    assert {key: ours[key] for key in shared} == pytest.approx(
        {key: metrics[key] for key in shared}, abs=0.006
    )
    known = {"sectors": 2, "lycees": 12, "zones": 4, "estimated_share": 100}
    assert theirs | known == theirs
    # only Itäkeskus and Porvoo, 41 min apart, are over its limit
    assert theirs["within_share"] == pytest.approx(100 * 11 / 12)
    shares = {"within_share", "estimated_share"}
    assert {key for key, total in found["total"].items() if total is None} == shares
    for key in found["total"].keys() - shares:
        assert found["total"][key] == pytest.approx(ours[key] + theirs[key])
    # the land of the map is that of the sites
    sites = MultiPoint([(lon, lat) for _, _, lat, lon, _ in SITES])
    assert shape(found["territories"][1]["outline"]).buffer(0.01).contains(sites)
    assert all(row["credits"] for row in found["territories"])


@pytest.mark.slow
def test_a_territory_that_cannot_be_opened_is_named_and_the_others_answer(
    away: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = write_other_folder(tmp_path / "broken")
    (broken / "secteurs.json").write_text("{")
    asked = [str(broken), str(away), str(tmp_path / "nowhere")]
    assert cli.main(["overview", *asked]) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert [line.split("  ")[0] for line in lines[:3]] == [
        "Territoire",
        "Uusimaa",
        "Total (1 sur 3)",
    ]
    first, second = err.splitlines()
    assert first.startswith("geozones : Uusimaa : ")
    assert "secteurs.json" in first
    assert second.startswith(f"geozones : {tmp_path / 'nowhere'} : Aucun dossier")


@pytest.mark.slow
def test_the_table_says_sites_where_words_differ_and_their_own_where_they_agree(
    away: Path, offices: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use_configured_territory()  # an earlier test may have left the words of another one
    before = terms()
    heads = []
    for other in (offices, write_other_folder(offices.parent / "again")):
        assert cli.main(["overview", str(away), str(other), "--jobs", "2"]) == 0
        head = capsys.readouterr().out.splitlines()[0]
        heads.append(re.findall(r"Sites|Agences|Bureaux|Lycées", head))
    assert heads == [["Sites"], ["Agences"]]
    assert terms() == before


@pytest.mark.slow
def test_every_file_names_each_territory_with_its_figure_and_sources(
    away: Path, offices: Path
) -> None:
    asked = [str(away), str(offices)]
    found = read_overview(asked, 1, metric("zones"), lambda *_: None)
    with using_terms(found.terms):
        made = {end: make(found, "hd") for end, make in FORMATS.items()}
    rows = list(csv.DictReader(made["csv"].decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [row["Zones"] for row in rows] == ["4", "4", "8"]
    assert "4 mars 2031" in rows[0]["Sources"]
    heads, *cells = list(load_workbook(BytesIO(made["xlsx"]))["Territoires"].values)
    assert [row[heads.index("Sites")] for row in cells] == [12, 12, 24]
    share = heads.index("Trajets estimés entre collègues (%)")
    assert [row[share] for row in cells] == [100, 100, None]
    drawn = made["svg"].decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "12 agences" in drawn
    assert "12 bureaux" in drawn
    assert "4 mars 2031" in drawn
    page = made["html"].decode()
    assert page.count("<tr>") == 4
    assert "liste du groupe Tervetuloa" in page
    assert Image.open(BytesIO(made["png"])).size == (1920, 1080)
    assert made["pdf"].startswith(b"%PDF")


def test_the_file_asked_for_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "ensemble.csv"
    assert cli.main(["overview", "--out", str(out)]) == 0
    assert f"{out} : " in capsys.readouterr().out
    assert "Pays de la Loire;119;" in out.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--figure", "beauty"), "parmi lycees, sectors"),
        (("--format", "png"), "--out FICHIER"),
        (("--format", "gif", "--out", "a.png"), "choisissez csv"),
        (("--out", "ensemble"), "choisissez csv"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["overview", *arguments]) == 2
    assert told in capsys.readouterr().err


def overview_of(**outlines: Any) -> Overview:
    """An overview of territories with nothing but a place."""
    figures = {record.key: 1.0 for record in FIGURES}
    rows = [
        OverviewRow(
            folder=name, name=name, terms=TODAY, plan="Plan", figures=figures, outline=place
        )
        for name, place in outlines.items()
    ]
    return Overview(tuple(rows), metric("road_hours"), COMMON_TERMS)


def test_a_territory_far_away_has_its_own_scale_and_a_small_one_a_number() -> None:
    near = {"Bretagne": box(-4.5, 47.5, -1, 48.8), "Pays": box(-2.4, 46.3, 0.9, 47.5)}
    small = {"Communauté urbaine du Mans": box(0.9, 46.9, 1.0, 47.0)}
    drawn = svg(overview_of(**near, **small), "hd").decode()
    assert drawn.count("label-north-0") == 1
    assert len(re.findall(r'id="label-area-0"', drawn)) == 2
    assert "3. Communauté urbaine du Mans" in drawn
    assert ">3<" in drawn
    # so has a part of a territory that is far from the rest of it
    overseas = unary_union([near["Bretagne"], box(55.2, -21.4, 55.8, -20.9)])
    parts = svg(overview_of(Bretagne=overseas), "hd").decode()
    assert parts.count("label-north-0") == 2
    assert parts.count(">Bretagne<") >= 2
    apart = svg(overview_of(**near, Réunion=box(55.2, -21.4, 55.8, -20.9)), "hd").decode()
    assert apart.count("label-north-0") == 2
    assert len(re.findall(r'id="label-area-0"', apart)) == 3


@pytest.mark.slow
def test_eighteen_territories_fit_on_the_sheet() -> None:
    many = {
        f"Région n° {rank}": box(rank % 6, rank // 6, rank % 6 + 0.98, rank // 6 + 0.98)
        for rank in range(18)
    }
    drawn = svg(overview_of(**many), "hd").decode()
    assert len(re.findall(r'id="label-key-0"', drawn)) == 18
    assert png(overview_of(**many), "hd") == png(overview_of(**many), "hd")
