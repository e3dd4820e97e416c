"""A scenario's own places: what follows from them, and what stays as it was."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from shapely.geometry import Point

from geozones.domain import Event, InputError, PlanFileError, UnknownLyceeError
from geozones.domain.places import PlaceChanges, Precision, Spot
from geozones.domain.plan import Plan, plan_of
from geozones.store import Store
from geozones.workspace import (
    Actor,
    Role,
    Scenarios,
    SceneOptions,
    Workspace,
    build_scene,
    open_store,
    open_workspace,
    told,
)
from geozones.workspace.exports import Look, dossier, of_work
from geozones.workspace.story import tell
from geozones.workspace.travel import commune_times

RACAN, NEAR = "0720012X", Spot(47.702, 0.431)
SAVARIERES = "0440537V"
FAR = "0850025R"  # in Vendée
NEW = "0490999V"


@pytest.fixture(scope="module")
def moved(workspace: Workspace) -> Workspace:
    return workspace.with_places(PlaceChanges().with_spot(RACAN, NEAR))


@pytest.fixture(scope="module")
def grown(workspace: Workspace) -> tuple[Workspace, Plan]:
    """A lycée that the data has not, in Baugé-en-Anjou; another left out."""
    new = replace(
        workspace.lycees[RACAN],
        id=NEW, name="Lycée neuf", commune="Baugé-en-Anjou", insee="49018", departement="49",
        lat=47.541, lon=-0.105, precision="rue",
    )  # fmt: skip
    plan = workspace.plan
    zones = {key: zone for key, zone in plan.zone_by_lycee.items() if key != SAVARIERES}
    changes = PlaceChanges((new,), without=frozenset({SAVARIERES}))
    return (
        workspace.with_places(changes),
        plan_of(plan.sectors, plan.zones, zones | {NEW: zones["0490003M"]}),
    )


def test_without_places_of_its_own_a_scenario_changes_nothing(workspace: Workspace) -> None:
    assert workspace.with_places(PlaceChanges()) is workspace
    assert workspace.home is workspace


def test_a_moved_lycee_has_other_times_told_as_estimated(
    workspace: Workspace, moved: Workspace
) -> None:
    others = [lycee for lycee in workspace.positions if lycee != RACAN]
    assert moved.times.estimated_pairs == 2 * len(others)
    assert moved.times.is_estimated(RACAN, FAR)
    assert moved.times.made_by(SAVARIERES, FAR).engine == workspace.times.provenance.engine
    kept = moved.times.restricted(others, others)
    assert (kept.minutes == workspace.times.restricted(others, others).minutes).all()
    # a few km away, not in another world
    for lycee in others[::7]:
        before, after = workspace.times.between(RACAN, lycee), moved.times.between(RACAN, lycee)
        assert after == pytest.approx(before, rel=0.25)


def test_its_cell_follows_it_and_far_ones_stay(workspace: Workspace, moved: Workspace) -> None:
    assert moved.cells[RACAN].distance(Point(NEAR.lon, NEAR.lat)) < 1e-4
    assert shapely.coverage_is_valid(list(moved.cells.values()))
    assert moved.cells[FAR].equals(workspace.cells[FAR])
    before, after = (sum(cell.area for cell in w.cells.values()) for w in (workspace, moved))
    assert after == pytest.approx(before, rel=1e-5)


def test_the_cells_of_places_that_did_not_change_are_made_as_the_shipped_ones(
    workspace: Workspace,
) -> None:
    far = workspace.with_places(PlaceChanges().with_spot(RACAN, Spot(47.6892, 0.4117)))
    same = [key for key in workspace.cells if far.cells[key].equals(workspace.cells[key])]
    assert len(same) > 110


def test_what_is_downstream_follows(workspace: Workspace, moved: Workspace) -> None:
    zone = workspace.plan.zone_of(RACAN).id
    plan = moved.plan
    assert plan == workspace.plan
    before = workspace.evaluator.zone(plan, zone)["mean_minutes"]
    assert moved.evaluator.zone(plan, zone)["mean_minutes"] != before
    point = next(p for p in build_scene(moved, plan, SceneOptions()).lycees if p.id == RACAN)
    assert (point.lat, point.lon, point.precision) == (NEAR.lat, NEAR.lon, "manuel")
    assert ("Position", "corrigée à la main") in point.facts
    assert any("(estimé)" in value for _, value in point.facts)
    assert moved.zone_at(plan, NEAR.lat, NEAR.lon) == zone
    assert moved.trip(RACAN, FAR).estimated


def test_drives_to_communes_are_those_of_the_new_place(
    workspace: Workspace, moved: Workspace
) -> None:
    before, after = commune_times(workspace), commune_times(moved)
    assert after.origins == before.origins
    saint_calais = "commune:72269"
    assert after.is_estimated(RACAN, saint_calais)
    assert not after.is_estimated(FAR, saint_calais)
    assert after.between(FAR, saint_calais) == before.between(FAR, saint_calais)


def test_settings_and_places_go_together(workspace: Workspace, moved: Workspace) -> None:
    peak = moved.with_peak_factor(1.5)
    assert peak.places == moved.places
    assert peak.times.between(RACAN, FAR) == pytest.approx(1.5 * moved.times.between(RACAN, FAR))
    assert peak.cells[RACAN] is moved.cells[RACAN]
    assert moved.with_max_minutes(30).home.settings.max_minutes == 30
    assert moved.with_places(PlaceChanges()) is workspace


def test_a_lycee_that_the_data_has_not_is_a_lycee_like_another(
    grown: tuple[Workspace, Plan],
) -> None:
    here, plan = grown
    assert here.name(NEW) == "Lycée neuf (Baugé-en-Anjou)"
    assert here.cells[NEW].contains(Point(-0.105, 47.541))
    assert SAVARIERES not in here.cells
    assert here.evaluator.region(plan)["lycees"] == 119
    assert here.check(plan)
    target = here.destinations(plan, NEW)[0].zone
    assert here.preview(plan, NEW, target).after.zone_of(NEW).id == target
    assert build_scene(here, plan, SceneOptions(lycee=NEW)).lycees[-1].id


def test_a_plan_file_holds_the_places_it_needs(
    workspace: Workspace, grown: tuple[Workspace, Plan]
) -> None:
    here, plan = grown
    document = json.dumps(here.plan_json(plan))
    again = workspace.read_plan(document)
    assert again.plan == plan
    assert workspace.with_places(again.places).lycees == here.lycees
    assert "places" not in workspace.plan_json(workspace.plan)


def test_a_place_corrected_by_hand_is_written_whole_and_read_back(
    workspace: Workspace, moved: Workspace
) -> None:
    read = workspace.read_plan(json.dumps(moved.plan_json(moved.plan)))
    (lycee,) = read.places.lycees
    assert (lycee.id, lycee.lat, lycee.precision) == (RACAN, NEAR.lat, Precision.MANUAL)
    assert workspace.with_places(read.places).lycees == moved.lycees


def test_when_the_engine_configured_cannot_say_times_are_estimated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GEOZONES_ENGINES", "openrouteservice")
    here = open_workspace().with_places(PlaceChanges().with_spot(RACAN, NEAR))
    assert here.times.is_estimated(RACAN, FAR)


# -- in a scenario ----------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/scenarios.db")
    yield opened
    opened.close()


@pytest.fixture
def desk(workspace: Workspace, store: Store) -> Scenarios:
    return Scenarios(workspace, lambda: store, Actor("Ada", Role.ADMINISTRATOR))


def test_a_correction_is_saved_told_undone_and_made_again(
    desk: Scenarios, workspace: Workspace
) -> None:
    work = desk.place(desk.new(), RACAN, NEAR)
    assert work.scenario is not None
    read = desk.open(work.scenario.id)
    assert read.state.places.spot_by_lycee == {RACAN: NEAR}
    (event,) = read.timeline.path
    assert told(workspace, read, event) == (
        "Racan (Montval-sur-Loir) : position corrigée à la main (47,70200 ; 0,43100)"
    )
    undone = desk.step(read, "undo")
    assert not undone.state.places
    assert desk.step(undone, "redo").state.places == read.state.places
    restored = desk.place(read, RACAN, None)
    assert not restored.state.places
    assert len(restored.timeline.path) == 2


def test_a_point_outside_the_commune_is_refused_unless_one_insists(desk: Scenarios) -> None:
    paris = Spot(48.8566, 2.3522)
    with pytest.raises(InputError, match="Position refusée : le point est hors de la commune"):
        desk.place(desk.new(), RACAN, paris)
    taken = desk.place(desk.new(), RACAN, paris, insist=True)
    assert taken.state.places.spot_by_lycee == {RACAN: paris}
    with pytest.raises(UnknownLyceeError):
        desk.place(desk.new(), "0000000A", NEAR)


def test_a_scenario_with_lycees_of_its_own_opens_in_another_installation(
    desk: Scenarios, workspace: Workspace, grown: tuple[Workspace, Plan], tmp_path: Path
) -> None:
    here, plan = grown
    begun = desk.new(plan, "une liste", here.places)
    work = desk.place(begun, NEW, Spot(47.545, -0.11))
    document = json.dumps(desk.give(work)).encode()
    elsewhere = open_store(f"sqlite:///{tmp_path}/autre.db")
    try:
        other = Scenarios(workspace, lambda: elsewhere, Actor("Bo", Role.PLANNER)).take(document)
    finally:
        elsewhere.close()
    assert other.plan == plan
    lycee = workspace.with_places(other.state.places).lycees[NEW]
    assert (lycee.name, lycee.lat, lycee.precision) == ("Lycée neuf", 47.545, "manuel")


def test_exports_and_the_webinar_are_of_the_scenario_s_places(
    desk: Scenarios, workspace: Workspace, grown: tuple[Workspace, Plan]
) -> None:
    here, plan = grown
    work = desk.place(desk.new(plan, "une liste", here.places), RACAN, NEAR)
    subject = of_work(workspace, work)
    whole = dossier(workspace, subject, Look())
    points = {point.id: point for point in whole.scene.lycees}
    assert (points[RACAN].lat, points[RACAN].precision) == (NEAR.lat, "manuel")
    assert NEW in points
    assert SAVARIERES not in points
    pair = dossier(workspace, subject, Look("compare", ("plan", work.scenario.id)), desk)  # type: ignore[union-attr]
    assert pair.comparison is not None
    assert {moved.lycee for moved in pair.comparison.moves} == {
        "Lycée neuf (Baugé-en-Anjou)", "Les Savarières (Saint-Sébastien-sur-Loire)",
    }  # fmt: skip
    assert tell(workspace, subject).show


def test_a_correction_does_not_move_a_lock(desk: Scenarios) -> None:
    lock = {"kind": "lycee", "id": RACAN, "reason": "promis"}
    locked = desk.record(desk.new(), "lock", lock)
    work = desk.place(locked, RACAN, NEAR)
    assert work.state.places
    with pytest.raises(InputError, match="promis"):
        desk.record(work, "move", {"moves": {RACAN: "SAR-4"}})


def test_two_corrections_at_once_are_both_kept(desk: Scenarios) -> None:
    work = desk.place(desk.new(), RACAN, NEAR)
    assert work.scenario is not None
    theirs = desk.place(
        desk.open(work.scenario.id), SAVARIERES, Spot(47.2107, -1.4895), insist=True
    )
    mine = desk.place(work, RACAN, Spot(47.7, 0.43))
    assert mine.conflict is not None
    both, refused = desk.rebase(mine)
    assert refused == ()
    assert set(both.state.places.spot_by_lycee) == {RACAN, SAVARIERES}
    assert theirs.state.places != both.state.places


@pytest.mark.parametrize(
    ("lat", "lon"), [(91, 0), (None, 0), ("47", "0"), (float("nan"), 0), (47, True)]
)
def test_an_event_with_a_place_that_is_none_is_refused(
    desk: Scenarios, lat: object, lon: object
) -> None:
    work = desk.new()
    event = Event("e", None, "place", {"lycee": RACAN, "lat": lat, "lon": lon}, "x", "2026-01-05")
    with pytest.raises(InputError):
        work.timeline.added(event)


def test_a_support_centre_cannot_be_left_out(workspace: Workspace) -> None:
    centre = next(s.support_centre for s in workspace.plan.sectors if s.support_centre)
    document = workspace.plan_json(workspace.plan)
    for sector in document["sectors"]:
        for zone in sector["zones"]:
            zone["lycees"] = [lycee for lycee in zone["lycees"] if lycee != centre]
    document["without"] = [centre]
    with pytest.raises(PlanFileError, match=f"centres support laissés de côté : {centre}"):
        workspace.plan_of_json(document)
