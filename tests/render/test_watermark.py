"""« Brouillon » is whole and hidden by nothing."""

import shapely
from matplotlib.text import Text
from shapely.affinity import rotate

from geozones.render.figure.fonts import width
from geozones.render.figure.watermark import DRAFT as WORD
from geozones.render.figure.watermark import room_for_mark
from geozones.workspace.study import Study

from .conftest import Draw


def word(size: float, at: tuple[float, float]) -> shapely.Polygon:
    """What the word covers."""
    wide = width(WORD, size, "bold")
    flat = shapely.box(at[0] - wide / 2, at[1] - size * 0.4, at[0] + wide / 2, at[1] + size * 0.4)
    return rotate(flat, 24, origin=at)


def test_the_word_is_inside_its_area_and_beside_what_is_drawn_there() -> None:
    area, name = shapely.box(0, 0, 900, 500), shapely.box(300, 200, 600, 300)
    free = room_for_mark(area)
    beside = room_for_mark(area.difference(name))
    assert free is not None
    assert beside is not None
    assert area.covers(word(*free))
    assert word(*free).intersects(name)
    assert area.difference(name).buffer(1).covers(word(*beside))
    assert beside[0] < free[0]


def test_an_area_too_small_has_no_word() -> None:
    assert room_for_mark(shapely.box(0, 0, 60, 60)) is None
    assert room_for_mark(shapely.Polygon()) is None


def test_each_draft_sector_of_the_region_is_marked(drawn: Draw, study: Study) -> None:
    texts = drawn("region").figure.findobj(Text)
    inks = {text.get_color() for text in texts if text.get_text() == WORD}
    assert len(inks) >= sum(sector.is_draft for sector in study.plan.sectors)
