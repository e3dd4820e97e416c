"""QR code of a link on a sheet (ISO/IEC 18004, level M), in vectors on a vector sheet."""

import segno
import shapely

from geozones.render.figure.canvas import Canvas
from geozones.render.figure.map_frame import Box

_DARK = "#14202b"


def draw_code(canvas: Canvas, link: str, box: Box) -> None:
    """Draw the code of a link at the top right of a square box, with the sheet's white margin.

    Modules are whole pixels, since a camera reads sharp edges better.
    """
    rows = segno.make(link, error="m", micro=False).matrix
    unit = canvas.sheet.unit
    side = max(int(box.width * unit / len(rows)), 1) / unit
    right, top = round(box.right * unit) / unit, round(box.top * unit) / unit
    dark = [
        (right - (len(row) - x) * side, top - y * side)
        for y, row in enumerate(rows)
        for x, module in enumerate(row)
        if module
    ]
    modules = [shapely.box(x, y - side, x + side, y) for x, y in dark]
    drawn = canvas.area(shapely.union_all(modules), _DARK, layer=8.0)
    drawn.set_gid("label-code")
