"""Parts of documents: a sector, a zone, changes, dates, sources."""

from collections.abc import Sequence

from geozones.domain import DecisionStatus
from geozones.domain.organisation import NOT_PUBLISHED
from geozones.domain.terms import terms, worded
from geozones.export import messages, sentences
from geozones.export.change_scenes import near_changes, zones_in_view
from geozones.export.document.blocks import Block, Document, bullets, heading, paragraph, table
from geozones.export.dossier import Dossier, LyceeRow, SectorRow
from geozones.export.dossier_parts import NOT_COUNTED, PointRow
from geozones.export.messages import (
    message_of,
)
from geozones.export.organisation import technicians_text, without_doubt
from geozones.export.sentences import mean_and_longest
from geozones.metrics.metric_changes import effect_on
from geozones.metrics.metric_registry import watch_list
from geozones.render.figure.draw import UNDECIDED

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
    for rank, zone in enumerate((zone for zone in sector.zones if zone.lycees), 1):
        apart = sector.apart(zone)
        name = f"{zone.name} ({apart})" if apart else zone.name
        names = ", ".join(_named(lycee) for lycee in zone.lycees)
        rows.append((str(rank), name, names, *mean_and_longest(zone)))
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
