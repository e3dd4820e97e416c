"""Sheets: a Scene drawn for print and slides, by matplotlib."""

from geozones.render.figure.before_after import draw_before_after
from geozones.render.figure.draw import draw

__all__ = ["draw", "draw_before_after"]
