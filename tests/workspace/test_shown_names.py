"""The name of a zone is said the same wherever a plan is told, and its own is never lost."""

from dataclasses import replace

import pytest

from geozones.common.errors import InputError
from geozones.workspace.figures.study import Study, baseline_study
from geozones.workspace.moves.preview import preview
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios

#: The only lycée of Beaupréau.
BEAUPREAU = "0492430A"
OWN, SHOWN = "Cholet – Beaupréau – Chemillé", "Cholet – Chemillé-en-Anjou"


@pytest.fixture
def left(service: Scenarios) -> Work:
    """A stored scenario whose zone has lost a town of its name."""
    return service.record(service.new(), "move", {"moves": {BEAUPREAU: "SLC-3"}})


def test_a_preview_a_refusal_and_a_baseline_name_zones_as_the_map_does(
    study: Study, service: Scenarios, left: Work
) -> None:
    effect = preview(study, BEAUPREAU, "SLC-3")
    assert effect.after.zone("SLC-4").name == SHOWN
    with pytest.raises(InputError) as refused:
        service.record(left, "delete_zone", {"zone": "SLC-4"})
    assert f"La zone {SHOWN} a encore" in str(refused.value)
    in_force = study.analysis.with_baseline(replace(study.analysis.baseline, plan=left.plan))
    assert in_force.reference.zone("SLC-4").name == SHOWN
    assert baseline_study(in_force).plan.zone("SLC-4").name == SHOWN


def test_history_and_names_of_scenarios_say_what_the_map_shows(
    service: Scenarios, study: Study, left: Work
) -> None:
    (event,) = left.timeline.events
    assert describe_event(study.territory, left, event).endswith(
        "→ Clisson – Montaigu – Les Herbiers"
    )
    joined = service.record(left, "move", {"moves": {"0490055U": "SLC-4"}})
    last = joined.timeline.events[-1]
    assert describe_event(study.territory, joined, last).endswith(f"→ {SHOWN} – Saumur")
    alone = service.record(service.new(), "rename_zone", {"zone": "SLC-4", "name": "Laval"})
    alone = service.record(alone, "move", {"moves": {"0490055U": "SLC-4"}})
    assert alone.name == "Sadi Carnot – Jean Bertin → Cholet – Beaupréau-en-Mauges"


def test_a_plan_file_has_the_name_shown_and_gives_the_own_one_back(
    study: Study,
) -> None:
    moved = study.with_plan(study.plan.move(BEAUPREAU, "SLC-3"))
    document = moved.plan_json()
    zones = {zone["id"]: zone for sector in document["sectors"] for zone in sector["zones"]}
    assert (zones["SLC-4"]["name"], zones["SLC-4"]["own_name"]) == (SHOWN, OWN)
    assert "own_name" not in zones["SLC-3"]
    read = study.atlas.plan_of_json(document).plan
    assert read == moved.plan
    assert study.with_plan(read.move(BEAUPREAU, "SLC-4")).plan.zone("SLC-4").name == OWN
