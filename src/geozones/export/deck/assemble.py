"""Assembly of the deck: changes, region, sectors, points to watch, calendar, decision, sources.

Slides too detailed for a meeting follow at the end, hidden from the show.
"""

import io

from geozones.export.archive import undated
from geozones.export.deck import changes, closing, region, sectors
from geozones.export.deck.feedback import feedback_slides
from geozones.export.deck.organisation import organisation_slide
from geozones.export.deck.page import Deck
from geozones.export.deck.parts import footers, pass_over
from geozones.export.deck.speech import Speech, speech_of
from geozones.export.deck.template import new_deck
from geozones.export.deck.vigilance import more_points, vigilance_slides
from geozones.export.dossier import Dossier


def pptx(dossier: Dossier, template: bytes | None = None) -> bytes:
    """Return the deck, based on a template (a .pptx file) if given.

    The same dossier and template give the same bytes.

    Raises
    ------
    InputError
        If the template cannot be used.
    """
    deck, speech = new_deck(dossier, template), speech_of(dossier)
    if dossier.is_of_zone:
        _zone(deck, dossier, speech)
    else:
        _whole(deck, dossier, speech)
    footers(deck, dossier, covers=0 if dossier.is_of_zone else 1)
    stream = io.BytesIO()
    deck.presentation.save(stream)
    return undated(stream.getvalue())


def _zone(deck: Deck, dossier: Dossier, speech: Speech) -> None:
    """Add the slides of a zone: its map and its lycées, both maps of a change, the rest."""
    sectors.zone_slide(deck, dossier, next(iter(speech.sectors.values())))
    if dossier.comparison is not None:
        changes.maps_slide(deck, dossier, dossier.comparison, speech.changes)
    closing.zone_end_slide(deck, dossier, speech)
    seen = len(deck.presentation.slides)
    if dossier.comparison is not None:
        changes.figure_slides(deck, dossier.comparison, speech.changes)
    pass_over(list(deck.presentation.slides)[seen:])


def _whole(deck: Deck, dossier: Dossier, speech: Speech) -> None:
    """Add the slides of the region or of a sector."""
    region.title_slide(deck, dossier, speech.opening)
    if dossier.comparison is not None:
        changes.change_slides(deck, dossier, dossier.comparison, speech.changes)
    shown = sectors.shown_in(dossier)
    if len(dossier.sectors) > 1 and len(shown) == len(dossier.sectors):
        region.region_slides(deck, dossier, speech.region)
    for sector in shown:
        sectors.sector_slides(deck, dossier, sector, speech.sectors[sector.id])
    vigilance_slides(deck, dossier, speech.points)
    if not dossier.paired:
        if len(dossier.sectors) > 1 and dossier.organisation is not None:
            organisation_slide(deck, dossier.organisation)
        closing.calendar_slides(deck, dossier, speech.calendar)
    feedback_slides(deck, dossier, speech.feedback)
    closing.decision_slide(deck, dossier, speech.decision)
    closing.sources_slide(deck, speech.sources)
    seen = len(deck.presentation.slides)
    changes.more_changes(deck, dossier, speech.changes)
    more_points(deck, dossier, speech.points)
    pass_over(list(deck.presentation.slides)[seen:])
