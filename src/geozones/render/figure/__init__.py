"""Sheets: a Scene drawn for print and slides, by matplotlib."""

from geozones.render.figure.draw import draw
from geozones.render.figure.pair import draw_pair

__all__ = ["draw", "draw_pair"]
