"""Names of places: the search box, and what is typed in commands."""

from collections.abc import Callable

import pytest

from geozones.common.errors import InputError
from geozones.common.french import folded
from geozones.domain import Zone
from geozones.domain.plan import plan_of
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.territory import lycee_named, place_named, sector_named, zone_named
from geozones.workspace.maps import SceneOptions, Target, build_scene, entries, target


def middle(seen: Target) -> tuple[float, float]:
    west, south, east, north = seen.bounds
    return (south + north) / 2, (west + east) / 2


def test_everything_that_has_a_name_is_listed_once_and_a_lycee_with_its_town_and_codes(
    study: Study,
) -> None:
    listed = entries(study)
    kinds = [entry.key.partition(":")[0] for entry in listed]
    assert list(dict.fromkeys(kinds))[:4] == ["sector", "rns", "centre", "zone"]
    assert (kinds.count("sector"), kinds.count("rns"), kinds.count("centre")) == (7, 3, 3)
    assert (kinds.count("zone"), kinds.count("lycee")) == (32, 119)
    assert kinds.count("commune") == len(study.atlas.communes)
    assert len({entry.key for entry in listed}) == len({e.label for e in listed}) == len(listed)
    racan = "Lycée Racan · Château-du-Loir (Montval-sur-Loir) · 0720012X"
    labels = {entry.key: entry.label for entry in entries(study)}
    assert labels["lycee:0720012X"] == racan
    assert labels["lycee:0440062D"] == "Lycée Jean Perrin – Goussier · Rezé · 0440062D, 0440063E"
    seen = target(study, "lycee:0720012X")
    assert (seen.sector, seen.zone, seen.lycee) == ("mayenne", "MAY-2", "0720012X")


def test_towns_come_before_lycees_and_lycees_before_villages(study: Study) -> None:
    listed = [entry.label for entry in entries(study)]
    order = [
        listed.index(label)
        for label in (
            "Nantes · commune · Loire-Atlantique",
            "Château-du-Loir · ville · commune Montval-sur-Loir",
            "Lycée Ambroise Paré · Laval · 0530010Y",
            "Abbaretz · commune · Loire-Atlantique",
        )
    ]
    assert order == sorted(order)


def test_a_town_leads_to_its_zone_and_to_none_where_several_share_it(study: Study) -> None:
    seen = target(study, "commune:53130")
    assert (seen.sector, seen.zone, seen.lycee) == ("mayenne", "MAY-3", None)
    assert study.plan.sector("mayenne").rns == "Lucien Druault"
    assert middle(seen) == pytest.approx((48.07, -0.77), abs=0.03)
    nantes, angers = target(study, "commune:44109"), target(study, "commune:49007")
    assert (nantes.sector, nantes.zone) == ("nantes", None)
    assert (angers.sector, angers.zone) == ("maine-et-loire", None)


def test_an_rns_leads_to_the_sector_and_a_support_centre_to_its_lycee(study: Study) -> None:
    assert target(study, "rns:mayenne").sector == "mayenne"
    assert target(study, "rns:mayenne").bounds == target(study, "sector:mayenne").bounds
    seen = target(study, "centre:mayenne")
    assert seen.lycee == study.plan.sector("mayenne").support_centre
    assert not [entry for entry in entries(study) if entry.key in {"rns:sarthe", "centre:sarthe"}]


def test_a_zone_has_its_number_in_its_sector_its_name_and_its_code(study: Study) -> None:
    labels = {entry.key: entry.label for entry in entries(study)}
    assert labels["zone:MAY-3"] == "Zone Laval · n° 7 · secteur Mayenne · MAY-3"
    assert labels["sector:nantes"] == "Secteur Nantes · brouillon"
    seen = target(study, "zone:MAY-3")
    assert (seen.sector, seen.zone) == ("mayenne", "MAY-3")
    assert seen.bounds == study.territory.shape(study.plan.members("MAY-3")).bounds


def test_numbers_are_those_of_the_map_also_where_a_zone_is_empty(study: Study) -> None:
    plan = study.plan
    for lycee in plan.members("MAY-2"):
        plan = plan.move(lycee, "MAY-1")
    emptied = study.with_plan(plan)
    drawn = {
        label.of: label.number
        for label in build_scene(emptied, SceneOptions(sector="mayenne")).labels
        if label.kind == "zone"
    }
    assert drawn == {"MAY-1": 5, "MAY-3": 7, "MAY-4": 8}  # number 6 goes to no other zone
    said = {entry.key: entry.label for entry in entries(emptied)}
    assert all(f" · n° {rank} · secteur " in said[f"zone:{zone}"] for zone, rank in drawn.items())
    assert " · vide · secteur " in said["zone:MAY-2"]


def test_a_town_of_old_is_where_people_know_it(study: Study) -> None:
    first = next(entry for entry in entries(study) if entry.name == "Château-du-Loir")
    seen = target(study, first.key)
    assert (seen.sector, seen.zone) == ("mayenne", "MAY-2")
    assert middle(seen) == pytest.approx((47.695, 0.418), abs=0.005)


def test_a_scenario_s_zones_and_moves_are_found_as_they_are(study: Study) -> None:
    plan = study.plan.move("0720012X", "SAR-4")
    zones = (*plan.zones, Zone("NEW", "Neuve", "sarthe"))
    mine = study.with_plan(plan_of(plan.sectors, zones, plan.zone_by_lycee))
    assert target(mine, "lycee:0720012X").zone == "SAR-4"
    labels = {entry.key: entry.label for entry in entries(mine)}
    assert labels["zone:NEW"] == "Zone Neuve · vide · secteur Sarthe · NEW"
    assert target(mine, "zone:NEW").bounds == study.territory.bounds
    with pytest.raises(InputError, match="pas sur cette carte"):
        target(study, "zone:NEW")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "zone",
        "zone:",
        "zone:MAY-9",
        "rns:sarthe",
        "lycee:MAY-3",
        "commune:75056",
        "sector:mayenne:",
        "autre:mayenne",
        "lycee:0720012X'; DROP TABLE",
        "ville:../../etc/passwd",
        "x" * 5000,
    ],
)
def test_a_key_of_nothing_on_the_map_is_refused_in_french(study: Study, key: str) -> None:
    with pytest.raises(InputError, match="choisissez un nom de la liste") as refused:
        target(study, key)
    assert len(str(refused.value)) < 300


def test_a_town_has_one_name_in_texts_and_on_maps_and_is_found_by_the_other(study: Study) -> None:
    atlas = study.atlas
    labels = [each for each in atlas.ground.names if each.kind in {"city", "town"}]
    said = {lycee.insee: lycee.commune for lycee in study.territory.lycees.values()}
    for label in labels:
        commune = said.get(atlas.commune_at(label.lat, label.lon) or "", label.text)
        # a short form is the same name: « Segré » of Segré-en-Anjou Bleu
        assert folded(commune).startswith(folded(label.text)), label.text
    written = {label.text for label in (*labels, *atlas.close_ground.names)}
    assert "Montval-sur-Loir" in written
    assert "Château-du-Loir" not in written
    assert "Segré" in written
    assert any(entry.name == "Château-du-Loir" for entry in entries(study))


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
