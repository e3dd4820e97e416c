"""Slides of a webinar, one function for each kind of step."""

from collections.abc import Sequence
from dataclasses import replace

from geozones.common.french import capital, inside, listing, long_date, number, plural
from geozones.domain import DecisionStatus
from geozones.domain.organisation import NOT_PUBLISHED
from geozones.domain.terms import Noun, terms, worded
from geozones.export.change_scenes import near_changes, on_zone
from geozones.export.dossier import Dossier, SectorRow
from geozones.export.file_parts import typeset
from geozones.export.messages import message_of
from geozones.export.organisation import without_doubt
from geozones.export.sentences import what_changes
from geozones.export.webinar import Slide, SlideFigure, SlideLine, SlidePicture
from geozones.intake.sectors_file import CalendarStep
from geozones.metrics import written
from geozones.metrics.metric_registry import watch_list
from geozones.render import Scene
from geozones.workspace.calendar import Due
from geozones.workspace.webinar.slide_parts import (
    drive_figures,
    key_of_change,
    lycee_line,
    lycees_per_zone,
    metric_figure,
    of_change,
    size_figures,
    status_badges,
    status_sentences,
    typeset_slide,
    unplaced_sentences,
    with_lycee_names,
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
            kicker=dossier.author or capital(terms().territory.the),
            title=f"{plural(len(sectors), 'secteur')}, {plural(len(zones), 'zone')} de continuité",
            pictures=(SlidePicture(dossier.scene),),
            badges=status_badges(dossier),
            figures=(
                SlideFigure(number(len(dossier.lycees)), site.presented),
                SlideFigure(lycees_per_zone(zones), f"{site.plural} par zone, en moyenne"),
                *drive_figures(dossier),
            ),
            sentences=(*status_sentences(sectors), *unplaced_sentences(dossier.unplaced)),
        )
    )


def calendar(dossier: Dossier) -> Slide:
    """Return the slide of the region with the first of what was planned for each date.

    The rest, and the doubts of the calendar, are for the presenter alone.
    """
    lines: list[SlideLine] = []
    planned: list[str] = []
    for step in dossier.calendar:
        heading = without_doubt(step.heading)
        actions = [without_doubt(action) for _, each in step.parts for action in each]
        others = len(dict.fromkeys(actions)) - 1
        more = f", et {plural(others, 'autre action', 'autres actions')}" if others > 0 else ""
        lines.append(SlideLine(typeset(heading), typeset(f"{actions[0]}{more}" if actions else "")))
        planned += [f"{heading}, {inside(whom)} : {listing(each)}" for whom, each in step.parts]
    doubts = dict.fromkeys(doubt for step in dossier.calendar for doubt in step.doubts)
    return replace(
        region(dossier),
        kicker=typeset(_presented(dossier)),
        lines=tuple(lines),
        noun=Noun("date", "dates", feminine=True),
        notes=tuple(map(typeset, (*planned, *dossier.calendar_notes[:1], *doubts))),
    )


def _presented(dossier: Dossier) -> str:
    """Name the calendar, and when it was presented."""
    told = dossier.organisation.date if dossier.organisation else ""
    return f"Calendrier présenté le {long_date(told)}" if told else "Calendrier prévu"


def phase(
    dossier: Dossier,
    step: CalendarStep,
    planned: Sequence[Due],
    deployed: frozenset[str],
    scene: Scene,
) -> Slide:
    """Return the slide of a date of the calendar, and of what was ``planned`` then.

    ``deployed`` are the sectors (ids) already deployed; the others are faded in ``scene``. The
    doubts of the calendar are for the presenter alone.
    """
    at_work = [sector for sector in dossier.sectors if sector.id in deployed and sector.lycees]
    lycees = sum(len(sector.lycees) for sector in at_work)
    names, site = listing([sector.name for sector in at_work]), terms().site
    every = len(at_work) == len([sector for sector in dossier.sectors if sector.lycees])
    text = (
        f"dans {terms().territory.whole}"
        if every
        else f"dans {plural(len(at_work), 'secteur')} : {names}"
    )
    month = long_date(step.date).partition(" ")[2]
    return typeset_slide(
        Slide(
            kicker=_presented(dossier),
            title=month.capitalize() if step.doubt else step.label,
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
                f"La nouvelle organisation était prévue {text}."
                if at_work
                else "Une préparation était prévue, sans nouvelle organisation.",
            ),
            lines=tuple(SlideLine(part.whom, " ; ".join(part.actions)) for part in planned),
            notes=(*dossier.calendar_notes[:1], *step.doubts),
        )
    )


def sector(row: SectorRow) -> Slide:
    """Return the slide of a sector: its leaders and zones, other sectors aside."""
    zones = [zone for zone in row.zones if zone.lycees]
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
                *size_figures(row, zones),
                *drive_figures(row),
            ),
            sentences=(
                f"RNS : {row.rns or NOT_PUBLISHED}. {worded('{Support_centre}')} : {centre}{far}.",
                *unplaced_sentences(row.lycees),
            ),
            lines=tuple(zone_line(zone, row) for zone in zones),
            noun=Noun("zone", "zones"),
        )
    )


def badges_of(status: DecisionStatus, mark: str) -> tuple[str, ...]:
    """Return the badges of an unpublished or changed sector or zone."""
    return tuple(badge for badge in (worded(BADGES[status]), mark) if badge)


def zone(row: SectorRow, code: str) -> Slide:
    """Return the close-up slide of a zone: its lycées, and the relève of each."""
    site = terms().site
    (entry,) = (entry for entry in row.zones if entry.id == code)
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
                *drive_figures(entry),
                metric_figure("worst_releve_minutes", entry),
            ),
            sentences=(*sentences, *unplaced_sentences(entry.lycees)),
            lines=tuple(map(lycee_line, entry.lycees)),
            noun=site,
        )
    )


def vigilance(dossier: Dossier) -> Slide:
    """Return the slide of the points to watch, the new ones first if plans are compared."""
    comparison = dossier.comparison
    watched = watch_list(dossier.points)
    new = frozenset[str]() if comparison is None else comparison.brought
    points = sorted(watched.counted, key=lambda point: point.sentence not in new)
    added = "" if comparison is None else comparison.points.sentence
    if new:
        added = f"{added} Les nouveaux et les aggravés viennent en premier."
    return typeset_slide(
        Slide(
            kicker="Ce qu'il faut surveiller",
            title=watched.text,
            pictures=(SlidePicture(dossier.scene),),
            badges=status_badges(dossier),
            sentences=(added,) if added else (),
            lines=tuple(SlideLine(point.where, point.sentence) for point in points),
            noun=Noun("point", "points"),
        )
    )


def before_after(dossier: Dossier) -> Slide:
    """Return the slide of two plans side by side, at their differences: what the change does."""
    comparison = dossier.comparison
    if comparison is None:
        return Slide("Avant / après", dossier.version.name, (SlidePicture(dossier.scene),))
    before, after = map(of_change, near_changes(comparison.scene, dossier.scene))
    first, second = f"Avant : {comparison.before.as_base}", f"Après : {dossier.version.name}"
    message = message_of(comparison)
    return typeset_slide(
        Slide(
            kicker=f"Ce qui change {comparison.before.versus}",
            title=message.title,
            pictures=(SlidePicture(before, first), SlidePicture(after, second)),
            badges=status_badges(dossier),
            sentences=message.lines[1:],
            lines=(
                *key_of_change(after),
                *(SlideLine("", sentence) for sentence in what_changes(comparison)),
            ),
            noun=Noun("changement", "changements"),
            notes=comparison.points.lines,
        )
    )
