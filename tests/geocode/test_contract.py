"""What holds of every provider."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from geozones.domain.places import Located, PlaceQuery, Precision
from geozones.geocode import AnswerCache, GeocoderWebSettings, GeocodeSettings
from geozones.geocode.provider_chain import NAMES, provider_named
from geozones.workspace.figures.study import open_study
from geozones.workspace.folder.places import gazetteer_of
from helpers.addok_rig import Addok

STUDY = open_study()


#: Every provider; the one whose engine is run here, the national geocoder, is slow.
NATIONAL = "geoplateforme"
PROVIDERS = [
    pytest.param(name, marks=pytest.mark.slow if name == NATIONAL else ()) for name in NAMES
]


@pytest.fixture(params=PROVIDERS)
def locate(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Callable[..., list[tuple[int, Located | str]]]:
    settings = GeocodeSettings(tmp_path)
    if request.param == NATIONAL:
        addok: Addok = request.getfixturevalue("addok")
        settings = replace(settings, geoplateforme=GeocoderWebSettings(addok.url))
    gazetteer, cache = gazetteer_of(STUDY.territory), AnswerCache(settings.cache)
    provider = provider_named(request.param, settings, gazetteer, cache)
    return lambda *queries: list(provider.locate(queries))


def known(lycee: str, row: int) -> PlaceQuery:
    place = STUDY.territory.lycees[lycee]
    return PlaceQuery(
        place.id, place.name, place.address, place.postcode, place.commune, place.insee, row
    )


def test_a_known_lycee_is_found_where_it_is(locate: Callable[..., Any]) -> None:
    ((rank, place),) = locate(known("0440537V", 7))
    assert (rank, place.id, place.row) == (0, "0440537V", 7)
    assert (place.lat, place.lon) == pytest.approx((47.210667, -1.48943), abs=1e-5)
    assert place.precision is Precision.ADDRESS
    assert 0.5 <= place.score <= 1


def test_each_place_is_answered_once_under_the_provider_s_name(
    locate: Callable[..., Any], request: pytest.FixtureRequest
) -> None:
    queries = [known(lycee, row) for row, lycee in enumerate(list(STUDY.territory.lycees)[:12], 2)]
    answers = dict(locate(*queries, PlaceQuery(name="Nulle part", row=99)))
    assert sorted(answers) == list(range(13))
    located = [answer for answer in answers.values() if isinstance(answer, Located)]
    assert len(located) >= 10
    assert {place.provider for place in located} == {request.node.callspec.params["locate"]}


def test_a_place_that_is_not_found_has_a_reason_and_nothing_asked_is_nothing_answered(
    locate: Callable[..., Any],
) -> None:
    ((_, reason),) = locate(PlaceQuery("0751111A", "Nulle part", commune="Trifouilly", row=3))
    assert isinstance(reason, str)
    assert len(reason) > 10
    assert locate() == []
