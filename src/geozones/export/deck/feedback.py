"""Slides of feedback on a plan: comments, opinions of lycées."""

from dataclasses import replace

from geozones.export.deck.page import Deck
from geozones.export.deck.parts import TextRun, add_slide, bullet_pages, bullets, write_notes
from geozones.export.deck.speech import SlideNotes
from geozones.export.dossier import Dossier
from geozones.export.messages import FEEDBACK_TITLE


def feedback_slides(deck: Deck, dossier: Dossier, notes: SlideNotes) -> None:
    """Add the feedback, over as many slides as it needs; nothing without feedback."""
    lines = dossier.feedback
    for rank, part in enumerate(bullet_pages(deck, lines, deck.body.height) if lines else ()):
        slide = add_slide(deck, FEEDBACK_TITLE if rank == 0 else f"{FEEDBACK_TITLE} (suite)")
        bullets(deck, slide, [TextRun(sentence) for sentence in part], deck.body.top)
        write_notes(slide, replace(notes, figures=part))
