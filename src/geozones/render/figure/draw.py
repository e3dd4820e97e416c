"""A sheet from a scene."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from geozones.render.figure.canvas import Canvas
from geozones.render.figure.legend import draw_legend
from geozones.render.figure.map import draw_map
from geozones.render.figure.page import lay_out
from geozones.render.figure.plan import plan_map
from geozones.render.figure.subject import Subject
from geozones.render.scene import Outline, Scene
from geozones.render.sheet import Sheet


def draw(scene: Scene, outlines: Sequence[Outline], sheet: Sheet) -> Figure:
    """Draw what the screen map shows, on a sheet: map, insets, names, legend, scale, notes.

    A scene with zones aside is a close-up of the others: zones are numbered, lycées named.
    """
    canvas = Canvas(sheet)
    layout = lay_out(canvas)
    subject = Subject(scene)
    draw_map(canvas, plan_map(subject, layout.map), outlines, draft=sheet.draft)
    if layout.legend is not None:
        draw_legend(canvas, subject, layout.legend, columns=layout.columns)
    return canvas.figure
