"""Pictures: a Scene drawn for print and slides, as SVG, and what stands around it."""

from geozones.render.figure.page import Figure, PageValues

__all__ = ["Figure", "PageValues"]
