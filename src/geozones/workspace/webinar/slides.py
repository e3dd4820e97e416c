"""Slides of a webinar, one function for each kind of step."""

from geozones.common.french import listing, number, plural
from geozones.domain import DecisionStatus
from geozones.domain.terms import Noun, terms, worded
from geozones.export.change_message import message_of
from geozones.export.dossier import START, Dossier, SectorRow
from geozones.export.views import on_zone
from geozones.export.webinar_content import Slide, SlideFigure, SlideLine, SlidePicture
from geozones.metrics import written
from geozones.metrics.watch_list import watch_list
from geozones.render import Scene
from geozones.workspace.maps.plan_scene import NOT_PUBLISHED
from geozones.workspace.webinar.slide_parts import (
    bounds_of_changes,
    change_figures,
    drive_figures,
    lycee_line,
    lycees_per_zone,
    metric_figure,
    new_point_sentences,
    on_changes,
    shortened,
    status_sentences,
    typeset_slide,
    undecided_badges,
    unplaced_sentences,
    with_lycee_names,
    with_moved,
    zone_line,
)

#: Badge of each status, a text for `worded`.
BADGES = {
    DecisionStatus.PUBLISHED: "",
    DecisionStatus.RETAINED: "Retenu : décidé ici, pas encore publié",
    DecisionStatus.PROPOSED: "Proposé : dans un scénario, non décidé",
    DecisionStatus.DRAFT: (
        "Brouillon : proposition de l'outil, pas une décision {of_the_organisation}"
    ),
}
#: Most points to watch, each a sentence, that can be read from the back of a room.
_MOST_POINTS = 5
CHANGED = "Modifiée par le scénario"
_KICKERS = {
    DecisionStatus.PUBLISHED: "Secteur publié par {the_organisation}",
    DecisionStatus.RETAINED: "Secteur retenu, pas encore publié",
    DecisionStatus.PROPOSED: "Secteur proposé",
    DecisionStatus.DRAFT: "Secteur en brouillon",
}


def region(dossier: Dossier) -> Slide:
    """Return the slide of the whole region."""
    zones = [zone for zone in dossier.zones if zone.lycees]
    sectors = [sector for sector in dossier.sectors if sector.lycees]
    site = terms().site
    return typeset_slide(
        Slide(
            kicker=dossier.author or "La région",
            title=f"{plural(len(sectors), 'secteur')}, {plural(len(zones), 'zone')} de continuité",
            pictures=(SlidePicture(dossier.scene),),
            badges=undecided_badges(dossier.version),
            figures=(
                SlideFigure(
                    number(len(dossier.lycees)),
                    f"{site.plural} {site.agreeing('publics', 'publiques')}",
                ),
                SlideFigure(lycees_per_zone(zones), f"{site.plural} par zone, en moyenne"),
                *drive_figures(dossier, dossier.peak_note),
            ),
            sentences=(*status_sentences(sectors), *unplaced_sentences(dossier.unplaced)),
        )
    )


def phase(dossier: Dossier, rank: int, deployed: frozenset[str], scene: Scene) -> Slide:
    """Return the slide of a date (a rank) of the calendar.

    ``deployed`` are the sectors (ids) already deployed; the others are faded in ``scene``.
    """
    step = dossier.calendar[rank]
    at_work = [sector for sector in dossier.sectors if sector.id in deployed and sector.lycees]
    lycees = sum(len(sector.lycees) for sector in at_work)
    names, site = listing([sector.name for sector in at_work]), terms().site
    every = len(at_work) == len([sector for sector in dossier.sectors if sector.lycees])
    text = "dans toute la région" if every else f"dans {plural(len(at_work), 'secteur')} : {names}"
    return typeset_slide(
        Slide(
            kicker="Calendrier de déploiement",
            title=step.heading,
            pictures=(SlidePicture(scene),),
            figures=(
                SlideFigure(
                    f"{len(at_work)} sur {len(dossier.sectors)}",
                    "secteurs dans la nouvelle organisation",
                ),
                SlideFigure(
                    f"{number(lycees)} sur {number(len(dossier.lycees))}",
                    f"{site.plural} concerné{site.e}s",
                ),
            ),
            sentences=(
                f"Le document prévoyait la nouvelle organisation {text}."
                if at_work
                else "Le document prévoyait une préparation, sans nouvelle organisation.",
            ),
            lines=tuple(SlideLine(whom, " ; ".join(actions)) for whom, actions in step.parts),
            more=" ".join((*dossier.calendar_notes[:1], *step.doubts)),
        )
    )


def sector(row: SectorRow, dossier: Dossier) -> Slide:
    """Return the slide of a sector: its leaders and zones, other sectors aside."""
    zones = [zone for zone in row.zones if zone.lycees]
    lines, more = shortened([zone_line(zone, row) for zone in zones], Noun("zone", "zones"))
    centre = row.support_centre or NOT_PUBLISHED
    far = ""
    if row.values["support_mean_minutes"] is not None:
        mean = written(row.values, "support_mean_minutes", 0)
        far = f", à {mean} des {terms().site.plural} en moyenne"
    return typeset_slide(
        Slide(
            kicker=worded(_KICKERS[row.status]),
            title=row.name,
            pictures=(SlidePicture(row.scene),),
            badges=badges_of(row.status, row.marks.capitalize()),
            figures=(
                SlideFigure(number(len(row.lycees)), terms().site.plural),
                SlideFigure(
                    number(len(zones)), "zones de continuité" if len(zones) > 1 else "zone"
                ),
                *drive_figures(row, dossier.peak_note),
            ),
            sentences=(
                f"RNS : {row.rns or NOT_PUBLISHED}. {worded('{Support_centre}')} : {centre}{far}.",
                *unplaced_sentences(row.lycees),
            ),
            lines=lines,
            more=more,
        )
    )


def badges_of(status: DecisionStatus, mark: str) -> tuple[str, ...]:
    """Return the badges of an unpublished or changed sector or zone."""
    return tuple(badge for badge in (worded(BADGES[status]), mark) if badge)


def zone(row: SectorRow, code: str, dossier: Dossier) -> Slide:
    """Return the close-up slide of a zone: its lycées, and the relève of each."""
    site = terms().site
    (entry,) = (entry for entry in row.zones if entry.id == code)
    lines, more = shortened([lycee_line(lycee) for lycee in entry.lycees], site)
    pair = listing(entry.farthest or ())
    alone = worded("Un{e_site} seul{e_site} {site} : pas de relève.")
    sentences = (f"Les plus éloigné{site.e}s : {pair}.",) if pair else (alone,)
    return typeset_slide(
        Slide(
            kicker=f"Zone de continuité · secteur {row.name}",
            title=entry.name,
            pictures=(SlidePicture(with_lycee_names(on_zone(row.scene, code), code)),),
            badges=badges_of(entry.status, CHANGED if entry.changed else ""),
            figures=(
                SlideFigure(number(len(entry.lycees)), f"{site.plural} de la zone"),
                *drive_figures(entry, dossier.peak_note),
                metric_figure("worst_releve_minutes", entry, dossier.peak_note),
            ),
            sentences=(*sentences, *unplaced_sentences(entry.lycees)),
            lines=lines,
            more=more,
        )
    )


def vigilance(dossier: Dossier) -> Slide:
    """Return the slide of the points to watch, the new ones first if plans are compared."""
    comparison = dossier.comparison
    watched = watch_list(dossier.points)
    new = () if comparison is None else comparison.new_points
    points = sorted(watched.counted, key=lambda point: point.sentence not in new)
    lines, more = shortened(
        [SlideLine(point.where, point.sentence) for point in points],
        Noun("point", "points"),
        _MOST_POINTS,
    )
    count = plural(len(new), "est nouveau ou aggravé", "sont nouveaux ou aggravés")
    return typeset_slide(
        Slide(
            kicker="Ce qu'il faut surveiller",
            title=watched.text,
            pictures=(SlidePicture(dossier.scene),),
            badges=undecided_badges(dossier.version),
            sentences=(f"Dont {count}, en premier.",) if new else (),
            lines=lines,
            more=more,
        )
    )


def before_after(dossier: Dossier) -> Slide:
    """Return the slide of two plans side by side, at their differences."""
    comparison = dossier.comparison
    if comparison is None:
        return Slide("Avant / après", dossier.version.name, (SlidePicture(dossier.scene),))
    moves = comparison.moves
    now, then = ({area.id for area in s.zones} for s in (dossier.scene, comparison.scene))
    changed = {entry.id for entry in dossier.scene.zones if entry.changed} | (now ^ then)
    bounds = bounds_of_changes(dossier.scene, changed)
    moved = frozenset(move.id for move in moves)
    before, after = (
        with_moved(on_changes(scene, changed, bounds), moved)
        for scene in (comparison.scene, dossier.scene)
    )
    start = comparison.before.name.removeprefix(START)
    first, second = f"Avant : {start}", f"Après : {dossier.version.name}"
    lines, more = shortened(
        [SlideLine(move.lycee, f"{move.before or '—'} → {move.after or '—'}") for move in moves],
        terms().site,
    )
    return typeset_slide(
        Slide(
            kicker="Avant / après",
            title=message_of(comparison).title,
            pictures=(SlidePicture(before, first), SlidePicture(after, second)),
            badges=undecided_badges(dossier.version),
            figures=change_figures(comparison),
            sentences=new_point_sentences(comparison),
            lines=lines,
            more=more,
        )
    )
