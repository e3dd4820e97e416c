"""The data of France: its areas by name, its communes, lycées and extracts, and its faults."""

from pathlib import Path

import pytest

from geozones.common.errors import DataFileError, InputError
from geozones.domain.identifiers import AreaKind
from geozones.territory.france import FRANCE_FOLDER, France, open_france
from helpers.small_france import write_small_france


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a small France and use it."""
    monkeypatch.setenv(FRANCE_FOLDER, str(tmp_path / "france"))
    return write_small_france(tmp_path / "france")


@pytest.fixture
def france(folder: Path) -> France:
    """Open the small France."""
    assert folder.is_dir()
    return open_france()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("CORSE", "Corse (région)"),
        ("35", "Ille-et-Vilaine (35)"),
        ("ille et vilaine", "Ille-et-Vilaine (35)"),
        ("2a", "Corse-du-Sud (2A)"),
        ("bretagne", "Bretagne (région)"),
        # a région and a département of the same communes are no doubt
        ("Réunion", "La Réunion (région)"),
        ("La Réunion", "La Réunion (région)"),
        ("Pays Ajaccien", "Communauté d'agglomération du Pays Ajaccien (2A)"),
        ("métropole des armes", "Métropole des Armes (22)"),
        ("200000003", "Communauté de communes du Centre (35)"),
    ],
)
def test_an_area_has_its_name_its_number_or_its_siren(
    france: France, asked: str, found: str
) -> None:
    assert france.named(asked).label == found


def test_a_bare_number_is_a_departement_and_a_name_of_several_is_refused_with_their_codes(
    france: France,
) -> None:
    # INSEE's 53 is Bretagne; people know it as Mayenne, which this small France has not
    with pytest.raises(InputError, match="Aucune région, aucun département"):
        france.named("53")
    with pytest.raises(InputError, match=r"Plusieurs.*200000002.*ou.*200000003"):
        france.named("Communauté de communes du Centre")


@pytest.mark.parametrize("asked", ["bretange", "bret"])
def test_an_unknown_name_is_refused_with_near_names(france: France, asked: str) -> None:
    with pytest.raises(InputError, match=rf"« {asked} ».*« Bretagne \(région\) »"):
        france.named(asked)
    with pytest.raises(InputError, match=r"« zzz »\. Liste : geozones new --list\."):
        france.named("zzz")


def test_areas_are_found_by_a_part_of_their_name_or_by_their_code(france: France) -> None:
    assert [area.label for area in france.matching("cors")] == [
        "Corse (région)", "Corse-du-Sud (2A)", "Haute-Corse (2B)",
    ]  # fmt: skip
    assert {area.kind for area in france.matching("35")} == {AreaKind.DEPARTEMENT}
    assert [area.kind for area in france.areas] == sorted(
        (area.kind for area in france.areas), key=list(AreaKind).index
    )


def test_an_area_has_its_communes_lycees_and_counts(france: France) -> None:
    south = france.named("2A")
    communes, lycees = france.communes(south), france.lycees(south)
    assert (len(communes), len(lycees)) == (south.communes, south.lycees) == (124, 4)
    assert set(communes["departement"]) == set(lycees["departement"]) == {"2A"}
    corse = france.named("corse")
    assert set(france.communes(corse)["departement"]) == {"2A", "2B"}
    overseas = france.communes(france.named("974"))
    assert list(overseas["nom"]) == ["Saint-Denis", "Saint-Pierre"]


def test_communes_know_the_names_merged_into_them_and_their_postcodes(france: France) -> None:
    rows = france.communes(france.named("35")).set_index("code")
    assert rows["anciens"].to_dict() == {"35001": ("Vieil-Acigné", "Ville"), "35002": ("Ville",)}
    assert rows["codes_postaux"].to_dict() == {"35001": ("35690",), "35002": ("35150",)}


def test_the_fewest_extracts_that_cover_an_area_are_chosen_and_never_the_whole_of_france(
    france: France,
) -> None:
    assert [each.file for each in france.extracts(france.named("corse"))] == [
        "corse-latest.osm.pbf"
    ]
    both = france.extracts(france.named("bretagne"))
    assert [each.file for each in both] == [
        "armor-latest.osm.pbf", "haute-bretagne-latest.osm.pbf",
    ]  # fmt: skip
    assert [each.size for each in both] == [20_000_000, None]
    assert both[0].address == "https://extraits.example/armor-latest.osm.pbf"
    assert both[0].sized_on == "2026-10-01"


def test_without_the_data_the_way_to_have_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FRANCE_FOLDER, str(tmp_path))
    with pytest.raises(InputError, match=r"ne sont pas installées.*make data-france"):
        open_france()


@pytest.mark.parametrize(
    "name",
    ["communes.parquet", "noms.parquet", "lycees.parquet", "territoires.parquet",
     "extraits.parquet"],
)  # fmt: skip
@pytest.mark.parametrize("missing", [True, False])
def test_a_file_that_is_missing_or_altered_is_named(
    folder: Path, name: str, *, missing: bool
) -> None:
    path = folder / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    if missing:
        path.unlink()
    else:
        path.write_bytes(content)
    with pytest.raises(DataFileError, match=f"{name} des données de la France.*make data-france"):
        read_all(open_france())


def read_all(france: France) -> None:
    area = france.named("35")
    france.communes(area)
    france.lycees(area)
    france.extracts(area)


@pytest.mark.parametrize("text", ["", "version = 2\n", "version = 1\n", "[", "\x00"])
def test_a_list_of_files_that_is_altered_is_named(folder: Path, text: str) -> None:
    (folder / "sources.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=r"sources\.toml"):
        open_france()
