"""Pairs, communes and support centres in reach: figures by hand, colours of communes."""

import math

import pytest

from geozones.common.errors import GeozonesError, InputError
from geozones.domain import UnknownPlaceError
from geozones.render.palette import NO_VALUE, ramp
from geozones.workspace.figures.study import Study
from geozones.workspace.maps import (
    ReachLayer,
    SceneOptions,
    build_scene,
    coloured,
    layer_of,
    over_reach,
)
from geozones.workspace.reachability.accessibility import (
    FROM_PLACE,
    IN_ZONE,
    access,
    centre_reach,
    find_place,
    trip_between,
    worst_pairs,
)
from helpers.fixture_types import Draw

CHEVROLLIER = "0490003M"
ANGERS = "commune:49007"


def test_the_worst_pairs_come_first_whatever_their_zone_and_one_without_a_way_before_all(
    toy: Study, cut_toy: Study
) -> None:
    pairs = worst_pairs(toy, ["N1", "N2", "S1"], 4)
    assert [(pair.lycees, pair.minutes) for pair in pairs] == [
        (("A", "C"), 22),
        (("D", "F"), 20),
        (("G", "I"), 20),
        (("A", "B"), 11),  # 10 one way, 12 the other
    ]
    assert {pair.source for pair in pairs} == {"toy"}
    assert not any(pair.estimated for pair in pairs)
    (worst,) = worst_pairs(cut_toy, ["N1", "S1"], 1)
    assert (worst.lycees, worst.minutes) == (("A", "C"), math.inf)


def test_the_best_centre_has_the_least_mean_drive_and_reaches_everyone_if_there_is_a_choice(
    toy: Study, toy_of: Draw, cut_toy: Study
) -> None:
    # from E: A 25, B 15, C 25, D 10, F 10
    ranked = centre_reach(toy, "nord")
    assert ranked[0].centre == "E"
    assert ranked[0].mean == pytest.approx(85 / 5)
    assert (ranked[0].worst, ranked[0].farthest) == (25, "C")
    assert ranked[0].share_near == 1
    # from A: B 10, C 22, D 15, E 25, F 35
    assert next(reach for reach in ranked if reach.centre == "A").mean == pytest.approx(107 / 5)
    assert [reach.mean for reach in ranked] == sorted(reach.mean for reach in ranked)
    assert centre_reach(toy.with_plan(toy_of(N1="ABCH", N2="DEFG", S1="I")), "sud") == ()
    ranked = centre_reach(cut_toy, "nord")
    assert {reach.centre for reach in ranked[-2:]} == {"A", "C"}
    assert ranked[-1].mean == math.inf


@pytest.mark.parametrize(
    ("minutes", "rank"), [(0, 0), (15, 0), (15.01, 1), (45, 2), (60, 3), (60.5, 4), (500, 4)]
)
def test_a_bound_belongs_to_the_class_below_it(minutes: float, rank: int) -> None:
    assert IN_ZONE.rank(minutes) == rank


def test_from_no_lycee_is_most_of_the_region_in_one_class(study: Study) -> None:
    for lycee in study.plan.lycees:
        shares = [count / 1228 for count, _ in access(study.analysis, lycee).by_class()]
        assert max(shares) < 0.6, FROM_PLACE.words[shares.index(max(shares))]


def test_every_commune_is_reached_from_a_lycee_by_the_matrix(study: Study) -> None:
    reach = access(study.analysis, CHEVROLLIER)
    assert len(reach.communes) == 1228
    # only what is so near that hardly a road of the graph is taken
    near = [reached.minutes for reached in reach.communes if reached.estimated]
    assert 0 < len(near) < 30
    assert all(minutes is not None and minutes < 20 for minutes in near)
    by_name = {reached.commune.name: reached.minutes for reached in reach.communes}
    assert by_name["Angers"] < 15
    assert by_name["Nantes"] > 50
    assert sum(count for count, _ in reach.by_class()) == 1228
    assert sum(people for _, people in reach.by_class()) == sum(
        entry.population for entry in study.atlas.communes
    )
    assert [(maker.engine, count) for maker, count in reach.makers] == [("roadgraph", 1228)]


def test_from_a_point_that_no_matrix_knows_every_figure_is_an_estimate(
    study: Study,
) -> None:
    reach = access(study.analysis, "47.4736,-0.5517")
    assert all(reached.estimated for reached in reach.communes)
    (maker, count) = reach.makers[0]
    assert (maker.engine, count) == ("estimate", 1228)
    near = access(study.analysis, CHEVROLLIER)
    gaps = [
        abs(a.minutes - b.minutes)
        for a, b in zip(reach.communes, near.communes, strict=True)
        if a.minutes is not None and b.minutes is not None
    ]
    assert sum(gaps) / len(gaps) < 8


# -- places that people type ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("47.4736, -0.5517", "47.4736,-0.5517"),
        (" 47.4736 ;-0.5517", "47.4736,-0.5517"),
        ("0490003m", CHEVROLLIER),
        ("Angers", ANGERS),
        ("12 rue de Paris, 49000 ANGERS", ANGERS),
        ("3 place du Ralliement 49100 Angers", ANGERS),
        ("1 rue de Nantes, Angers", ANGERS),
        ("rue de l'Église, 44600 St Nazaire", "commune:44184"),
        ("saint-nazaire", "commune:44184"),
        ("La Roche sur Yon", "commune:85191"),
    ],
)
def test_what_people_type_is_understood(study: Study, text: str, place: str) -> None:
    assert find_place(study.territory, text).place == place


def test_an_address_says_that_it_is_taken_to_the_commune(study: Study) -> None:
    assert "au centre d'Angers" in find_place(study.territory, "2 rue Haute, Angers").understood
    assert find_place(study.territory, "Angers").understood == ""


@pytest.mark.parametrize(
    "text", ["", "   ", "rue de nulle part", "<script>", "0490003A", "💥" * 400]
)
def test_a_text_without_a_commune_is_refused_with_what_to_write(study: Study, text: str) -> None:
    with pytest.raises(InputError, match="Écrivez la commune à la fin"):
        find_place(study.territory, text)


def test_a_point_off_the_territory_is_refused(study: Study) -> None:
    with pytest.raises(InputError, match="hors du territoire"):
        find_place(study.territory, "43.3, 5.4")
    with pytest.raises(UnknownPlaceError):
        find_place(study.territory, "143.3, 5.4")


def test_two_communes_of_one_name_ask_for_the_postcode(study: Study) -> None:
    names = [entry.name for entry in study.atlas.communes]
    twice = next(name for name in names if names.count(name) > 1)
    one = next(entry for entry in study.atlas.communes if entry.name == twice)
    with pytest.raises(InputError, match="Ajoutez le code postal"):
        find_place(study.territory, twice)
    assert find_place(study.territory, f"{one.departement}000 {twice}").place == one.place


ANGERS_CODE, LAVAL, LE_MANS = "49007", "53130", "72181"


def layer_from(study: Study, place: str) -> ReachLayer:
    """Return the communes coloured by their minutes from a place."""
    return layer_of(study, access(study.analysis, place))


def test_each_commune_has_the_colour_of_its_minutes(study: Study) -> None:
    layer = layer_from(study, CHEVROLLIER)
    said = dict(layer.legend)
    assert len(layer.colours) == len(study.atlas.communes)
    for code, words in ((ANGERS_CODE, "0 à 30 min"), (LE_MANS, "60 à 90 min")):
        minutes = trip_between(study.analysis, CHEVROLLIER, f"commune:{code}").minutes
        assert minutes <= 30 if words.startswith("0") else 60 < minutes <= 90
        assert said[layer.colours[code]] == words
    assert layer.title == "Durée depuis Chevrollier (Angers)"
    assert layer.pin is None


def test_the_legend_goes_from_near_to_far_and_tells_of_no_way_only_where_there_is_none(
    study: Study,
) -> None:
    everywhere = layer_from(study, CHEVROLLIER).legend
    assert [colour for colour, _ in everywhere] == list(ramp())
    assert coloured(FROM_PLACE)[-1] == (NO_VALUE, "sans accès")
    assert [words for _, words in everywhere] == [
        "0 à 30 min",
        "30 à 60 min",
        "60 à 90 min",
        "90 à 120 min",
        "plus de 120 min",
    ]


def test_a_place_that_is_no_lycee_is_pinned(study: Study) -> None:
    layer = layer_from(study, f"commune:{LAVAL}")
    assert (layer.pin.name, layer.pin.lat) == ("Laval", pytest.approx(48.07, abs=0.01))
    assert layer.colours[LAVAL] == ramp()[0]


def test_a_plan_over_it_keeps_its_zones_names_and_what_is_chosen(study: Study) -> None:
    scene = build_scene(study, SceneOptions(sector="mayenne", zone="MAY-3"))
    layer = layer_from(study, f"commune:{LAVAL}")
    over = over_reach(scene, layer)
    assert (over.zones, over.labels, over.selected_zones) == (
        scene.zones,
        scene.labels,
        scene.selected_zones,
    )
    assert (over.patches, over.pin) == (layer.patches, layer.pin)
    facts = next(dict(patch.facts) for patch in over.patches if patch.id == ANGERS_CODE)
    took = trip_between(study.analysis, f"commune:{LAVAL}", f"commune:{ANGERS_CODE}").minutes
    assert took is not None
    assert facts["Trajet"].startswith(f"{round(took)}\u00a0min")


@pytest.mark.parametrize("place", ["", "commune:75056", "0000000A", "200,0", "48.85,9.3", "x" * 99])
def test_a_place_elsewhere_is_refused(study: Study, place: str) -> None:
    with pytest.raises(GeozonesError):
        access(study.analysis, place)
