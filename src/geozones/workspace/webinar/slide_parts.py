"""Parts of the slides of a webinar: figures, lines, sentences, views of maps."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from geozones.common.french import inside, listing, minutes, number, plural
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms, worded
from geozones.export.dossier import LyceeRow, PlanComparison, SectorRow, Version, ZoneRow
from geozones.export.estimates import Shown, guess_of
from geozones.export.text import typeset
from geozones.export.webinar_content import Slide, SlideFigure, SlideLine
from geozones.metrics import SAME, Change, metric, written
from geozones.render import Label, LyceePoint, Scene, ZoneArea
from geozones.render.scene import Bounds
from geozones.render.signs import INK

_STATUSES = {
    DecisionStatus.PUBLISHED: "Publiés par {the_organisation}",
    DecisionStatus.RETAINED: "Retenus, pas encore publiés",
    DecisionStatus.PROPOSED: "Proposés, non décidés",
    DecisionStatus.DRAFT: "Brouillons de l'outil, hachurés, non décidés",
}
#: Margin around the changes, as a share of their height and width.
_AROUND = 0.12
#: Most zones of a change with a number on its maps.
_MOST_NUMBERS = 6
#: Ink of what does not change, in a picture of a change.
_QUIET = "#9aa3a8"


def typeset_slide(slide: Slide) -> Slide:
    """Return a slide with French typography in all its texts."""
    return replace(
        slide,
        kicker=typeset(slide.kicker),
        title=typeset(slide.title),
        badges=tuple(typeset(badge) for badge in slide.badges),
        sentences=tuple(typeset(sentence) for sentence in slide.sentences),
        lines=tuple(replace(line, detail=typeset(line.detail)) for line in slide.lines),
        notes=tuple(typeset(note) for note in slide.notes),
    )


def undecided_badges(version: Version) -> tuple[str, ...]:
    """Return the badge of an undecided plan; none for a decided one."""
    return () if version.decided else (f"Non décidé : {version.status}",)


def status_sentences(sectors: Sequence[SectorRow]) -> tuple[str, ...]:
    """Name the sectors of each status, and what changed in them."""
    lines = []
    for status, words in _STATUSES.items():
        names = [sector.name for sector in sectors if sector.status is status]
        if names:
            lines.append(f"{worded(words)} : {listing(names)}.")
    return (*lines, *(f"{sector.name} : {sector.marks}." for sector in sectors if sector.marks))


def drive_figures(shown: Shown, peak: str) -> tuple[SlideFigure, ...]:
    """Return the mean and the longest drive of a zone, a sector or the region, in minutes."""
    return (
        metric_figure("mean_minutes", shown, peak),
        metric_figure("max_minutes", shown, peak, " dans une zone"),
    )


def metric_figure(key: str, shown: Shown, peak: str, where: str = "") -> SlideFigure:
    """Return a metric to the minute, with its name, estimates and peak hours."""
    notes = [note for note in (guess_of(shown, key), peak) if note]
    note = f" ({', '.join(notes)})" if notes else ""
    return SlideFigure(written(shown.values, key, 0), f"{inside(metric(key).label)}{where}{note}")


def lycees_per_zone(zones: Sequence[ZoneRow]) -> str:
    """Return the mean number of lycées of some zones, to a tenth."""
    return number(sum(len(zone.lycees) for zone in zones) / len(zones), 1) if zones else "—"


def zone_line(row: ZoneRow, sector: SectorRow) -> SlideLine:
    """Return the line of a zone: its lycées and drives, in its colour on the map."""
    area = next((area for area in sector.scene.zones if area.id == row.id), None)
    count = terms().site.counted(len(row.lycees))
    mean, longest = written(row.values, "mean_minutes", 0), written(row.values, "max_minutes")
    far = f" · {mean} en moyenne, {longest} au plus"
    apart = sector.apart(row)
    lines = (count + (far if row.farthest else ""), apart)
    return SlideLine(row.name, " · ".join(filter(None, lines)), area)


def lycee_line(row: LyceeRow) -> SlideLine:
    """Return the line of a lycée: its relève, with origin and minutes."""
    lines = [terms().support_centre.singular] if row.is_support else []
    if row.releve_minutes is not None:
        guess = " (estimé)" if row.estimated else ""
        lines.append(f"relève en {minutes(row.releve_minutes)}{guess} depuis {row.releve_from}")
    return SlideLine(f"{row.name} ({row.commune})", " · ".join(lines))


def unplaced_sentences(lycees: Iterable[LyceeRow]) -> tuple[str, ...]:
    """Name the lycées that the map cannot show."""
    names = [lycee.name for lycee in lycees if not lycee.is_placed]
    return (
        (f"Sans position, absent{terms().site.e}s de la carte : {listing(names)}.",)
        if names
        else ()
    )


def change_figures(comparison: PlanComparison) -> tuple[SlideFigure, ...]:
    """Return the headline figures before and after, deteriorations first."""
    return tuple(_change(change) for change in comparison.headline)


def new_point_sentences(comparison: PlanComparison) -> tuple[str, ...]:
    """Count the new points to watch, and quote the first; empty if there is none."""
    points = comparison.new_points
    if not points:
        return ()
    count = plural(
        len(points),
        "point de vigilance nouveau ou changé",
        "points de vigilance nouveaux ou changés",
    )
    return (f"{count}. {points[0]}",)


def _change(change: Change) -> SlideFigure:
    label = inside(change.metric.label)
    if change.difference_text == SAME:
        return SlideFigure(change.after_text, f"{label}, inchangé")
    text = f"{label}, {change.words}" if change.words else label
    return SlideFigure(f"{change.before_text} → {change.after_text}", text)


def bounds_of_changes(scene: Scene, changed: set[str]) -> Bounds:
    """Return the extent of the changed zones (ids) and a margin; of the scene if none changed."""
    boxes = [area.geometry.bounds for area in scene.zones if area.id in changed]
    if not boxes:
        return scene.view.bounds
    west, south = (min(box[side] for box in boxes) for side in (0, 1))
    east, north = (max(box[side] for box in boxes) for side in (2, 3))
    dx, dy = (east - west) * _AROUND, (north - south) * _AROUND
    return (west - dx, south - dy, east + dx, north + dy)


def with_lycee_names(scene: Scene, code: str) -> Scene:
    """Return the scene of a zone with the names of its lycées instead of the zones' names."""
    return replace(scene, labels=_names_of(point for point in scene.lycees if point.zone == code))


def with_moved(scene: Scene, moved: frozenset[str]) -> Scene:
    """Return a scene with a ring around the lycées (ids) that change zone, and their names."""
    names = _names_of(point for point in scene.lycees if point.id in moved)
    return replace(scene, picked=moved, labels=(*scene.labels, *names))


def _names_of(points: Iterable[LyceePoint]) -> tuple[Label, ...]:
    return tuple(
        Label("lycee", point.name, point.lat, point.lon, 0, of=point.id)
        for point in points
        if math.isfinite(point.lat) and math.isfinite(point.lon)
    )


def of_change(scene: Scene) -> Scene:
    """Return the scene of a change for a room: only what changes has a name and dark lines."""
    if scene.change is None:
        return scene
    moved = frozenset(move.id for move in scene.change.moves)
    zones = {code: rank for rank, (code, _) in enumerate(scene.change.zones, 1)}
    numbered = len(zones) <= _MOST_NUMBERS
    sectors = {area.sector for area in scene.zones if area.id in zones}
    labels = [
        replace(label, zooms=(0.0, 99.0), number=zones[label.of] * numbered)
        for label in scene.labels
        if label.of in zones
    ]
    if not moved:
        labels += [label for label in scene.labels if label.of in sectors]
    quiet = (_quiet(area, _QUIET) for area in scene.zones if area.id not in zones)
    subject = (_quiet(area, INK) for area in scene.zones if area.id in zones)
    return replace(
        scene,
        zones=(*quiet, *subject),  # the last are drawn over the others
        sectors=(),
        labels=(*labels, *_names_of(point for point in scene.lycees if point.id in moved)),
        picked=moved,
    )


def key_of_change(scene: Scene) -> tuple[SlideLine, ...]:
    """Return the line that names the zones of a change by their numbers on its maps, if few."""
    zones = () if scene.change is None else scene.change.zones
    if not 0 < len(zones) <= _MOST_NUMBERS:
        return ()
    names = "\n".join(f"{rank} : {name}" for rank, (_, name) in enumerate(zones, 1))
    return (SlideLine("", names),)


def _quiet(area: ZoneArea, ink: str) -> ZoneArea:
    """Return a zone without the signs of its status: the badge of the slide tells it."""
    return replace(area, ink=ink, status=DecisionStatus.PUBLISHED, changed=False)
