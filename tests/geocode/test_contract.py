"""What holds of every provider, and what an address says of its street."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from geozones.domain.places import Located, PlaceQuery, Precision
from geozones.geocode import AnswerCache, GeocoderWebSettings, GeocodeSettings
from geozones.geocode.geoplateforme import house_number, same_street, without_number
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


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("12 bis rue de la Perrière", "Rue de la Perrière"),
        ("5, av. de Glinde - BP 12", "5 avenue de Glinde"),
        ("RUE DU GAL DE GAULLE", "Rue du Général de Gaulle"),
        ("Bd Jean de Grandmaison", "Boulevard Jean de Grandmaison"),
        ("rue Pasteur", "Rue Louis Pasteur"),
        ("place de l'Édit de Nantes", "Place de l Edit de Nantes"),
        ("Rue St-Exupéry", "rue Saint-Exupéry"),
        ("La Herdrie", "La Herdrie"),
        ("10-12 rue du Fresche", "Rue du Fresche"),
        ("2 rue des Arènes CS 30012", "Rue des Arènes"),
    ],
)
def test_one_street_written_two_ways_is_one_street(asked: str, listed: str) -> None:
    assert same_street(asked, listed)


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("rue de la Perrière", "Rue de la Perverie"),
        ("rue de Nantes", "Avenue de Nantes"),
        ("rue Jean Moulin", "Rue Jean Jaurès"),
        ("rue Jean Moulin", "Rue Jean"),
        ("rue du Maréchal Joffre", "Rue du Maréchal Leclerc"),
        ("avenue de la République", "Avenue"),
    ],
)
def test_a_street_that_looks_alike_is_another_street(asked: str, listed: str) -> None:
    assert not same_street(asked, listed)


def test_a_number_is_told_from_the_name() -> None:
    assert house_number("12 bis rue du 8 Mai 1945") == "12"
    assert without_number("12 bis rue du 8 Mai 1945") == "rue du 8 Mai 1945"
    assert house_number("rue du 8 Mai 1945") == ""
