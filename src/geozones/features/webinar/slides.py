"""Slides of a webinar, one function for each kind of step, and what they are made of."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from geozones.common.errors import InputError
from geozones.common.french import capital, inside, listing, long_date, minutes, number, plural
from geozones.domain import DecisionStatus, Publication, ScenarioStatus
from geozones.domain.organisation import NOT_PUBLISHED
from geozones.domain.publications import PublicationStatus, not_withdrawn
from geozones.domain.terms import Noun, terms, worded
from geozones.export.change_scenes import MOST_ARROWS, names_of, near_changes, on_zone, with_moved
from geozones.export.dossier import (
    Dossier,
    LyceeRow,
    PlanComparison,
    PlanInView,
    SectorRow,
    ZoneRow,
)
from geozones.export.file_parts import printable, typeset
from geozones.export.messages import message_of
from geozones.export.organisation import without_doubt
from geozones.export.sentences import Shown, guess_of, of_moves, what_changes
from geozones.features.webinar.document import Slide, SlideFigure, SlideLine, SlidePicture
from geozones.intake.sectors_file import CalendarStep
from geozones.metrics import SAME, Change, metric, written
from geozones.metrics.metric_registry import watch_list
from geozones.render import Scene, ZoneArea
from geozones.render.signs import INK
from geozones.workspace.calendar import Due
from geozones.workspace.ledger import Ledger
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportedPlan, ExportView, of_publication

_STATUSES = {
    DecisionStatus.PUBLISHED: "Publiés par {the_organisation}",
    DecisionStatus.RETAINED: "Retenus, pas encore publiés",
    DecisionStatus.PROPOSED: "Proposés, non décidés",
    DecisionStatus.DRAFT: "Brouillons de l'outil, hachurés, non décidés",
}
_DRAFTS = "Hachuré : brouillon de l'outil"
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


def status_badges(shown: PlanInView) -> tuple[str, ...]:
    """Return the badge of a plan that is not published, and of the drafts in it."""
    version = shown.version
    if not version.decided:
        own = f"Non décidé : {version.status}"
    else:
        own = "Retenu, pas encore publié" if version.status == ScenarioStatus.KEPT else ""
    drafts = _DRAFTS if shown.has_drafts else ""
    return tuple(badge for badge in (own, drafts) if badge)


def status_sentences(sectors: Sequence[SectorRow]) -> tuple[str, ...]:
    """Name the sectors of each status, and what changed in them."""
    lines = []
    for status, words in _STATUSES.items():
        names = [sector.name for sector in sectors if sector.status is status]
        if names:
            lines.append(f"{worded(words)} : {listing(names)}.")
    return (*lines, *(f"{sector.name} : {sector.marks}." for sector in sectors if sector.marks))


def size_figures(row: SectorRow, zones: Sequence[ZoneRow]) -> tuple[SlideFigure, ...]:
    """Return how many lycées and zones a sector has."""
    site, several = terms().site, len(zones) > 1
    return (
        SlideFigure(number(len(row.lycees)), site.plural),
        SlideFigure(number(len(zones)), "zones de continuité" if several else "zone de continuité"),
    )


def drive_figures(shown: Shown) -> tuple[SlideFigure, ...]:
    """Return the mean and the longest drive of a zone, a sector or the region, in minutes."""
    return (
        metric_figure("mean_minutes", shown),
        metric_figure("max_minutes", shown, " dans une zone"),
    )


def metric_figure(key: str, shown: Shown, where: str = "") -> SlideFigure:
    """Return a metric to the minute, with its name and whether it is estimated."""
    guess = guess_of(shown, key)
    note = f" ({guess})" if guess else ""
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
    """Return the figures that tell every change, before and after."""
    return tuple(_change(change) for change in comparison.headline)


def new_point_sentences(comparison: PlanComparison) -> tuple[str, ...]:
    """Count the points to watch that change, and quote the first; empty if none does."""
    points = comparison.points
    if not points.lines:
        return ()
    rest = len(points.lines) - 1
    others = f" Et {plural(rest, 'autre point', 'autres points')}." if rest else ""
    return (f"{points.sentence} {points.lines[0]}{others}",)


def _change(change: Change) -> SlideFigure:
    label = inside(change.metric.label)
    if change.difference_text == SAME:
        return SlideFigure(change.after_text, f"{label}, inchangé")
    text = f"{label}, {change.word}" if change.word else label
    return SlideFigure(f"{change.before_text} → {change.after_text}", text)


def with_lycee_names(scene: Scene, code: str) -> Scene:
    """Return the scene of a zone with the names of its lycées instead of the zones' names."""
    return replace(scene, labels=names_of(point for point in scene.lycees if point.zone == code))


def of_change(scene: Scene) -> Scene:
    """Return the scene of a change for slides: only what changes has a name and dark lines.

    Lycées of other zones are left out; of many that move, none is named.
    """
    if scene.change is None:
        return scene
    moved = frozenset(move.id for move in scene.change.moves)
    zones = {area.id for area in scene.zones if not area.aside}
    numbered = bool(scene.change.zones)
    numbers = {area.id: area.number for area in scene.zones}
    sectors = {area.sector for area in scene.zones if area.id in zones}
    labels = [
        replace(label, zooms=(0.0, 99.0), number=numbers.get(label.of, 0) * numbered)
        for label in scene.labels
        if label.of in zones
    ]
    if not moved:
        labels += [label for label in scene.labels if label.of in sectors]
    quiet = (_plain(area, _QUIET) for area in scene.zones if area.id not in zones)
    subject = (_plain(area, INK) for area in scene.zones if area.id in zones)
    lycees = tuple(point for point in scene.lycees if point.zone in zones)
    if len(moved) <= MOST_ARROWS:
        labels += names_of(point for point in lycees if point.id in moved)
    return replace(
        scene,
        zones=(*quiet, *subject),  # the last are drawn over the others
        sectors=(),
        lycees=lycees,
        labels=tuple(labels),
        picked=moved,
    )


def key_of_change(scene: Scene) -> tuple[SlideLine, ...]:
    """Return the line that names the zones of a change by their numbers on its maps, if few.

    A change of many lycées has neither names nor arrows: the line says what its maps show.
    """
    if scene.change is None:
        return ()
    zones, moved = scene.change.zones, len(scene.change.moves)
    lines = [f"{number} : {name}" for number, name in zones]
    if moved > MOST_ARROWS:
        counted = terms().site.counted(moved)
        lines.append(f"En jaune : {counted} et les communes qui changent de zone.")
    return (SlideLine("", "\n".join(lines)),) if lines else ()


def _plain(area: ZoneArea, ink: str) -> ZoneArea:
    """Return a zone with one line round it; a draft stays hatched."""
    draft = area.status is DecisionStatus.DRAFT
    status = DecisionStatus.DRAFT if draft else DecisionStatus.PUBLISHED
    return replace(area, ink=ink, status=status, changed=False)


_KICKER = "Ce qui a été publié"
_STARTING = "Avant toute publication"


def slide_of(ledger: Ledger, exported: ExportedPlan, code: str) -> Slide:
    """Return the slide of a publication (id), with its changes to the one before it."""
    entry = ledger.get(code)
    name, when = ledger.when(entry)
    if ledger.standing(entry) is PublicationStatus.WITHDRAWN:
        taken_back = ledger.withdrawal(entry)
        why = "" if taken_back is None else f" Motif : {printable(taken_back.note)}"
        raise InputError(
            f"La {ledger.title(entry)} a été retirée : elle n'est plus à montrer.{why}"
        )
    analysis, before = exported.study.analysis, _before(ledger, entry)
    shown = of_publication(analysis, ledger, entry)
    if before is not None:
        shown = replace(shown, base=of_publication(analysis, ledger, before))
    whole = dossier(shown, ExportView())
    first = Slide(
        kicker=_STARTING if ledger.is_starting(entry) else _KICKER,
        title=f"{name} {when}".strip(),
        pictures=(SlidePicture(whole.scene),),
        sentences=tuple(_terms(ledger, entry)),
    )
    return typeset_slide(_as_it_is(first, whole) if before is None else _as_changed(first, whole))


def _before(ledger: Ledger, entry: Publication) -> Publication | None:
    """Return the publication that another one replaced; ``None`` for the first."""
    plans = not_withdrawn(ledger.entries)
    rank = next(rank for rank, plan in enumerate(plans) if plan.id == entry.id)
    return plans[rank - 1] if rank else None


def _as_it_is(slide: Slide, whole: Dossier) -> Slide:
    sectors = [sector for sector in whole.sectors if sector.lycees]
    zones = [zone for zone in whole.zones if zone.lycees]
    return replace(
        slide,
        figures=(
            SlideFigure(number(len(sectors)), "secteurs"),
            SlideFigure(number(len(zones)), "zones de continuité"),
        ),
        sentences=(*slide.sentences, *status_sentences(sectors)),
    )


def _as_changed(slide: Slide, whole: Dossier) -> Slide:
    comparison = whole.comparison
    if comparison is None or not comparison.moves:
        same = worded("{No_site} n'a changé de zone par rapport au plan d'avant.")
        return replace(slide, sentences=(*slide.sentences, same))
    moves = comparison.moves
    scene = with_moved(whole.scene, frozenset(move.id for move in moves))
    return replace(
        slide,
        pictures=(SlidePicture(scene),),
        figures=change_figures(comparison),
        sentences=(
            *slide.sentences,
            f"{of_moves(moves)} par rapport au plan d'avant.",
            *filter(None, (comparison.change.posts,)),
            *new_point_sentences(comparison),
        ),
        lines=tuple(
            SlideLine(move.lycee, f"{move.before or '—'} → {move.after or '—'}") for move in moves
        ),
        noun=terms().site,
    )


def _terms(ledger: Ledger, entry: Publication) -> Iterator[str]:
    if ledger.is_starting(entry):
        statement = ledger.atlas.starting_plan.statement
        if statement:
            yield f"{statement[0].upper()}{statement[1:]}."
    if entry.approved_by:
        reference = f" ({printable(entry.reference)})" if entry.reference else ""
        yield f"Approuvé par {printable(entry.approved_by)}{reference}."
    if entry.note and not entry.is_shipped:
        yield printable(entry.note)
    if entry.is_shipped and entry.note:
        yield f"Source : {printable(entry.note)}."


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
