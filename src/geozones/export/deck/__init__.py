"""PPTX: a deck that a presenter can edit, with native tables and text."""

from geozones.export.deck.assemble import pptx
from geozones.export.deck.page import check_template

__all__ = ["check_template", "pptx"]
