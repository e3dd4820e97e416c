"""Sheets: a Scene drawn for print and slides, as SVG."""

from geozones.render.figure.draw import draw, draw_before_after

__all__ = ["draw", "draw_before_after"]
