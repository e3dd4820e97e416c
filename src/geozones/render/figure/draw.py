"""Drawing of a scene on a sheet."""

from matplotlib.figure import Figure

from geozones.render.figure.canvas import Canvas
from geozones.render.figure.draft_band import draw_band
from geozones.render.figure.drawing_lock import exclusive
from geozones.render.figure.figure_legend import draw_legend
from geozones.render.figure.legend_keys import draw_key_strip, legend_keys_of
from geozones.render.figure.map import draw_map
from geozones.render.figure.map_layout import lay_out_map
from geozones.render.figure.page_layout import lay_out
from geozones.render.figure.subject import PictureSubject
from geozones.render.map_ground import MapGround
from geozones.render.scene import Scene
from geozones.render.sheet import Sheet


@exclusive
def draw(scene: Scene, ground: MapGround, sheet: Sheet) -> Figure:
    """Draw a scene on a sheet: map, insets, labels, scale bar, legend, title and notes.

    A scene with faded zones is a close-up of the others: their zones are numbered and their
    lycées labelled. ``ground`` are the borders of the départements.
    """
    canvas = Canvas(sheet)
    layout = lay_out(canvas)
    subject = PictureSubject(scene, ground.names, sheet.room, listed=not sheet.bare)
    box = layout.map
    if not sheet.bare:
        box = draw_band(canvas, subject, box, sheet.undecided)
    elif sheet.keys:
        box = draw_key_strip(canvas, legend_keys_of(subject), box)
    draw_map(canvas, lay_out_map(subject, box), ground)
    if layout.legend is not None:
        draw_legend(canvas, subject, layout.legend, columns=layout.columns)
    return canvas.figure
