"""PPTX: a 16:9 deck that a presenter can edit, with native tables and text."""

from geozones.export.deck.assemble import pptx
from geozones.export.deck.template import check_template

__all__ = ["check_template", "pptx"]
