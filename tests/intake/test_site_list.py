"""A list of any sites, as people bring it: columns found, positions understood, rows left out."""

from pathlib import Path

import geopandas as gpd
import pytest

from geozones.common.errors import InputError
from geozones.intake.documents import ListError
from geozones.intake.site_list import SiteList, ids_of, read_site_list, scheme_of

from .files import ods, xlsx

FOLDER = Path(__file__).parents[1] / "fixtures" / "territories"


def read(text: str, **corrections: str) -> SiteList:
    return read_site_list(text.encode(), corrections)


def columns(listed: SiteList) -> dict[str, tuple[str, float, str]]:
    return {
        guess.field: (guess.title, guess.confidence, guess.origin)
        for guess in listed.columns.guesses
    }


def points(listed: SiteList) -> list[tuple[float | None, float | None]]:
    return [(site.lat, site.lon) for site in listed.sites]


def reasons(listed: SiteList) -> dict[int, str]:
    return {row.line: spaced(row.reason) for row in listed.left_out}


def remarks(listed: SiteList) -> list[str]:
    return [spaced(remark) for remark in listed.remarks]


def spaced(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def test_a_column_is_chosen_by_its_title_or_its_rank_or_refused() -> None:
    text = "Nom;Libellé long;Zone\nA;Agence A;Z1\nB;Agence B;Z2\n"
    chosen = read(text, name="libelle long", zone="", commune="1")
    assert [site.name for site in chosen.sites] == ["Agence A", "Agence B"]
    assert [site.commune for site in chosen.sites] == ["A", "B"]
    assert [site.zone for site in chosen.sites] == ["", ""]
    assert columns(chosen)["name"] == ("Libellé long", 1.0, "choisie")
    assert read(text, nom="2").sites == read(text, name="2").sites
    with pytest.raises(InputError, match="pas de colonne « Ville » : choisissez parmi « Nom »"):
        read(text, commune="Ville")
    with pytest.raises(InputError, match="« couleur » n'est pas un champ"):
        read(text, couleur="Nom")


def test_lambert_93_is_converted_in_either_order_and_said() -> None:
    listed = read("nom;x;y\nRennes;352 000;6789000\nVannes;268000,5;6 744 000\n")
    assert points(listed) == [
        pytest.approx((48.10856, -1.67847), abs=1e-4),
        pytest.approx((47.6598, -2.7604), abs=1e-2),
    ]
    assert remarks(listed) == ["Lambert 93 : 2 positions converties en degrés."]
    swapped = read("nom;x;y\nRennes;6789000;352000\n")
    assert points(swapped) == [pytest.approx((48.10856, -1.67847), abs=1e-4)]


def test_swapped_columns_and_one_swapped_row_are_put_right_and_said() -> None:
    listed = read_site_list((FOLDER / "la_reunion.csv").read_bytes(), {})
    assert all(
        -21.4 < (lat or 0) < -20.8 and 55.2 < (lon or 0) < 55.9 for lat, lon in points(listed)
    )
    assert remarks(listed) == ["Latitude et longitude inversées : 24 lignes remises dans l'ordre."]
    helsinki = "nom;lat;lon\nA;60.167;24.939\nB;60.175;24.953\nC;24.947;60.173\nD;60.172;24.951\n"
    foreign = read(helsinki)
    assert points(foreign)[2] == (60.173, 24.947)
    assert remarks(foreign) == ["Latitude et longitude inversées : 1 ligne remise dans l'ordre."]


def test_where_the_sites_are_expected_tells_latitudes_from_longitudes() -> None:
    text = "nom;lat;lon\nA;24,94;60,17\nB;24,95;60,18\n"
    assert points(read(text)) == [(24.94, 60.17), (24.95, 60.18)]
    around = read_site_list(text.encode(), {}, [(24.0, 59.0, 26.0, 61.0)])
    assert points(around) == [(60.17, 24.94), (60.18, 24.95)]


def test_a_position_in_one_column_or_in_minutes_and_seconds_is_read() -> None:
    listed = read('site,position\nA,"48.1, -1.6"\nB,"[48.2, -1.7]"\n')
    assert points(listed) == [(48.1, -1.6), (48.2, -1.7)]
    clock = read("nom;latitude;longitude\nA;48°13'06\" N;1°33'13\" O\n")
    assert points(clock) == [pytest.approx((48.2183, -1.5536), abs=1e-4)]


def test_rows_that_are_no_site_are_left_out_with_their_reason_and_the_rest_goes_on() -> None:
    listed = read(
        "Nom;Code;Ville;Latitude;Longitude\n"
        "A;1;Rennes;48,1;-1,6\n"
        "B;1;Rennes;48,2;-1,7\n"
        "C;;;abc;-1,7\n"
        ";;;;\n"
        "D;;;0;0\n"
        "E;;;;\n"
        "F;;;2154000;123\n"
        "A;;Rennes;48,1;-1,6\n"
        "Total;;;;\n"
        "G;;Brest;abc;-1,7\n"
    )
    assert reasons(listed) == {
        3: "doublon : même code que la ligne 2 (A)",
        4: "« abc ; -1,7 » n'est pas une position",
        6: "les coordonnées 0 ; 0 ne sont pas une position",
        7: "la ligne n'a ni coordonnées, ni adresse, ni commune",
        8: "« 2 154 000 ; 123 » : ni des degrés (WGS84), ni du Lambert 93",
        9: "doublon : même nom au même endroit que la ligne 2 (A)",
        10: "c'est une ligne de total",
    }
    assert listed.left_out[0].cells == ("B", "1", "Rennes", "48,2", "-1,7")
    # coordinates that cannot be read leave the commune
    assert [(site.name, site.lat) for site in listed.sites] == [("A", 48.1), ("G", None)]


def test_ids_are_the_codes_else_made_of_names_and_do_not_move_with_other_rows() -> None:
    text = (
        "nom;code;ville\nSaint-Malo;;Saint-Malo\nCentre;;Rennes\nCentre;;Brest\nÉvron;A 1;Évron\n"
    )
    listed = read(text)
    ids = {site.name + site.commune: ids_of(listed.sites)[site.line] for site in listed.sites}
    assert ids == {
        "Saint-MaloSaint-Malo": "saint-malo",
        "CentreRennes": "centre-rennes",
        "CentreBrest": "centre-brest",
        "ÉvronÉvron": "A 1",
    }
    head, *rows = text.splitlines()
    other = read("\n".join([head, *reversed(rows)]))
    assert {site.name + site.commune: ids_of(other.sites)[site.line] for site in other.sites} == ids
    assert scheme_of(listed.sites).value == "libre"
    schools = read("nom;uai;ville\nA;0350001a;Rennes\nB;0440001M;Nantes\n")
    assert scheme_of(schools.sites).value == "libre"  # the key letter of the first is wrong
    assert scheme_of(schools.sites[1:]).value == "UAI"


def test_a_code_with_slashes_is_an_id_with_hyphens_and_numbers_are_postcodes_without_titles() -> (
    None
):
    listed = read("@id,name,@lat,@lon\nnode/1,A,48.1,-1.6\nway/2/3,B,48.2,-1.6\n")
    assert list(ids_of(listed.sites).values()) == ["node-1", "way-2-3"]
    bare = read("Rennes Sud;35000;48,11;-1,67\nBrest Nord;29200;48,39;-4,48\n")
    assert [site.postcode for site in bare.sites] == ["35000", "29200"]
    titled = read("Nom;Badge;Lat;Lon\nRennes;35000;48,11;-1,67\nBrest;29200;48,39;-4,48\n")
    assert [site.postcode for site in titled.sites] == ["", ""]


def test_the_national_directory_is_read_by_its_own_titles() -> None:
    listed = read(
        "Identifiant_de_l_etablissement;Nom_etablissement;Code_commune;coordX_origine;"
        "coordY_origine;epsg_origine;latitude;longitude\n"
        "9740001B;Lycée B;97411;339000.0;7690000.0;EPSG:2975;-20.88;55.45\n"
    )
    (site,) = listed.sites
    assert (site.code, site.insee, site.lat, site.lon) == ("9740001B", "97411", -20.88, 55.45)


def test_spreadsheets_and_geographic_files_say_the_same_as_csv(tmp_path: Path) -> None:
    rows = [("Nom", "Latitude", "Longitude"), ("A", "48.1", "-1.6"), ("B", "48,2", "-1,7")]
    frame = gpd.GeoDataFrame(
        {"nom": ["A", "B"]}, geometry=gpd.points_from_xy([-1.6, -1.7], [48.1, 48.2]), crs=4326
    )
    frame.to_file(tmp_path / "a.geojson")
    frame.to_crs(2154).to_file(tmp_path / "a.gpkg", layer="agences")
    for content in (
        xlsx(rows),
        ods(rows),
        (tmp_path / "a.geojson").read_bytes(),
        (tmp_path / "a.gpkg").read_bytes(),
    ):
        listed = read_site_list(content, {})
        assert [site.name for site in listed.sites] == ["A", "B"]
        assert points(listed) == [
            pytest.approx((48.1, -1.6), abs=1e-6),
            pytest.approx((48.2, -1.7), abs=1e-6),
        ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "elle est vide"),
        (b"nom;ville\n", "que des titres"),
        (b"SQLite format 3\0" + bytes(200), "GeoPackage est tronqué"),
        (b"PK\x03\x04 cut", "tronqué ou altéré"),
    ],
)
def test_a_file_that_is_no_list_says_why(content: bytes, why: str) -> None:
    with pytest.raises(ListError, match=why):
        read_site_list(content, {})
