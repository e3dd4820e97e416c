"""Assembly of the deck: region, changes, sectors, points to watch, calendar, decision, sources.

Slides too detailed for a meeting follow at the end, hidden from the show.
"""

import io

from geozones.export.archive import undated
from geozones.export.deck import changes, closing, region, sectors
from geozones.export.deck.feedback import feedback_slides
from geozones.export.deck.organisation import organisation_slide
from geozones.export.deck.parts import footers, pass_over
from geozones.export.deck.speech import speech_of
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
    changed = sectors.changed_in(dossier)
    region.title_slide(deck, dossier, speech.opening)
    if len(dossier.sectors) > 1:
        region.region_slides(deck, dossier, speech.region)
    if dossier.comparison is not None:
        changes.change_slides(deck, dossier, dossier.comparison, speech.changes)
    for sector in dossier.sectors:
        if sector.lycees:
            sectors.sector_map(deck, dossier, sector, speech.sectors[sector.id])
            if sector.id in changed:
                sectors.sector_lycees(deck, dossier, sector, speech.sectors[sector.id])
    vigilance_slides(deck, dossier, speech.points)
    if len(dossier.sectors) > 1 and dossier.organisation is not None:
        organisation_slide(deck, dossier.organisation)
    if dossier.calendar:
        closing.calendar_slides(deck, dossier, speech.calendar)
    feedback_slides(deck, dossier, speech.feedback)
    closing.decision_slide(deck, dossier, speech.decision)
    closing.sources_slide(deck, speech.sources)
    shown = len(deck.presentation.slides)
    for sector in dossier.sectors:
        if sector.lycees and sector.id not in changed:
            sectors.sector_lycees(deck, dossier, sector, speech.sectors[sector.id])
    changes.more_alerts(deck, dossier, speech.changes)
    more_points(deck, dossier, speech.points)
    pass_over(list(deck.presentation.slides)[shown:])
    footers(deck, dossier)
    stream = io.BytesIO()
    deck.presentation.save(stream)
    return undated(stream.getvalue())
