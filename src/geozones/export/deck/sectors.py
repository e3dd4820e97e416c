"""Slides of a sector with its zones and posts."""

from collections import Counter

from pptx.slide import Slide

from geozones.common.french import NBSP
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms, worded
from geozones.domain.times import PARTLY_ESTIMATED
from geozones.export import messages
from geozones.export.deck.page import Deck
from geozones.export.deck.parts import (
    TextLine,
    TextRun,
    add_slide,
    text,
    text_height,
    write_notes,
)
from geozones.export.deck.region import beside_map, map_slide
from geozones.export.deck.speech import SlideNotes
from geozones.export.deck.tables import TableColumn, TableRow, paged, table
from geozones.export.dossier import Dossier, LyceeRow, SectorRow, ZoneRow
from geozones.export.file_parts import AMBER, INK
from geozones.export.sentences import mean_and_longest

#: Most zones on a slide: nobody reads more.
_MOST = 6
_ZONES = (
    TableColumn("", 0.45),
    TableColumn("Zone de continuité", 3.0, strong=True),
    TableColumn("{Sites}", 7.2),
    TableColumn("Au plus", 1.6, numeric=True),
)
_POSTS = (
    TableColumn("Zone", 3.2, strong=True),
    TableColumn("Poste", 1.5),
    TableColumn("{Sites} et demi-journées par semaine", 7.6),
)
#: Most lycées in a cell, so that a row is never taller than a slide.
_IN_A_ROW = 10
#: Remark, for `worded`, on a sector that is not published.
STATUS_NOTES = {
    DecisionStatus.RETAINED: "Retenu : décidé ici, pas encore publié.",
    DecisionStatus.PROPOSED: "Proposé : dans un scénario, non décidé.",
    DecisionStatus.DRAFT: (
        "Brouillon : proposition de l'outil, pas une décision {of_the_organisation}."
    ),
}


def sector_slides(deck: Deck, dossier: Dossier, sector: SectorRow, notes: SlideNotes) -> None:
    """Add a sector: its slide, tables of its zones if they do not fit there, then its posts."""
    if not sector_slide(deck, dossier, sector, notes):
        _table_slides(deck, sector, notes)
    _post_slides(deck, sector, notes)


def sector_slide(deck: Deck, dossier: Dossier, sector: SectorRow, notes: SlideNotes) -> bool:
    """Add the map of a sector, beside its zones and their lycées; return whether these fit."""
    title, described = messages.of_sector(dossier, sector), messages.alt_of_sector(sector)
    named = [[TextRun(_facts(sector), colour=_ink(sector))], *_zone_lines(sector)]
    fits = beside_map(deck, named)[1].width > 0
    map_slide(deck, dossier, sector.scene, (title, described), named if fits else [])
    write_notes(deck.presentation.slides[-1], notes)
    return fits


def _zone_lines(sector: SectorRow) -> list[TextLine]:
    """Return two lines for each zone, by its number on the map: its name, then its lycées."""
    lines: list[TextLine] = []
    for zone in (zone for zone in sector.zones if zone.lycees):
        apart = sector.apart(zone)
        name = f"{zone.number}{NBSP}{zone.name}" + (f" ({apart})" if apart else "")
        _, longest = mean_and_longest(zone)
        lines.append([TextRun(name, bold=True)])
        far = f" ({longest} au plus)" if len(zone.lycees) > 1 else ""
        lines.append([TextRun(f"{', '.join(_named(zone))}{far}")])
    return lines


def _ink(sector: SectorRow) -> str:
    return AMBER if sector.status in STATUS_NOTES else INK


def _table_slides(deck: Deck, sector: SectorRow, notes: SlideNotes) -> None:
    """Add the zones of a sector, with their lycées, in tables."""
    heading = f"Secteur {sector.name} : ses zones et leurs {terms().site.plural}"
    facts = _facts(sector)
    high = text_height(facts, deck.body.width) + 0.1
    room = deck.body.below(deck.body.top + high)
    for rank, part in enumerate(paged(_ZONES, _rows(sector), room, _MOST)):
        slide = add_slide(deck, heading if rank == 0 else f"{heading} (suite)")
        _strip(deck, slide, sector, facts)
        table(slide, room, _ZONES, part)
        write_notes(slide, notes.continued)


def _facts(sector: SectorRow) -> str:
    """Return the status of a sector, its RNS and its support centre, as far as they are known."""
    parts = [worded(STATUS_NOTES.get(sector.status, sector.status.label.capitalize() + "."))]
    if sector.rns:
        parts.append(f"RNS {sector.rns}.")
    if sector.support_centre:
        parts.append(worded("{Support_centre} : ") + f"{sector.support_centre}.")
    if sector.estimated:
        parts.append(f"* {PARTLY_ESTIMATED}.")
    return " ".join(parts)


def _strip(deck: Deck, slide: Slide, sector: SectorRow, facts: str) -> None:
    shape = text(slide, deck.body, [[TextRun(facts, colour=_ink(sector))]])
    shape.height = int(text_height(facts, deck.body.width) * 914_400)
    shape.name = "Le secteur en bref"


def _rows(sector: SectorRow) -> list[TableRow]:
    """Return a row for each zone, numbered as on the map; several for a zone of many lycées."""
    colours = {zone.id: zone.colour for zone in sector.scene.zones}
    rows = []
    for zone in (zone for zone in sector.zones if zone.lycees):
        swatch = (colours.get(zone.id, "#b9bec4"), zone.status is DecisionStatus.DRAFT)
        apart = sector.apart(zone)
        name = f"{zone.name} ({apart})" if apart else zone.name
        names = _named(zone)
        _, longest = mean_and_longest(zone)
        for start in range(0, len(names), _IN_A_ROW):
            part = ", ".join(names[start : start + _IN_A_ROW])
            cells = (str(zone.number), name if not start else f"{zone.name} (suite)", part)
            rows.append(TableRow((*cells, "" if start else longest), swatch=swatch))
    return rows


def _named(zone: ZoneRow) -> list[str]:
    """Return the lycées of a zone, each with its commune if the zone's name lacks it."""
    towns = Counter(lycee.commune for lycee in zone.lycees)
    known = [part.casefold() for part in zone.name.split(" – ")]
    return [
        _lycee(
            lycee,
            alone=len(towns) > 1 and not any(part in lycee.commune.casefold() for part in known),
        )
        for lycee in zone.lycees
    ]


def _lycee(lycee: LyceeRow, *, alone: bool) -> str:
    known = lycee.name.endswith(")") or lycee.commune.casefold() in lycee.name.casefold()
    name = lycee.name if known or not alone else f"{lycee.name} ({lycee.commune})"
    star = f"★{NBSP}" if lycee.is_support else ""
    return f"{star}{name}" + ("" if lycee.is_placed else " (sans position)")


def _post_slides(deck: Deck, sector: SectorRow, notes: SlideNotes) -> None:
    """Add the teams of the posts, if the scenario has posts."""
    chart = sector.chart
    if chart is None or not any(zone.posts for zone in chart.zones):
        return
    rows = []
    for zone in chart.zones:
        for rank, post in enumerate(zone.posts):
            lycees = ", ".join(f"{each.name} ({each.detail})" for each in post.lycees)
            rows.append(TableRow((zone.name if not rank else "", post.name, lycees)))
        if zone.left_out:
            names = ", ".join(each.name for each in zone.left_out)
            rows.append(TableRow(("" if zone.posts else zone.name, "sans poste", names)))
    title = f"Secteur {sector.name} : qui est avec qui"
    for rank, part in enumerate(paged(_POSTS, rows, deck.body)):
        slide = add_slide(deck, title if rank == 0 else f"{title} (suite)")
        table(slide, deck.body, _POSTS, part)
        write_notes(slide, notes.continued)
