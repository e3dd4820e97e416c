"""PPTX: a deck that a presenter can edit, with native tables and text."""

from geozones.export.deck.page import check_template
from geozones.export.deck.writer import deck_of, pptx

__all__ = ["check_template", "deck_of", "pptx"]
