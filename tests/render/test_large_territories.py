"""Maps of a whole country: parts overseas in cartons, hundreds of lycées as dots."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from geozones.render import Scene
from geozones.render.figure import Figure
from geozones.render.figure.canvas import Box
from geozones.render.figure.map_layout import MapLayout, lay_out_map
from geozones.render.figure.placement import spread
from geozones.render.figure.subject import PictureSubject
from geozones.render.scene import MapGround
from geozones.render.sheet import Sheet
from geozones.territory.shapes import clusters
from geozones.workspace.figures.study import Study
from geozones.workspace.maps import SceneOptions, build_scene

from .sheets import Drawn

BOX = Box(40, 100, 1440, 960)
#: Degrees to the west of the sector that is put overseas.
FAR = 60.0


@pytest.fixture(scope="module")
def scene(study: Study) -> Scene:
    return build_scene(study, SceneOptions())


@pytest.fixture(scope="module")
def overseas(scene: Scene) -> Scene:
    """The region with its sector of Mayenne on another side of the ocean."""
    zones = tuple(
        replace(zone, geometry=shapely.affinity.translate(zone.geometry, -FAR))
        if zone.sector == "mayenne"
        else zone
        for zone in scene.zones
    )
    own = {zone.id for zone in zones if zone.sector == "mayenne"}
    lycees = tuple(
        replace(point, lon=point.lon - FAR) if point.zone in own else point
        for point in scene.lycees
    )
    west, south, east, north = scene.view.bounds
    view = replace(scene.view, bounds=(west - FAR, south, east, north))
    return replace(scene, zones=zones, lycees=lycees, view=view)


@pytest.fixture(scope="module")
def crowded(scene: Scene) -> Scene:
    """The region with four lycées for each of its own."""
    return replace(
        scene,
        lycees=tuple(
            replace(point, id=f"{point.id}-{copy}", lon=point.lon + copy / 100)
            for point in scene.lycees
            for copy in range(4)
        ),
    )


def laid_out(scene: Scene) -> MapLayout:
    return lay_out_map(PictureSubject(scene, listed=True), BOX)


@pytest.mark.slow
def test_a_part_overseas_has_its_carton_and_the_rest_keeps_its_scale(
    scene: Scene, overseas: Scene
) -> None:
    layout = laid_out(overseas)
    (carton,) = layout.cartons
    assert carton.title == "Mayenne"
    inside = {point.id for point in carton.points}
    assert inside | {p.id for p in layout.points} | {
        point.id for inset in layout.insets for point in inset.points
    } == {point.id for point in scene.lycees}
    at = carton.frame.points(np.array([(p.lon, p.lat) for p in carton.points]))
    assert all(carton.box.holds(Box(x, y, x, y)) for x, y in at.tolist())
    assert all(BOX.holds(Box(x, y, x, y)) for x, y in layout.places.tolist())
    # an ocean on the map would make it ten times as small
    assert layout.frame.metres_per_unit < 1.1 * laid_out(scene).frame.metres_per_unit
    assert not laid_out(scene).cartons


@pytest.mark.slow
def test_a_carton_covers_no_zone_and_names_its_sector_on_the_sheet(overseas: Scene) -> None:
    layout = laid_out(overseas)
    (carton,) = layout.cartons
    land = shapely.union_all(
        [layout.frame.shape(zone.geometry) for zone in overseas.zones if zone.sector != "mayenne"]
    )
    assert not shapely.box(*carton.box).intersects(land)
    drawn = Drawn(Figure((overseas,), MapGround(), Sheet.named("hd")))
    assert "Mayenne" in [line.text for line in drawn.lines]


def test_more_lycees_than_a_sheet_has_room_for_are_dots_at_their_places(crowded: Scene) -> None:
    layout = laid_out(crowded)
    assert len(layout.points) == len(crowded.lycees) > 400
    assert not layout.insets
    true = layout.frame.points(np.array([(p.lon, p.lat) for p in layout.points]))
    np.testing.assert_allclose(layout.places, true)
    named = {label.request.key.split("-")[0] for label, _ in layout.labels}
    assert named == {"sector"}


def test_points_apart_and_grouped_as_by_every_pair() -> None:
    random = np.random.default_rng(4)
    places = random.uniform(0, 300, (80, 2))
    gaps = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    reached = gaps < 20
    for _ in range(7):
        reached = reached.astype(int) @ reached.astype(int) > 0
    groups = {tuple(np.flatnonzero(row).tolist()) for row in reached}
    assert list(map(tuple, clusters(places, 20))) == sorted(groups)
    moved = spread(places, 12)
    gaps = np.hypot(*(moved[:, None] - moved[None]).transpose(2, 0, 1))
    np.fill_diagonal(gaps, np.inf)
    assert gaps.min() >= 12
    assert not clusters(np.zeros((0, 2)), 5)


def test_the_map_opens_on_the_mainland_where_a_sector_is_overseas(study: Study) -> None:
    territory = study.territory
    far = {lycee for lycee in study.plan.lycees if study.plan.sector_of(lycee).id == "mayenne"}
    cells = {
        key: shapely.affinity.translate(cell, -FAR) if key in far else cell
        for key, cell in territory.cells.items()
    }
    assert 10 < len(far) < len(cells)
    west, south, east, north = replace(territory, cells=cells).bounds
    mainland = shapely.total_bounds([cell for key, cell in cells.items() if key not in far])
    assert [west, south, east, north] == mainland.tolist()
    assert replace(territory, cells=territory.cells).bounds == territory.bounds
