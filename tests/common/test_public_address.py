import pytest

from geozones.common.errors import InputError
from geozones.common.settings_file import embed_sites, is_for_others, link_to, public_address


@pytest.mark.parametrize("text", ["https://geozones.region.example", "http://127.0.0.1:8501/carto"])
def test_an_address_is_taken_with_or_without_its_last_slash(text: str) -> None:
    assert public_address({"GEOZONES_PUBLIC_URL": f" {text}/ "}) == text


@pytest.mark.parametrize("environment", [{}, {"GEOZONES_PUBLIC_URL": " "}])
def test_without_one_there_is_none(environment: dict[str, str]) -> None:
    assert public_address(environment) == ""


@pytest.mark.parametrize(
    "text",
    [
        "geozones.region.example", "ftp://region.example", "https://", "https://a b.example",
        "https://region.example/?version=1", "https://region.example/#carte",
        "https://moi:secret@region.example", "https://region.example:port", "https://[::1",
        'https://region.example/"><script>', "javascript:alert(1)", "https://région.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="n'est pas une adresse publique"):
        public_address({"GEOZONES_PUBLIC_URL": text})


def test_an_address_of_this_machine_leads_nobody_else_there() -> None:
    for here in ("http://127.0.0.1:8501", "http://localhost:8501", "http://[::1]:8501", ""):
        assert not is_for_others(here)
    for there in ("https://geozones.region.example", "http://10.0.0.7:8501"):
        assert is_for_others(there)


def test_what_a_link_asks_for_is_written_as_in_an_address() -> None:
    asks = {"couche": "max_minutes", "nom": "é & b"}
    there = link_to("https://region.example/", "partager", asks)
    assert there == "https://region.example/partager?couche=max_minutes&nom=%C3%A9+%26+b"
    assert link_to("https://region.example") == "https://region.example/"


def test_sites_that_may_show_the_map_are_named_by_their_addresses() -> None:
    named = {"GEOZONES_EMBED_SITES": "https://www.region.example/, https://intranet.example:8443,"}
    assert embed_sites(named) == ("https://www.region.example", "https://intranet.example:8443")
    assert embed_sites({}) == ()


@pytest.mark.parametrize("site", ["*", "https://*.example", "https://a.example/page", "a.example"])
def test_what_is_no_site_is_refused(site: str) -> None:
    with pytest.raises(InputError, match="n'est pas l'adresse d'un site"):
        embed_sites({"GEOZONES_EMBED_SITES": site})


def test_no_site_ends_a_part_of_the_policy() -> None:
    with pytest.raises(InputError):
        embed_sites({"GEOZONES_EMBED_SITES": "https://a.example;script-src"})
