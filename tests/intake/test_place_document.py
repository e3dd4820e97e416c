"""Lycées inside a document: taken whole, or refused with what is wrong."""

from dataclasses import replace
from typing import Any

import pytest

from geozones.common.errors import InputError
from geozones.domain import Lycee, uai_key
from geozones.domain.places import LocationOverrides, Spot
from geozones.domain.plan_documents import MAX_PLACES, places_from_json, places_to_json

LYCEE = Lycee(
    "0440537V", "Les Savarières", "LES SAVARIERES", "LPO", "5 avenue de Glinde", "44230",
    "Saint-Sébastien-sur-Loire", "44190", "44", 47.21, -1.49, ("0440001M",), "rue", "une liste",
)  # fmt: skip


def document(**changes: Any) -> dict[str, Any]:
    (place,) = places_to_json(LocationOverrides((LYCEE,)), {})["places"]
    return {"places": [{**place, **changes}]}


def test_places_written_are_read_back_the_same() -> None:
    changes = LocationOverrides((LYCEE,), excluded=frozenset({"0440001M"}))
    known = {"0440001M": LYCEE}
    assert places_from_json(places_to_json(changes, known)) == changes
    nowhere = replace(changes, excluded=frozenset({"X44-ouvert-puis-ferme"}))
    assert "without" not in places_to_json(nowhere, known)
    assert places_from_json({"sectors": []}) == LocationOverrides()


def test_only_lycees_unlike_the_data_folder_s_are_written() -> None:
    known = {LYCEE.id: LYCEE}
    assert places_to_json(LocationOverrides((LYCEE,)), known) == {}
    written = places_to_json(LocationOverrides().with_spot(LYCEE.id, Spot(47.2, -1.5)), known)
    assert [(place["lat"], place["precision"]) for place in written["places"]] == [(47.2, "manuel")]


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "0440537A"},
        {"id": 3},
        {"id": None},
        {"name": " "},
        {"name": "x" * 301},
        {"name": "a\0b"},
        {"name": "\ud800"},
        {"lat": "47"},
        {"lat": 91},
        {"lon": None},
        {"precision": "exacte"},
        {"insee": "44"},
        {"associated_uais": "0440001M"},
        {"associated_uais": ["0440001A"]},
        {"surprise": 1},
    ],
)
def test_a_place_that_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        places_from_json(document(**changes))


@pytest.mark.parametrize(
    "wrong",
    [
        {"places": {}},
        {"places": ["x"]},
        {"places": [{}]},
        {"without": "0440537V"},
        {"without": [3]},
        {"without": ["../etc"]},
    ],
)
def test_a_document_of_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        places_from_json(wrong)


def test_one_lycee_twice_and_too_many_are_refused() -> None:
    place = document()["places"][0]
    with pytest.raises(InputError, match="deux fois"):
        places_from_json({"places": [place, place]})
    codes = [f"{number:07}" for number in range(MAX_PLACES + 1)]
    many = [{**place, "id": code + uai_key(code)} for code in codes]
    with pytest.raises(InputError, match="au plus"):
        places_from_json({"places": many})
