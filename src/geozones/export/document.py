"""Tagged documents (PDF/UA-1): a report on the view, sheets of lycées.

A report of a change has that change alone, in two or three pages.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geozones.domain import DecisionStatus
from geozones.domain.organisation import NOT_PUBLISHED
from geozones.domain.terms import terms, worded
from geozones.export import messages, sentences
from geozones.export.change_scenes import near_changes, tells_change, zones_in_view
from geozones.export.dossier import NOT_COUNTED, Dossier, LyceeRow, PointRow, SectorRow, SiteSheet
from geozones.export.file_parts import longest_noun, qr_png, slug, typeset
from geozones.export.messages import (
    message_of,
)
from geozones.export.organisation import technicians_text, without_doubt
from geozones.export.sentences import mean_and_longest
from geozones.export.typesetting import typeset_file
from geozones.metrics.metric_changes import Effect, effect_on
from geozones.metrics.metric_registry import watch_list
from geozones.render import Scene
from geozones.render.figure import draw, draw_before_after
from geozones.render.figure.canvas import drawable
from geozones.render.figure.draw import UNDECIDED
from geozones.render.sheet import LEAST_PIXELS, UNITS, Sheet
from geozones.render.typeface import MONO_NAME, typeface

type Block = dict[str, Any]

_TEMPLATE = Path(__file__).with_name("document.typ")
#: Size of a map on a page, in inches, its pixels per inch, and points of its smallest name.
#: Least share of the width for a sign of a head.
_SIGN = 0.165
_WIDTH, _DPI, _NAME_PT, _NAME_UNITS = 7.0, 170, 7.0, 12.0


def print_ready(text: str) -> str:
    """Return a text that the document's font can print: PDF/UA requires a glyph for each letter."""
    return drawable(typeset(text))


def heading(text: str, level: int = 1, *, key: str = "", new_page: bool = False) -> Block:
    """Return a heading; ``key``, unique in the document, identifies it in an index."""
    label = key or f"{level}-{slug(text)}"
    return {
        "kind": "heading",
        "text": print_ready(text),
        "level": level,
        "label": label,
        "break": new_page,
    }


def paragraph(text: str, size: float = 0.0, *, strong: bool = False) -> Block:
    """Return a paragraph, of a size in points other than the document's if given."""
    return {"kind": "text", "text": print_ready(text), "size": size, "strong": strong}


def bullets(items: Sequence[str], colour: str = "#1f2a33") -> list[Block]:
    """Return a list; nothing without items."""
    listed = [{"text": print_ready(item), "colour": colour} for item in items]
    return [{"kind": "list", "items": listed}] if listed else []


def table(
    columns: Sequence[tuple[str, float, bool]], rows: Sequence[Sequence[str | Block]]
) -> list[Block]:
    """Return a table: each column has a head, a share of the width, whether it holds figures.

    Heads are texts for `worded`. A cell ``#rrggbb`` is drawn as a square of this colour; another
    may be a `Document.drawing`. Nothing without rows.
    """
    if not rows:
        return []
    return [
        {
            "kind": "table",
            "heads": [print_ready(worded(head)) for head, _, _ in columns],
            "widths": [max(share, _SIGN * len(longest_noun(head))) for head, share, _ in columns],
            "numeric": [numeric for _, _, numeric in columns],
            "rows": [
                [cell if isinstance(cell, dict) else print_ready(cell) for cell in row]
                for row in rows
            ],
        }
    ]


def legend(entries: Sequence[tuple[str, str]]) -> Block:
    """Return the legend of a map: each entry a colour and its meaning."""
    listed = [{"colour": colour, "text": print_ready(text)} for colour, text in entries]
    return {"kind": "legend", "entries": listed}


class Document:
    """Document under construction: its blocks, the pictures in them, a warning on each page.

    ``size`` is that of its text, in points, ``paper`` that of its pages: maps fill their width.
    """

    def __init__(
        self,
        dossier: Dossier,
        title: str,
        warning: str = "",
        size: float = 9.5,
        paper: str = "a4",
    ) -> None:
        self.dossier = dossier
        self.title = title
        self.warning = warning
        self.size = size
        self.paper = paper
        self.blocks: list[Block] = []
        self._pictures: dict[str, bytes] = {}

    def add(self, *blocks: Block | Sequence[Block]) -> None:
        """Add blocks, or lists of blocks."""
        for block in blocks:
            self.blocks += [block] if isinstance(block, dict) else block

    def map(self, scene: Scene, described: str, high: float) -> None:
        """Add a map of a height in inches, as vectors, the meaning of its signs below it."""
        sheet = _sheet(high)
        self._picture(draw(scene, self.dossier.ground, sheet), described)

    def pair(
        self, scenes: tuple[Scene, Scene], captions: tuple[str, str], described: str, high: float
    ) -> None:
        """Add two maps of the same extent, each under its caption."""
        sheet = _sheet(high, room=True)
        drawn = draw_before_after(*scenes, self.dossier.ground, sheet, captions)
        self._picture(drawn, described)

    def drawing(self, svg: str, described: str) -> Block:
        """Return a cell of a table with a drawing."""
        name = f"drawing-{len(self._pictures)}.svg"
        self._pictures[name] = svg.encode()
        return {"path": name, "alt": print_ready(described)}

    def code(self) -> None:
        """Add the QR code of the view, with its address; nothing without an address."""
        address = self.dossier.address
        if address:
            name = "code.png"
            self._pictures[name] = qr_png(address)
            words = {"alt": print_ready(f"Code QR qui mène à {address}"), "address": address}
            self.blocks.append({"kind": "code", "path": name, **words})

    def _picture(self, svg: str, described: str) -> None:
        name = f"map-{len(self._pictures)}.svg"
        self._pictures[name] = svg.encode()
        self.blocks.append({"kind": "picture", "path": name, "alt": print_ready(described)})

    def pdf(self) -> bytes:
        """Return the document as PDF/UA-1: the same blocks give the same bytes."""
        version = self.dossier.version
        data = {
            "title": print_ready(self.title),
            "size": self.size,
            "paper": self.paper,
            "warning": print_ready(self.warning),
            "author": "geozones",
            "version": print_ready(version.full_name),
            "footer": print_ready(version.dated_name),
            "decided": version.decided,
            "date": version.file_date,
            "fonts": (*typeface().names, MONO_NAME),
            "blocks": self.blocks,
        }
        inputs = {"data": json.dumps(data)}
        source = _TEMPLATE.read_bytes()
        return typeset_file(source, "pdf", inputs, self._pictures, pdf_standards=["ua-1"])


def _sheet(high: float, *, room: bool = False) -> Sheet:
    zoom = _NAME_PT / _NAME_UNITS / (min(_WIDTH, high) * 72 / UNITS)
    dpi = max(_DPI, math.ceil(LEAST_PIXELS / high))
    pixels = (round(_WIDTH * dpi), round(high * dpi))
    return Sheet(*pixels, dpi, bare=True, keys=True, zoom=zoom, room=room)


_AMBER, _RED = "#7a4300", "#a3300f"
_SECTORS = (
    ("", 0.55, False), ("Secteur", 3.0, False), ("Statut", 2.6, False), ("RNS", 2.4, False),
    ("{Support_centre}", 3.0, False), ("Zones", 0.9, True), ("{Sites}", 1.0, True),
    ("Trajet moyen", 1.2, True), ("Le plus long", 1.2, True),
)  # fmt: skip
_ZONES = (
    ("", 0.45, False), ("Zone", 3.2, False), ("{Sites}", 6.6, False),
    ("Trajet moyen", 1.2, True), ("Le plus long", 1.2, True),
)  # fmt: skip
_CHANGES = (
    ("Effet", 2.0, False), ("Chiffre", 4.0, False), ("Avant", 1.4, True), ("Après", 1.4, True),
    ("Écart", 1.2, True), ("Appréciation", 2.4, False),
)  # fmt: skip
_MOVES = (
    ("Secteur", 2.6, False), ("{Site}", 3.2, False), ("Zone avant", 3.0, False),
    ("Zone après", 3.0, False),
)  # fmt: skip
_DATES = (("Date", 2.2, False), ("Pour qui", 2.4, False), ("Ce qui était prévu", 6.4, False))


def sectors_table(dossier: Dossier) -> list[Block]:
    """Return a line for each sector, and a line for all if there are several."""
    colours = {sector.id: sector.colour for sector in dossier.scene.sectors}
    rows = [
        (
            colours.get(row.id, ""),
            row.name,
            row.status_text,
            row.rns or NOT_PUBLISHED,
            row.support_centre or NOT_PUBLISHED,
            str(len([zone for zone in row.zones if zone.lycees])),
            str(len(row.lycees)),
            *mean_and_longest(row),
        )
        for row in dossier.sectors
        if row.lycees
    ]
    if len(rows) > 1:
        zones = len([zone for zone in dossier.zones if zone.lycees])
        counts = (str(zones), str(len(dossier.lycees)))
        rows.append(("", "Ensemble", "", "", "", *counts, *mean_and_longest(dossier)))
    return table(_SECTORS, rows)


def sector_facts(sector: SectorRow) -> Block:
    """Return the status of a sector, its RNS and its support centre."""
    parts = [
        f"Statut : {sector.status_text}.",
        f"RNS : {sector.rns or NOT_PUBLISHED}.",
        worded("{Support_centre} : ") + f"{sector.support_centre or NOT_PUBLISHED}.",
    ]
    if sector.chart is not None:
        parts.append(f"{technicians_text(sector.chart)}.")
    return paragraph(" ".join(parts))


def zones_table(sector: SectorRow) -> list[Block]:
    """Return a line for each zone of a sector, numbered as on its map."""
    rows = []
    for zone in (zone for zone in sector.zones if zone.lycees):
        apart = sector.apart(zone)
        name = f"{zone.name} ({apart})" if apart else zone.name
        names = ", ".join(_named(lycee) for lycee in zone.lycees)
        rows.append((str(zone.number), name, names, *mean_and_longest(zone)))
    return table(_ZONES, rows)


def _named(lycee: LyceeRow) -> str:
    star = "★ " if lycee.is_support else ""
    return f"{star}{lycee.name}" + ("" if lycee.is_placed else " (sans position)")


def titled(kind: str, dossier: Dossier) -> str:
    """Return the title of a document of a kind: with its area, unless that is the whole region."""
    return kind if len(dossier.sectors) > 1 else f"{kind} : {dossier.title}"


def watched(points: Sequence[PointRow]) -> list[Block]:
    """Return the points to watch, and the origin of each."""
    lines = [f"{point.sentence} ({point.kind_and_origin}, {point.status})" for point in points]
    return bullets(lines, _AMBER)


def changes(document: Document, dossier: Dossier) -> None:
    """Add a change: its finding and maps, who moves, figures, points to watch, what is asked."""
    comparison = dossier.comparison
    assert comparison is not None  # noqa: S101 - who calls looked
    message, after = message_of(comparison), dossier.version.name
    document.add(heading(message.title), paragraph(dossier.version.dated_name, strong=True))
    document.add(paragraph(f"{comparison.title}."), drafts(dossier))
    if subject := zones_in_view(dossier):
        scenes = near_changes(comparison.scene, dossier.scene, subject)
        captions = (f"Avant : {comparison.before.name}", f"Après : {after}")
        document.pair(scenes, captions, messages.alt_of_pair(comparison, after), 4.0)
    document.add(bullets([*message.lines[1:], message.verdict]))
    if dossier.asked:
        document.add(heading("Décision demandée", 2), bullets(dossier.asked))
    if comparison.moves:
        document.add(heading(sentences.of_moves(comparison.moves), 2))
        rows = [cells for _, cells in sentences.rows_of_moves(dossier, comparison)]
        document.add(table(_MOVES, rows))
    document.add(bullets(comparison.others))
    if dossier.reasons:
        document.add(heading("Pourquoi", 2), bullets(dossier.reasons))
    rows = [
        (
            str(effect_on(change)),
            change.metric.file_label,
            change.before_text,
            change.after_text,
            change.difference_text,
            change.word,
        )
        for change in comparison.changes
    ]
    document.add(heading(comparison.located("Les chiffres"), 2))
    none = f"{messages.of_figures(0, 0, comparison.place)}."
    document.add(table(_CHANGES, rows) if comparison.changed_figures else [paragraph(none)])
    for title, points in comparison.points.titled:
        colour = "#1f2a33" if points is comparison.points.lifted else _RED
        document.add(heading(title, 2), bullets(points, colour))


def feedback(document: Document, dossier: Dossier) -> None:
    """Add the feedback on the plan, if any."""
    if dossier.feedback:
        document.add(heading(messages.FEEDBACK_TITLE, 2), bullets(dossier.feedback))


def vigilance(document: Document, dossier: Dossier) -> None:
    """Add the points to watch in view."""
    if dossier.points:
        known = watch_list(dossier.points)
        document.add(heading(known.text, new_page=True), watched(known.counted))
        if known.information:
            document.add(heading(NOT_COUNTED, 2), watched(known.information))


def calendar(document: Document, dossier: Dossier) -> None:
    """Add the calendar of deployment, and its uncertainties."""
    if not dossier.calendar:
        return
    rows = [
        (
            without_doubt(step.heading) if rank == 0 else "",
            whom,
            " ; ".join(map(without_doubt, items)),
        )
        for step in dossier.calendar
        for rank, (whom, items) in enumerate(step.parts or (("—", ()),))
    ]
    doubts = dict.fromkeys(doubt for step in dossier.calendar for doubt in step.doubts)
    document.add(heading("Calendrier de déploiement", new_page=True), table(_DATES, rows))
    document.add(bullets([*dossier.calendar_notes, *doubts]))


def sources(document: Document, dossier: Dossier, *, new_page: bool = False) -> None:
    """Add the sources."""
    document.add(heading("Sources et version", new_page=new_page))
    document.add(bullets(sentences.of_sources(dossier)))
    document.code()


def drafts(dossier: Dossier) -> list[Block]:
    """Warn about drafts, which nobody decided."""
    lines = []
    if not dossier.version.decided:
        lines.append(UNDECIDED)
    if any(zone.status is DecisionStatus.DRAFT for zone in dossier.zones):
        decision = f"décision {terms().organisation.of_the}"
        lines.append(f"Hachures : BROUILLON de l'outil, pas une {decision}.")
    return bullets(lines, _AMBER)


#: Height of the map of a sector, in inches.
_MAP = 4.8


def report(dossier: Dossier, paper: str = "a4") -> bytes:
    """Return the view as a tagged document, PDF/UA-1, on A4 or A3; of a change, what changes."""
    document = Document(dossier, dossier.title, paper=paper)
    if tells_change(dossier):
        changes(document, dossier)
        feedback(document, dossier)
        sources(document, dossier)
        return document.pdf()
    several = len(dossier.sectors) > 1
    document.add(heading(dossier.title), paragraph(dossier.version.dated_name, strong=True))
    document.add(drafts(dossier), paragraph(f"{messages.of_view(dossier)}."))
    if several:
        document.map(dossier.scene, messages.alt_of_region(dossier), 4.9)
        document.add(sectors_table(dossier))
        document.add(bullets(sentences.of_region(dossier)[:2]))
    for sector in dossier.sectors:
        if not sector.lycees:
            continue
        if several:
            name, key = f"Secteur {sector.name}", f"s-{sector.id}"
            document.add(heading(name, new_page=True, key=key))
            document.add(paragraph(f"{messages.of_sector(dossier, sector)}.", strong=True))
        document.add(sector_facts(sector))
        document.map(sector.scene, messages.alt_of_sector(sector), _MAP)
        document.add(zones_table(sector))
        if several:
            _alerts(document, dossier, sector)
    feedback(document, dossier)
    vigilance(document, dossier)
    if dossier.comparison is None:
        calendar(document, dossier)
    sources(document, dossier)
    return document.pdf()


def _alerts(document: Document, dossier: Dossier, sector: SectorRow) -> None:
    alerts = [point.sentence for point in watch_list(dossier.points_of(sector)).counted]
    if alerts:
        document.add(heading("À surveiller", 2, key=f"w-{sector.id}"), bullets(alerts, "#7a4300"))


_FACTS = (("", 2.2, False), ("Dans ce plan", 7.2, False))
_COMPARED = (("", 2.2, False), ("Après", 3.6, False), ("Avant", 3.6, False))
#: Sizes of the text, larger than in other documents since a page has few lines, and of the sources,
#: in points. A map of the zone would make the file of the region ten times as large, 15 MB.
_SIZE, _SOURCES = 11.5, 8.0
_DARK_RED = "#8b1a1a"


def site_sheets(dossier: Dossier) -> bytes:
    """Return the sheets of the lycées in view that the plan changes something for, a page each."""
    sheets = [sheet for sheet in dossier.sheets if sheet.changes]
    title = titled(f"Fiches des {terms().site.plural}", dossier)
    document = Document(dossier, title, size=_SIZE)
    if not sheets:
        document.add(heading(title), paragraph(worded("Ce plan ne change rien pour {no_site}.")))
    for rank, sheet in enumerate(sheets):
        _page(document, dossier, sheet, first=rank == 0)
    sources(document, dossier, new_page=bool(sheets))
    return document.pdf()


def _page(document: Document, dossier: Dossier, sheet: SiteSheet, *, first: bool) -> None:
    document.add(heading(sheet.name, key=f"l-{sheet.lycee}", new_page=not first))
    document.add(
        paragraph(f"{dossier.version.dated_name}. Statut de la zone : {sheet.status}.", strong=True)
    )
    if sheet.worse:
        document.add(_titled(sheet, Effect.WORSE))
        document.add(bullets(sheet.worse, _DARK_RED))
    document.add(table(_COMPARED if sheet.is_compared else _FACTS, sheet.rows))
    for title, lines, colour in (
        ("Jours de présence", (sheet.presence,) if sheet.presence else (), "#1f2a33"),
        ("En cas d'absence, qui vient", sheet.cover, "#1f2a33"),
        ("À confirmer", sheet.doubts, _AMBER),
    ):
        if lines:
            document.add(_titled(sheet, title), bullets(lines, colour))
    document.add(paragraph(" ".join(dossier.sources), _SOURCES))


def _titled(sheet: SiteSheet, title: str) -> dict[str, object]:
    return heading(title, 2, key=f"l-{sheet.lycee}-{slug(title)}")
