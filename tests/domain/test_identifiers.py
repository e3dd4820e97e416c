"""Ids of sites in their two schemes, and codes of départements."""

from collections.abc import Iterator

import pytest

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
