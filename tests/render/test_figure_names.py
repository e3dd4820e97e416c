"""Names on the maps of sheets: all there, none over another, none out of the frame."""

import re
from collections import Counter
from itertools import combinations

import pytest

from geozones.common.french import typeset
from geozones.render.palette import contrast
from geozones.workspace.figures.study import Study
from helpers.slow_params import slow_but

from .conftest import Draw
from .sheets import SECTORS, VIEWS, ZONES, scene


def plain(text: str) -> str:
    """Return a typeset text with plain spaces."""
    return re.sub(r"\s+", " ", typeset(text))


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Return the lesser side of what two boxes share."""
    return min(min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1]))


@pytest.mark.parametrize("view", slow_but(VIEWS, "region", "vendee", "sarthe", *ZONES))
def test_no_name_lies_over_another_nor_leaves_the_map(drawn: Draw, view: str) -> None:
    picture = drawn(view)
    boxes = picture.boxes()
    unit = picture.sheet.unit
    assert len(boxes) > 5
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        assert overlap(a, b) < 1.5 * unit, (one, other)
    for name, (left, bottom, right, top) in boxes.items():
        assert left >= 0, name
        assert bottom >= 0, name
        assert right <= picture.size[0], name
        assert top <= picture.size[1], name


@pytest.mark.parametrize("view", slow_but([*SECTORS, *ZONES], "nantes", "sarthe", *ZONES))
def test_every_lycee_and_zone_of_a_close_up_is_named_once_on_the_map(
    study: Study, drawn: Draw, view: str
) -> None:
    texts = drawn(view).texts()
    about = {zone.id for zone in scene(study, view).zones if not zone.aside}
    for zone in about:
        lycees = study.plan.members(zone)
        for lycee in lycees:
            lines = [text for gid, text in texts.items() if gid.startswith(f"label-lycee-{lycee}-")]
            assert " ".join(lines).replace("- ", "-") == typeset(study.territory.lycees[lycee].name)
        assert plain(study.plan.zone(zone).name) in drawn(view).words


def test_the_region_names_its_sectors_and_the_towns_it_shows_from_nearer(
    study: Study, drawn: Draw
) -> None:
    texts = drawn("region").texts()
    for sector in study.plan.sectors:
        lines = [
            text for gid, text in texts.items() if gid.startswith(f"label-sector-{sector.id}-")
        ]
        assert " ".join(lines).replace("- ", "-") == sector.name.upper()
    insets = {text for gid, text in texts.items() if gid.startswith("label-inset-")}
    assert insets == {"Nantes", "Angers", "Saint-Nazaire"}
    # a letter at the town and the same before the title of its inset, no line across a sector
    tags = {gid[len("label-tag-") :]: text for gid, text in texts.items() if "-tag-" in gid}
    letters = {
        gid[len("label-letter-") :]: text for gid, text in texts.items() if "-letter-" in gid
    }
    assert tags == letters
    assert sorted(tags.values()) == ["A", "B", "C"]


def test_the_region_numbers_its_zones_and_its_legend_names_them(study: Study, drawn: Draw) -> None:
    texts = drawn("region").texts()
    listed = drawn("region").words
    badges = Counter(line.text for line in drawn("region").lines if line.colour == "#ffffff")
    zones = [zone for zone in study.plan.zones if study.plan.members(zone.id)]
    for number, zone in enumerate(zones, 1):
        assert f"{number} {plain(zone.name)}" in listed
        assert badges[str(number)] >= 1, zone.name  # on the map or in an inset
    assert not [text for text in texts.values() if text.endswith("…")]


@pytest.mark.parametrize("view", VIEWS)
def test_text_is_readable_on_what_it_stands_on(study: Study, drawn: Draw, view: str) -> None:
    """Names of the map have a white halo; white text stands on inks and on the green of a pill."""
    dark = [*study.atlas.palette.ink.values(), "#1d5c3a"]
    for line in drawn(view).lines:
        grounds = dark if line.colour == "#ffffff" else ["#ffffff"]
        assert min(contrast(line.colour, ground) for ground in grounds) >= 4.5, line.text


def test_two_maps_have_the_same_extent_and_name_the_lycees_that_change_zone(drawn: Draw) -> None:
    picture = drawn("pair")
    first, second = picture.roots
    assert first.attrib == second.attrib
    names = picture.words
    assert names.count("Paul Scarron") == 3  # on each map and in the list
    assert names.count("Racan") == 3
    assert "8 Mayenne – Évron – Sillé → 7 Laval" in names  # by their numbers on the maps
    assert names.count(" km") == 1
