"""Names typed in commands: found without their case, accents, apostrophes, with a wrong letter."""

from collections.abc import Callable

import pytest

from geozones.common.errors import InputError
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.names import lycee_named, place_named, sector_named, zone_named

RACAN = "0720012X"


@pytest.mark.parametrize(
    "text",
    [RACAN, "0720012x", "Racan", "RACAN", "racân", "rakan", "Racam", "Racann", "lycée Racan",
     "Racan (Montval-sur-Loir)"],
)  # fmt: skip
def test_a_lycee_is_found_by_its_code_or_its_name_as_people_write_it(
    study: Study, text: str
) -> None:
    assert lycee_named(study.territory, text) == RACAN


@pytest.mark.parametrize("text", ["Guist'hau", "guist’hau", "GUIST HAU"])
def test_apostrophes_do_not_count(study: Study, text: str) -> None:
    assert "Guist" in study.name(lycee_named(study.territory, text))


def test_zones_and_sectors_are_found_by_a_part_of_their_name(study: Study) -> None:
    for zone in study.plan.zones:
        assert zone_named(study.territory, study.plan, zone.id) == zone.id
        assert zone_named(study.territory, study.plan, zone.name.upper()) == zone.id
    assert zone_named(study.territory, study.plan, "mans sud") == "SAR-2"
    assert sector_named(study.plan, "Maine et Loire") == "maine-et-loire"
    assert sector_named(study.plan, "Vendé") == "vendee"


def test_a_zone_is_also_found_by_the_whole_name_of_a_lycee(study: Study) -> None:
    def zone(text: str) -> str:
        return zone_named(study.territory, study.plan, text)

    assert zone("racan") == zone("Racan (Montval-sur-Loir)") == study.plan.zone_of(RACAN).id
    with pytest.raises(InputError, match="plusieurs"):  # a part of a name is one of a zone's only
        zone("Le Mans")


def test_every_lycee_is_found_by_its_name_with_a_wrong_letter_or_is_offered(study: Study) -> None:
    for lycee in study.territory.lycees.values():
        assert lycee_named(study.territory, lycee.label) == lycee.id
        at = max(rank for rank, sign in enumerate(lycee.label) if sign.isalpha())
        wrong = f"{lycee.label[:at]}q{lycee.label[at + 1 :]}"
        try:
            told = lycee_named(study.territory, wrong)
        except InputError as error:
            told = str(error)
        assert lycee.id in told, wrong


@pytest.mark.parametrize(
    ("text", "place"),
    [("Luçon", "commune:85128"), ("pornik", "commune:44131"), ("Racan", RACAN),
     ("47.2,-1.5", "47.2,-1.5"), ("commune:44109", "commune:44109")],
)  # fmt: skip
def test_a_place_is_a_lycee_a_commune_or_a_position(study: Study, text: str, place: str) -> None:
    assert place_named(study.territory, text) == place


@pytest.mark.parametrize(
    ("find", "text", "offered"),
    [
        (
            lambda study, text: zone_named(study.territory, study.plan, text),
            "le mans",
            ("SAR-2", "SAR-3"),
        ),
        (
            lambda study, text: zone_named(study.territory, study.plan, text),
            "MAY-9",
            ("MAY-1", "MAY-2"),
        ),
        (
            lambda study, text: lycee_named(study.territory, text),
            "Nelson de Mandela",
            ("0442765S",),
        ),
    ],
)
def test_a_name_of_several_or_of_none_is_refused_with_names_and_codes(
    study: Study, find: Callable[[Study, str], str], text: str, offered: tuple[str, ...]
) -> None:
    with pytest.raises(InputError, match="vouliez-vous dire") as caught:
        find(study, text)
    assert [code for code in offered if f"({code})" not in str(caught.value)] == []


@pytest.mark.parametrize("text", ["", "zzzzzz", "12345", "'"])
def test_what_is_like_no_name_is_left_to_the_command(study: Study, text: str) -> None:
    assert lycee_named(study.territory, text) == text
