"""Communes coloured by their minutes from a place, over any plan."""

import pytest

from geozones.common.errors import GeozonesError
from geozones.render.palette import NO_VALUE, ramp
from geozones.workspace.figures.study import Study
from geozones.workspace.maps.plan_scene import (
    ReachLayer,
    SceneOptions,
    build_scene,
    coloured,
    layer_of,
    over_reach,
)
from geozones.workspace.reachability.accessibility import FROM_PLACE, access, trip_between

CHEVROLLIER = "0490003M"
ANGERS, LAVAL, LE_MANS = "49007", "53130", "72181"


def layer_from(study: Study, place: str) -> ReachLayer:
    """Return the communes coloured by their minutes from a place."""
    return layer_of(study, access(study.analysis, place))


def test_each_commune_has_the_colour_of_its_minutes(study: Study) -> None:
    layer = layer_from(study, CHEVROLLIER)
    said = dict(layer.legend)
    assert len(layer.colours) == len(study.atlas.communes)
    for code, words in ((ANGERS, "0 à 30 min"), (LE_MANS, "60 à 90 min")):
        minutes = trip_between(study.analysis, CHEVROLLIER, f"commune:{code}").minutes
        assert minutes is not None
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
    assert layer.pin is not None
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
    facts = next(dict(patch.facts) for patch in over.patches if patch.id == ANGERS)
    took = trip_between(study.analysis, f"commune:{LAVAL}", f"commune:{ANGERS}").minutes
    assert took is not None
    assert facts["Trajet"].startswith(f"{round(took)}\u00a0min")


@pytest.mark.parametrize("place", ["", "commune:75056", "0000000A", "200,0", "48.85,9.3", "x" * 99])
def test_a_place_elsewhere_is_refused(study: Study, place: str) -> None:
    with pytest.raises(GeozonesError):
        access(study.analysis, place)
