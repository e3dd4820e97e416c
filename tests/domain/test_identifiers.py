"""Ids of sites in their two schemes, codes of départements, coordinates as people write them."""

from collections.abc import Iterator

import pytest

from geozones.common.errors import InputError
from geozones.domain.errors import UnknownLyceeError
from geozones.domain.identifiers import (
    Scheme,
    departement_code,
    departement_of_insee,
    departement_of_postcode,
    departement_of_uai,
    is_code,
    is_valid_id,
    use_scheme,
)
from geozones.domain.places import checked_spot, read_coordinates


@pytest.fixture
def _free() -> Iterator[None]:
    use_scheme(Scheme.FREE)
    yield
    use_scheme(Scheme.UAI)


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("0440001M", True),
        ("0440001A", False),  # its key letter is M
        ("X44-saint-philbert", True),
        ("X2A-les-iris-ajaccio", True),
        ("X974-les-iris-saint-denis", True),
        ("AG-12", False),
    ],
)
def test_a_school_has_a_uai_or_a_provisional_key(code: str, valid: bool) -> None:  # noqa: FBT001
    assert is_valid_id(code) is valid


@pytest.mark.usefixtures("_free")
@pytest.mark.parametrize("code", ["1", "AG-12", "agence de Töölö n° 3", "0440001A", "x" * 64])
def test_a_free_id_is_any_short_printable_text(code: str) -> None:
    assert is_valid_id(code)
    assert is_code(code)


@pytest.mark.usefixtures("_free")
@pytest.mark.parametrize(
    "code",
    ["", " ", "x" * 65, "a/b", "a\\b", "a\tb", "a\x00", " a", "-a", "commune:35238", "a\u2028"],
)
def test_a_free_id_fits_a_link_and_a_command(code: str) -> None:
    assert not is_valid_id(code)


def test_an_unknown_id_is_told_the_form_that_it_should_have() -> None:
    assert "7 chiffres et une lettre" in str(UnknownLyceeError("AG-1"))
    use_scheme(Scheme.FREE)
    try:
        assert "1 à 64 caractères" in str(UnknownLyceeError("AG-1"))
    finally:
        use_scheme(Scheme.UAI)


@pytest.mark.parametrize(
    ("insee", "postcode", "uai", "departement"),
    [
        ("35238", "35000", "0350001A", "35"),
        ("01053", "01000", "0010001A", "01"),
        ("2A004", "20090", "6200001A", "2A"),
        ("2B033", "20200", "7200001A", "2B"),
        ("2B096", "20600", "7200002A", "2B"),
        ("97411", "97400", "9740001A", "974"),
    ],
)
def test_the_departement_of_a_commune_a_postcode_and_a_uai(
    insee: str, postcode: str, uai: str, departement: str
) -> None:
    assert departement_of_insee(insee) == departement
    assert departement_of_postcode(postcode) == departement
    assert departement_of_uai(uai) == departement


def test_a_departement_is_read_as_files_write_it() -> None:
    written = ("1", "01", "001", "053", "2a", "02A", "974", "0974", "Finistère", "")
    read = ("01", "01", "01", "53", "2A", "2A", "974", "974", "Finistère", "")
    assert tuple(map(departement_code, written)) == read


NANTES = (47.2184, -1.5536)


@pytest.mark.parametrize(
    "text",
    [
        "47,2184 -1,5536",
        "47,2184, -1,5536",
        "47,2184 ; -1,5536",
        "47.2184, -1.5536",
        " (47.2184, -1.5536) ",
        "47.2184° N, 1.5536° O",
        "N 47.2184 W 1.5536",
        "1.5536W 47.2184N",
        "47,2184\u00a0\u22121,5536",
    ],
)
def test_decimal_degrees_are_read_however_they_are_written(text: str) -> None:
    spot = read_coordinates(text)
    assert (spot.lat, spot.lon) == NANTES


@pytest.mark.parametrize(
    "text",
    [
        "47°13'06\" N 1°33'13\" O",
        "47°13′06″N, 1°33′13″W",
        "N 47°13'06\" W 1°33'13\"",
        "1°33'13\" O 47°13'06\" N",
        "47° 13.1' N, 1° 33.2167' O",
    ],
)
def test_degrees_minutes_seconds_are_read_with_their_cardinal_points(text: str) -> None:
    spot = read_coordinates(text)
    assert spot.lat == pytest.approx(47.218333, abs=2e-6)
    assert spot.lon == pytest.approx(-1.553611, abs=2e-6)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nantes",
        "47",
        "47,2184",
        "47,21",
        "12 34 56",
        "47° N 2° N",
        "47°75' N 1°33' O",
        "-47° N 1° O",
        "1" * 5000,
        "nan nan",
    ],
)
def test_what_gives_no_position_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="47,2184 -1,5536"):
        read_coordinates(text)


@pytest.mark.parametrize(
    ("lat", "lon"), [(91, 0), (0, 181), (float("nan"), 0), (float("inf"), 0), ("47", 0), (True, 0)]
)
def test_a_position_that_is_not_on_earth_is_refused(lat: object, lon: object) -> None:
    with pytest.raises(InputError, match="pas sur Terre"):
        checked_spot(lat, lon)
