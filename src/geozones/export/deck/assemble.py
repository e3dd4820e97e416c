"""The whole deck: title, region, sectors, what to watch, what changes, calendar, sources."""

import io

from geozones.export.archive import undated
from geozones.export.deck import closing, region, sectors, template
from geozones.export.deck.organisation import organisation_slide
from geozones.export.deck.parts import footers
from geozones.export.deck.sector_chart import sector_chart_slides
from geozones.export.deck.vigilance import vigilance_slides
from geozones.export.dossier import Dossier


def pptx(dossier: Dossier) -> bytes:
    """Return the deck: the same dossier gives the same bytes."""
    deck = template.new_deck(dossier)
    region.title_slide(deck, dossier)
    if len(dossier.sectors) > 1:
        region.region_slide(deck, dossier)
        if dossier.organisation is not None:
            organisation_slide(deck, dossier.organisation)
    for sector in dossier.sectors:
        if sector.lycees:
            sectors.sector_slides(deck, dossier, sector)
            if not dossier.scene.selected_zones:  # a view of one zone is not about its sector
                sector_chart_slides(deck, sector)
    vigilance_slides(deck, dossier)
    if dossier.comparison is not None:
        closing.change_slides(deck, dossier, dossier.comparison)
    if dossier.calendar:
        closing.calendar_slide(deck, dossier)
    closing.sources_slide(deck, dossier)
    footers(deck, dossier)
    stream = io.BytesIO()
    deck.save(stream)
    return undated(stream.getvalue())
