"""Sites of a list at their places: coordinates, else commune; what cannot be is left out."""

from collections.abc import Sequence

import geopandas as gpd
import pytest
from shapely import box

from geozones.common.errors import InputError
from geozones.domain.places import Precision
from geozones.features.new_territory.placing import PlacedSites, place_sites
from geozones.features.new_territory.request import MAX_SITES, read_sites

#: Code, name, département, west and south of squares of 0.1 degree.
SQUARES = [
    ("29019", "Brest", "29", -4.5, 48.3),
    ("35238", "Rennes", "35", -1.7, 48.1),
    ("35288", "Saint-Malo", "35", -2.0, 48.6),
    ("93066", "Saint-Denis", "93", 2.3, 48.9),
    ("974411", "Saint-Denis", "974", 2.9, 48.9),
]


def communes(rows: Sequence[tuple[str, str, str, float, float]] = SQUARES) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        [
            {
                "code": code, "nom": name, "departement": departement, "epci": "",
                "population": 0, "lat": south + 0.05, "lon": west + 0.05,
            }
            for code, name, departement, west, south in rows
        ],
        geometry=[box(west, south, west + 0.1, south + 0.1) for _, _, _, west, south in rows],
        crs=4326,
    )  # fmt: skip


def placed(text: str, frame: gpd.GeoDataFrame | None = None) -> PlacedSites:
    return place_sites(read_sites(text, {}), "agences.csv", frame)


def reasons(done: PlacedSites) -> dict[int, str]:
    return {row.line: spaced(row.reason) for row in done.listed.left_out}


def spaced(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def test_coordinates_come_first_and_give_the_commune_and_its_departement() -> None:
    done = placed("nom;lat;lon;taille\nA;48,12;-1,68;7\nB;48,35;-4,45;\n", communes())
    first, second = done.sites.values()
    assert (first.id, first.name, first.commune, first.insee) == ("a", "A", "Rennes", "35238")
    assert (first.departement, first.pupils, first.pupils_source) == ("35", 7, "agences.csv")
    assert (first.precision, first.source) == (Precision.ADDRESS.value, "agences.csv")
    assert (second.departement, second.pupils, second.pupils_source) == ("29", None, "")


def test_a_point_in_another_departement_than_the_row_says_is_named() -> None:
    done = placed("nom;lat;lon;cp\nA;48,12;-1,68;35000\nB;48,35;-4,45;35288\n", communes())
    assert done.remarks == (
        (
            "Le point est dans un autre département que celui de la liste : B (Finistère au lieu "
            "d'Ille-et-Vilaine). Vérifiez les positions."
        ),
    )


def test_without_communes_the_list_says_the_departement_or_a_french_postcode_does() -> None:
    done = placed("nom;lat;lon;cp;dpt\nA;48,1;-1,6;35000;\nB;48,3;-4,4;;Finistère\n")
    assert [site.departement for site in done.sites.values()] == ["35", "29"]
    island = placed("nom;lat;lon;cp\nA;-20,9;55,5;97717\nB;-21,0;55,5;97400\n")
    assert [site.departement for site in island.sites.values()] == ["974", "974"]
    abroad = placed("nom;lat;lon;cp\nA;60,1;24,9;00100\nB;60,2;24,9;00200\n")
    assert [site.departement for site in abroad.sites.values()] == ["", ""]


def test_a_site_without_coordinates_goes_to_its_commune_and_it_is_said() -> None:
    done = placed("agence;ville;dpt\nA;Brest;\nB;RENNES CEDEX 7;\nC;Saint-Denis;93\n", communes())
    assert [(site.lat, site.lon) for site in done.sites.values()] == [
        (48.35, -4.45), (48.15, -1.65), (48.95, 2.35),
    ]  # fmt: skip
    assert {site.precision for site in done.sites.values()} == {Precision.COMMUNE.value}
    assert done.remarks == ("Au centre de leur commune, faute d'adresse trouvée : A, B et C.",)


def test_a_commune_that_exists_twice_or_not_at_all_is_left_out_with_what_to_add() -> None:
    done = placed("nom;ville\nA;Saint-Denis\nB;Brest\nC;Rennes\nD;Nulle-Part\n", communes())
    assert reasons(done) == {
        2: (
            "2 communes s'appellent « Saint-Denis » (93 et 974) : ajoutez le code postal, le "
            "département ou le code INSEE"
        ),
        5: "la commune « Nulle-Part » n'est pas connue",
    }


def test_without_communes_a_name_of_commune_is_no_place_and_the_option_is_named() -> None:
    with pytest.raises(InputError, match=r"au moins deux.*Brest.*--communes"):
        placed("nom;ville\nA;Brest\nB;Rennes\n")


def test_a_site_at_sea_is_left_out_and_communes_of_elsewhere_are_refused() -> None:
    rows = "".join(f"S{n};48,{11 + n};-1,65\n" for n in range(8))
    done = placed(f"nom;lat;lon\n{rows}Phare;47,5;-6,5\n", communes())
    assert list(reasons(done)) == [10]
    assert "km de toute commune : en mer" in reasons(done)[10]
    with pytest.raises(InputError, match="ne vont pas avec cette liste"):
        placed("nom;lat;lon\nA;43,3;5,4\nB;43,4;5,5\n", communes())


def test_sites_on_another_continent_are_left_out_and_two_territories_are_refused() -> None:
    rows = "".join(f"S{n};48,{11 + n};-1,65\n" for n in range(8))
    done = placed(f"nom;lat;lon\n{rows}Ailleurs;45,5;-73,6\n")
    assert reasons(done).keys() == {10}
    assert "km des autres" in reasons(done)[10]
    with pytest.raises(InputError, match=r"2 groupes \(3 et 2\) à plus de 500 km"):
        placed("nom;lat;lon\nA;48,1;-1,6\nB;48,2;-1,6\nC;48,3;-1,6\nD;45,5;-73,6\nE;45,6;-73,6\n")


def test_sites_overseas_stay_where_the_list_says_their_departement() -> None:
    rows = "".join(f"S{n};48,{11 + n};-1,65;35000\n" for n in range(8))
    done = placed(f"nom;lat;lon;cp\n{rows}Le Port;-20,94;55,29;97420\nAu large;-20,9;55,5;35000\n")
    assert [site.name for site in done.sites.values()][-1] == "Le Port"
    assert reasons(done).keys() == {11}
    sure = placed("nom;lat;lon;dpt\nA;48,1;-1,6;35\nB;48,2;-1,6;35\nC;14,6;-61;972\n")
    assert len(sure.sites) == 3


def test_one_site_and_ten_thousand_sites_are_no_territory() -> None:
    with pytest.raises(InputError, match="au moins deux lycées : il en reste 1"):
        placed("nom;lat;lon\nA;48,1;-1,6\n")
    many = "".join(f"S{n};48,1;-1,{n:05}\n" for n in range(10_000))
    with pytest.raises(InputError, match=r"10.000 sites : un territoire en a 3.000 au plus"):
        read_sites(f"nom;lat;lon\n{many}", {})
    assert MAX_SITES == 3_000


def test_some_sites_at_one_point_stay_and_are_named() -> None:
    done = placed("nom;lat;lon\nA;48,1;-1,6\nB;48,1;-1,6\nC;48,2;-1,6\n")
    assert len(done.sites) == 3
    assert done.remarks == ("Au même point : A et B.",)


@pytest.mark.parametrize("count", [2, 3])
def test_sites_that_a_list_puts_at_one_point_are_told_and_are_a_territory(count: int) -> None:
    rows = "".join(f"S{n};48,1;-1,6\n" for n in range(count))
    done = placed(f"nom;lat;lon\n{rows}")
    assert len(done.sites) == count
    assert done.remarks[-1].startswith("Au même point : S0")


LINE = "".join(f"S{n};47,{61 + n};-2,7\n" for n in range(8))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "Séné;47,62;2,74",
            (
                "Séné (ligne 10) est à 407 km des autres ; avec l'autre signe de la longitude, sa "
                "position serait parmi eux (47,6200 ; −2,7400)."
            ),
        ),
        ("Josselin;48,86;2,35", "Josselin (ligne 10) est à 396 km des autres : vérifiez sa pos"),
        # near enough, or no doubt
        ("Belle-Île;47,34;-3,15", ""),
    ],
)
def test_a_site_far_from_all_others_is_asked_about(row: str, said: str) -> None:
    done = placed(f"nom;lat;lon\n{LINE}{row}\n")
    sentences = [spaced(doubt.sentence) for doubt in done.doubts]
    assert len(done.sites) == 9
    assert len(sentences) == bool(said)
    assert not said or sentences[0].startswith(said)


def test_a_position_that_the_user_gives_prevails_and_is_asked_about_no_more() -> None:
    listed = read_sites(f"nom;lat;lon\n{LINE}Séné;47,62;2,74\n", {})
    (doubt,) = place_sites(listed, "agences.csv").doubts
    assert doubt.spot is not None
    done = place_sites(listed, "agences.csv", positions={doubt.line: doubt.spot})
    assert done.doubts == ()
    assert done.sites["sene"].lon == -2.74


def test_two_towns_and_a_country_of_several_parts_are_not_doubted() -> None:
    towns = "A;48,1;-1,6\nB;48,2;-1,6\nC;45,6;1,4\nD;45,7;1,4\nE;45,6;1,5\n"
    assert placed(f"nom;lat;lon\n{towns}").doubts == ()
