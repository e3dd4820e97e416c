"""What each kind of step of a webinar says and shows."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geozones.domain import Status
from geozones.domain.french import listing, minutes, number, plural
from geozones.export.dossier import Comparison, Dossier, LyceeRow, SectorRow, ZoneRow
from geozones.export.sentences import of_moves
from geozones.export.show import Figure, Line, Picture, Slide
from geozones.export.text import typeset
from geozones.render import Label, Scene, View
from geozones.render.scene import Bounds
from geozones.workspace.calendar import deployed_sectors, phrases
from geozones.workspace.exports import Subject, on_zone
from geozones.workspace.scenes import NOT_PUBLISHED, SceneOptions, build_scene

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace

DRAFT = "Brouillon : proposition de l'outil, pas une décision de la Région"
CHANGED = "Modifiée par le scénario : rien n'est décidé"
#: How many lines can be read from the back of a room.
_MOST = 9
_GROUPS = ((Status.PUBLISHED, "Secteurs expérimentaux"), (Status.DRAFT, "Autres secteurs"))
_AROUND = 0.12


def region(workspace: "Workspace", subject: Subject, dossier: Dossier) -> Slide:
    """Show the whole region."""
    zones = [zone for zone in dossier.zones if zone.lycees]
    sectors = [sector for sector in dossier.sectors if sector.lycees]
    note = _note(dossier, estimated=any(sector.estimated for sector in sectors))
    return _typeset(
        Slide(
            kicker=workspace.data.source.get("auteur") or "La région",
            title=f"{plural(len(sectors), 'secteur')}, {plural(len(zones), 'zone')} de continuité",
            pictures=(Picture(dossier.scene),),
            badges=_undecided(subject),
            figures=(
                Figure(number(len(dossier.lycees)), "lycées publics"),
                Figure(_per_zone(zones), "lycées par zone, en moyenne"),
                *_drives(dossier.mean_minutes, dossier.max_minutes, note),
            ),
            sentences=(*_statuses(sectors), *_unplaced(dossier.unplaced)),
        )
    )


def phase(workspace: "Workspace", subject: Subject, dossier: Dossier, rank: int) -> Slide:
    """Show what is deployed at a date of the calendar, the rest faded."""
    calendar, plan = workspace.data.calendar, subject.plan
    step, deployed = calendar[rank], deployed_sectors(plan, calendar, rank)
    options = SceneOptions(colours=subject.colours, deployed=deployed)
    at_work = [sector for sector in dossier.sectors if sector.id in deployed and sector.lycees]
    lycees = sum(len(sector.lycees) for sector in at_work)
    names = listing([sector.name for sector in at_work])
    every = len(at_work) == len([sector for sector in dossier.sectors if sector.lycees])
    said = "dans toute la région" if every else f"dans {plural(len(at_work), 'secteur')} : {names}"
    return _typeset(
        Slide(
            kicker="Calendrier de déploiement",
            title=step.label,
            pictures=(Picture(build_scene(workspace, plan, options)),),
            figures=(
                Figure(
                    f"{len(at_work)} sur {len(dossier.sectors)}",
                    "secteurs dans la nouvelle organisation",
                ),
                Figure(f"{number(lycees)} sur {number(len(dossier.lycees))}", "lycées concernés"),
            ),
            sentences=(
                f"La nouvelle organisation est à l'œuvre {said}."
                if at_work
                else "La nouvelle organisation se prépare : pas encore à l'œuvre.",
            ),
            lines=tuple(
                Line(group, " ; ".join(phrases(step, status)))
                for status, group in _GROUPS
                if phrases(step, status)
            ),
        )
    )


def sector(row: SectorRow, dossier: Dossier) -> Slide:
    """Show a sector: who leads it, its zones, the others aside."""
    zones = [zone for zone in row.zones if zone.lycees]
    note = _note(dossier, estimated=row.estimated)
    lines, more = _shortened([_zone_line(zone, row.scene) for zone in zones], "zone")
    centre = row.support_centre or NOT_PUBLISHED
    far = ""
    if row.support_mean_minutes is not None:
        far = f", à {minutes(row.support_mean_minutes)} des lycées en moyenne"
    return _typeset(
        Slide(
            kicker="Secteur en brouillon" if row.draft else "Secteur publié par la Région",
            title=row.name,
            pictures=(Picture(row.scene),),
            badges=(DRAFT,) if row.draft else (),
            figures=(
                Figure(number(len(row.lycees)), "lycées"),
                Figure(number(len(zones)), "zones de continuité" if len(zones) > 1 else "zone"),
                *_drives(row.mean_minutes, row.max_minutes, note),
            ),
            sentences=(
                f"RNS : {row.rns or NOT_PUBLISHED}. Centre support : {centre}{far}.",
                *_unplaced(row.lycees),
            ),
            lines=lines,
            more=more,
        )
    )


def zone(row: SectorRow, code: str, dossier: Dossier) -> Slide:
    """Show a zone from nearer: its lycées, and who would come to each."""
    (entry,) = (entry for entry in row.zones if entry.id == code)
    note = _note(dossier, estimated=entry.estimated)
    lines, more = _shortened([_lycee_line(lycee, note) for lycee in entry.lycees], "lycée")
    badges = (*((DRAFT,) if row.draft else ()), *((CHANGED,) if entry.changed else ()))
    pair = listing(entry.worst_pair or ())
    sentences = (f"Les plus éloignés : {pair}.",) if pair else ("Un seul lycée : pas de relève.",)
    return _typeset(
        Slide(
            kicker=f"Zone de continuité · secteur {row.name}",
            title=entry.name,
            pictures=(Picture(_named(on_zone(row.scene, code), code)),),
            badges=badges,
            figures=(
                Figure(number(len(entry.lycees)), "lycées qui se relaient"),
                *_drives(entry.mean_minutes, entry.max_minutes, note),
                Figure(minutes(entry.worst_releve_minutes), f"relève la plus lente{note}"),
            ),
            sentences=(*sentences, *_unplaced(entry.lycees)),
            lines=lines,
            more=more,
        )
    )


def before_after(dossier: Dossier, subject: Subject) -> Slide:
    """Show two plans side by side, where they differ."""
    comparison = dossier.comparison
    if comparison is None:
        return Slide("Avant / après", subject.version.name, (Picture(dossier.scene),))
    moves = comparison.moves
    changed = {entry.id for entry in dossier.scene.zones if entry.changed}
    bounds = _bounds(dossier.scene, changed)
    lines, more = _shortened(
        [Line(move.lycee, f"{move.before or '—'} → {move.after or '—'}") for move in moves], "lycée"
    )
    return _typeset(
        Slide(
            kicker="Avant / après",
            title=of_moves(moves) if moves else "Aucun lycée ne change de zone",
            pictures=(
                Picture(
                    _near(comparison.scene, changed, bounds), f"Avant : {comparison.before.name}"
                ),
                Picture(_near(dossier.scene, changed, bounds), f"Après : {dossier.version.name}"),
            ),
            badges=_undecided(subject),
            figures=_changes(comparison),
            lines=lines,
            more=more,
        )
    )


def _typeset(slide: Slide) -> Slide:
    return replace(
        slide,
        kicker=typeset(slide.kicker),
        title=typeset(slide.title),
        badges=tuple(typeset(badge) for badge in slide.badges),
        sentences=tuple(typeset(sentence) for sentence in slide.sentences),
        lines=tuple(replace(line, detail=typeset(line.detail)) for line in slide.lines),
    )


def _undecided(subject: Subject) -> tuple[str, ...]:
    if subject.version.decided:
        return ()
    return (f"Non décidé : {subject.version.status}",)


def _statuses(sectors: Sequence[SectorRow]) -> tuple[str, ...]:
    published = [sector.name for sector in sectors if not sector.draft]
    drafts = [sector.name for sector in sectors if sector.draft]
    said = []
    if published:
        said.append(f"Publiés par la Région : {listing(published)}.")
    if drafts:
        said.append(f"Brouillons de l'outil, hachurés, non décidés : {listing(drafts)}.")
    return tuple(said)


def _drives(mean: float | None, longest: float | None, note: str) -> tuple[Figure, ...]:
    return (
        Figure(minutes(mean), f"trajet moyen entre collègues{note}"),
        Figure(minutes(longest), f"trajet le plus long dans une zone{note}"),
    )


def _note(dossier: Dossier, *, estimated: bool) -> str:
    """Say what the durations are: guesses, peak hours."""
    notes = (["en partie estimé"] if estimated else []) + (
        [dossier.peak_note] if dossier.peak_note else []
    )
    return f" ({', '.join(notes)})" if notes else ""


def _per_zone(zones: Sequence[ZoneRow]) -> str:
    return number(sum(len(zone.lycees) for zone in zones) / len(zones), 1) if zones else "—"


def _zone_line(row: ZoneRow, scene: Scene) -> Line:
    area = next((area for area in scene.zones if area.id == row.id), None)
    count = plural(len(row.lycees), "lycée")
    far = f" · {minutes(row.mean_minutes)} en moyenne, {minutes(row.max_minutes)} au plus"
    return Line(
        row.name,
        count + (far if row.worst_pair else ""),
        None if area is None else area.colour,
        draft=area is not None and (area.draft or area.changed),
    )


def _lycee_line(row: LyceeRow, note: str) -> Line:
    said = ["centre support"] if row.is_support else []
    if row.releve_minutes is not None:
        guess = " (estimé)" if row.estimated and "estimé" not in note else ""
        said.append(f"relève en {minutes(row.releve_minutes)}{guess} depuis {row.releve_from}")
    return Line(f"{row.name} ({row.commune})", " · ".join(said))


def _shortened(lines: Sequence[Line], noun: str) -> tuple[tuple[Line, ...], str]:
    rest = len(lines) - _MOST
    if rest <= 1:
        return tuple(lines), ""
    return tuple(lines[:_MOST]), f"et {plural(rest, f'autre {noun}', f'autres {noun}s')}"


def _unplaced(lycees: Iterable[LyceeRow]) -> tuple[str, ...]:
    names = [lycee.name for lycee in lycees if not lycee.is_placed]
    return (f"Sans position, absents de la carte : {listing(names)}.",) if names else ()


def _changes(comparison: Comparison) -> tuple[Figure, ...]:
    """Return the figures that a room follows: how far colleagues are, before and after."""
    kept = [gap for gap in comparison.gaps if "Trajet" in gap.label]
    return tuple(
        Figure(
            gap.after if gap.difference == "=" else f"{gap.before} → {gap.after}",
            f"{gap.label.lower()}{', inchangé' if gap.difference == '=' else ''}",
        )
        for gap in kept
    )


def _bounds(scene: Scene, changed: set[str]) -> Bounds:
    """Return the extent of the zones that changed, with some of what is around."""
    found = [area.geometry.bounds for area in scene.zones if area.id in changed]
    if not found:
        return scene.view.bounds
    west, south = (min(bounds[side] for bounds in found) for side in (0, 1))
    east, north = (max(bounds[side] for bounds in found) for side in (2, 3))
    dx, dy = (east - west) * _AROUND, (north - south) * _AROUND
    return (west - dx, south - dy, east + dx, north + dy)


def _named(scene: Scene, code: str) -> Scene:
    """Return the scene of a zone with the names of its lycées instead of those of the zones."""
    towns = tuple(label for label in scene.labels if label.kind == "town")
    names = tuple(
        Label("lycee", point.name, point.lat, point.lon, 0, point.ink)
        for point in scene.lycees
        if point.zone == code and math.isfinite(point.lat) and math.isfinite(point.lon)
    )
    return replace(scene, labels=(*names, *towns))


def _near(scene: Scene, changed: set[str], bounds: Bounds) -> Scene:
    """Return a scene seen where something changed, the rest aside."""
    zones = tuple(
        replace(area, aside=bool(changed) and area.id not in changed) for area in scene.zones
    )
    return replace(scene, zones=zones, view=View(bounds, "avant-apres"))
