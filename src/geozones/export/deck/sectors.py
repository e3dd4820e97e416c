"""Slides of a sector: its map, then its zones with their lycées, five to a slide; and its posts."""

from collections import Counter

from pptx.slide import Slide

from geozones.common.french import NBSP
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms, worded
from geozones.domain.uncertainty import PARTLY_ESTIMATED
from geozones.export import alt_text, messages
from geozones.export.deck.page import Deck
from geozones.export.deck.parts import (
    AMBER,
    INK,
    TextRun,
    add_slide,
    text,
    text_height,
    write_notes,
)
from geozones.export.deck.region import map_slide
from geozones.export.deck.speech import SlideNotes
from geozones.export.deck.tables import TableColumn, TableRow, paged, table
from geozones.export.dossier import Dossier, LyceeRow, SectorRow, ZoneRow
from geozones.export.estimates import mean_and_longest
from geozones.export.organisation import NOT_PUBLISHED

#: Most zones on a slide: nobody reads more.
_MOST = 5
_ZONES = (
    TableColumn("", 0.45),
    TableColumn("Zone de continuité", 3.0, strong=True),
    TableColumn("{Sites}", 7.5),
    TableColumn("Au plus", 1.3, numeric=True),
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


def changed_in(dossier: Dossier) -> frozenset[str]:
    """Return the sectors (ids) whose lycées the room sees: the changed sectors, else all."""
    comparison = dossier.comparison
    zones = frozenset() if comparison is None else comparison.changed_zones
    changed = frozenset(
        sector.id
        for sector in dossier.sectors
        if sector.marks or any(zone.changed or zone.id in zones for zone in sector.zones)
    )
    return changed or frozenset(sector.id for sector in dossier.sectors)


def sector_map(deck: Deck, dossier: Dossier, sector: SectorRow, notes: SlideNotes) -> None:
    """Add the map of a sector, or of the only zone in view."""
    alone = dossier.is_of_zone
    title = messages.of_zone(dossier) if alone else messages.of_sector(dossier, sector)
    described = alt_text.of_zone(dossier) if alone else alt_text.of_sector(sector)
    map_slide(deck, dossier, dossier if alone else sector, (title, described))
    write_notes(deck.presentation.slides[-1], notes)


def sector_lycees(deck: Deck, dossier: Dossier, sector: SectorRow, notes: SlideNotes) -> None:
    """Add the lycées of a sector, or of the only zone in view; and its posts."""
    alone = dossier.is_of_zone
    rows = _rows(sector)
    heading = f"Secteur {sector.name} : {_led(sector)}"
    heading = f"{dossier.title} : ses {terms().site.plural}" if alone else heading
    facts = _facts(sector)
    high = text_height(facts, deck.body.width) + 0.1
    room = deck.body.below(deck.body.top + high)
    for rank, part in enumerate(paged(_ZONES, rows, room, _MOST)):
        slide = add_slide(deck, heading if rank == 0 else f"{heading} (suite)")
        _strip(deck, slide, sector, facts)
        table(slide, room, _ZONES, part)
        write_notes(slide, notes.continued)
    if not alone:
        _post_slides(deck, sector, notes)


def _led(sector: SectorRow) -> str:
    return f"RNS {sector.rns}" if sector.rns else "RNS non publié"


def _facts(sector: SectorRow) -> str:
    """Return the status of a sector, its support centre, and its drives between colleagues."""
    mean, longest = mean_and_longest(sector)
    parts = [
        worded(STATUS_NOTES.get(sector.status, sector.status.label.capitalize() + ".")),
        worded("{Support_centre} : ") + f"{sector.support_centre or NOT_PUBLISHED}.",
    ]
    parts.append(f"Entre collègues : {mean} en moyenne, {longest} au plus.")
    if sector.estimated:
        parts.append(f"* {PARTLY_ESTIMATED}.")
    return " ".join(parts)


def _strip(deck: Deck, slide: Slide, sector: SectorRow, facts: str) -> None:
    colour = AMBER if sector.status in STATUS_NOTES else INK
    shape = text(slide, deck.body, [[TextRun(facts, colour=colour)]])
    shape.height = int(text_height(facts, deck.body.width) * 914_400)
    shape.name = "Le secteur en bref"


def _rows(sector: SectorRow) -> list[TableRow]:
    """Return a row for each zone, numbered as on the map; several for a zone of many lycées."""
    colours = {zone.id: zone.colour for zone in sector.scene.zones}
    rows = []
    for rank, zone in enumerate((zone for zone in sector.zones if zone.lycees), 1):
        swatch = (colours.get(zone.id, "#b9bec4"), zone.status is DecisionStatus.DRAFT)
        apart = sector.apart(zone)
        name = f"{zone.name} ({apart})" if apart else zone.name
        names = _named(zone)
        _, longest = mean_and_longest(zone)
        for start in range(0, len(names), _IN_A_ROW):
            part = ", ".join(names[start : start + _IN_A_ROW])
            cells = (str(rank), name if not start else f"{zone.name} (suite)", part)
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
