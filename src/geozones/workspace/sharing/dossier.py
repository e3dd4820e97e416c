"""Dossier of a view of a plan, with its version, differences and credits, for every export.

The plans are opened first, then the rows of the area in view are made, then the comparison with
its further effects: the returned dossier is complete; formats only read it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from math import isfinite

from geozones.common.french import listing, long_date, longer_than, number, of, plural, signed
from geozones.domain import DecisionStatus, Plan
from geozones.domain.scenario import presented
from geozones.domain.teams import Basis
from geozones.domain.terms import terms, worded
from geozones.domain.yearly_cost import YearlyCost
from geozones.effect import Effect
from geozones.effect.losses import losers
from geozones.export import AreaDrive, Dossier, PlanComparison, PlanInView, Step
from geozones.export.file_parts import printable, slug
from geozones.metrics import compare, metric
from geozones.metrics.metric_changes import worst_first
from geozones.render import Scene
from geozones.workspace.figures.effects import losses_of
from geozones.workspace.figures.plan_comparison import (
    Zones,
    are_kept_together,
    compare_regions,
    judgements_of,
    of_today,
    plan_change,
)
from geozones.workspace.figures.study import Study, estimated_pairs
from geozones.workspace.folder.calendar import PLANNED, due, groups_text
from geozones.workspace.maps import SceneOptions, build_scene, in_focus
from geozones.workspace.moves.new_points import points_told
from geozones.workspace.sharing import rows
from geozones.workspace.sharing.exported_plan import (
    ExportedPlan,
    ExportView,
    lycees_in,
    of_baseline,
    sector_in_view,
    zones_in,
)
from geozones.workspace.sharing.rows import changed_points, other_changes, point_rows, site_sheets

#: Least share of the gain of a smaller plan that is worth a line, and fewest moves of the whole.
_MOST_OF, _FEWEST = 0.8, 3
#: Most moves of which smaller plans are looked for: one after another, in half a second.
_MOST_MOVES = 12
#: Least change of a sector's hours that is told, in hours a year.
_CLEAR_H = 1.0


@lru_cache(maxsize=4)  # the dossier of each sector has it
def also_does(before: Study, after: Study) -> tuple[str, ...]:
    """Return what a change also does to the whole plan, a sentence each; empty for nothing."""
    found = (*_rns(before, after), *_road(before, after), *_smaller(before, after))
    return tuple(map(printable, found))


def _rns(before: Study, after: Study) -> Iterator[str]:
    """Say which lycées go from one named RNS to another."""
    moved: dict[tuple[str, str], list[str]] = {}
    for lycee in after.plan.lycees:
        if lycee in before.plan.zone_by_lycee:
            had, has = (study.plan.sector_of(lycee).rns for study in (before, after))
            if had and has and had != has:
                moved.setdefault((had, has), []).append(after.name(lycee))
    for (had, has), names in moved.items():
        who = listing(names) if len(names) <= 3 else terms().site.counted(len(names))
        verb = "change" if len(names) == 1 else "changent"
        yield f"{who} {verb} de RNS : {has}, au lieu {of(had)}."


def _road(before: Study, after: Study) -> Iterator[str]:
    """Say how many kilometres a year the change drives, and what they cost."""
    costs = before.cost(), after.cost()
    km, euros = (tuple(map(f, costs)) for f in (lambda c: c.km, lambda c: c.euros))
    if not all(map(isfinite, (*km, *euros))) or round(km[0]) == round(km[1]):
        return
    told = f"Kilomètres par an : {signed(km[1] - km[0], 0)} km"
    if round(euros[0]) != round(euros[1]):
        told = f"{told}, soit {signed(euros[1] - euros[0], 0)} € d'indemnités"
    yield f"{told}."


def _smaller(before: Study, after: Study) -> Iterator[str]:
    """Name the fewest moves, one after another, that give most of the gain of them all.

    They break no rule and hurt nobody whom the whole change spares.
    """
    moves = {
        lycee: zone
        for lycee, zone in after.plan.zone_by_lycee.items()
        if lycee in before.plan.zone_by_lycee and before.plan.zone_of(lycee).id != zone
    }
    start, end = before.cost(), after.cost()
    gain = start.total_hours - end.total_hours
    if not _FEWEST <= len(moves) <= _MOST_MOVES or not isfinite(gain) or gain <= 0:
        return
    if start.posts != end.posts or not all(map(before.plan.has_zone, moves.values())):
        return
    spared = set(losers(losses_of(before, after)))
    steps = islice(_best_first(before, moves), len(moves) - 1)
    for count, (done, cost) in enumerate(steps, 1):
        part = (start.total_hours - cost.total_hours) / gain
        if _MOST_OF <= part <= 1 and cost.posts == start.posts:
            some = before.with_plan(before.plan.move_all({key: moves[key] for key in done}))
            lost = losses_of(before, some)
            hurt = [loss for loss in lost if not spared.issuperset(loss.lycees) or not loss.counts]
            if hurt:
                continue
            share = number(100 * part)
            names = listing([after.name(lycee) for lycee in done])
            noun = plural(count, "déplacement", "déplacements")
            yield f"Avec {noun} sur {len(moves)} ({names}), {share} % du gain."
            return


def _best_first(before: Study, moves: dict[str, str]) -> Iterator[tuple[list[str], YearlyCost]]:
    """Yield the moves done, each the best after those before it, and the cost of the plan then.

    A move that adds no post comes before one that does: the hours that a post buys are no gain.
    """
    plan, left, done = before.plan, dict(moves), list[str]()
    while left:
        costs = {
            lycee: before.with_plan(plan.move(lycee, zone)).cost() for lycee, zone in left.items()
        }
        best = min(costs, key=lambda lycee: (costs[lycee].posts, costs[lycee].total_hours, lycee))
        plan, done = plan.move(best, left.pop(best)), [*done, best]
        yield done, costs[best]


def pays_elsewhere(before: Study, after: Study, sector_id: str) -> str:
    """Name the other sectors where hours get worse, for a view of one; empty for none."""
    told = []
    for sector in after.plan.sectors:
        if sector.id == sector_id or not before.plan.has_sector(sector.id):
            continue
        first, then = (study.cost(sector_id=sector.id) for study in (before, after))
        more = {
            "route": then.road_hours - first.road_hours,
            f"sans {terms().technician}": then.unattended_hours - first.unattended_hours,
        }
        worse = [f"{what} {signed(h, 0)} h" for what, h in more.items() if h >= _CLEAR_H]
        if worse:
            told.append(f"{sector.name} ({', '.join(worse)})")
    return printable(f"Ce qui se dégrade ailleurs : {listing(told)}.") if told else ""


def credits_of(study: Study) -> tuple[str, ...]:
    """Return the credits: figures kept, engines and dates of the times, estimates, sources."""
    times = study.times
    credit = study.atlas.ground.credit
    # credit the document that presents the sectors, and the names of zones, as far as known
    atlas = study.atlas
    plan, names = atlas.starting_plan, atlas.source.get("zones", "")
    text = presented(plan.author, plan.occasion, plan.date)
    parts = (f"secteurs présentés {text}" if text else "", names)
    sentence = " ; ".join(part for part in parts if part)
    # name the engines, with their shares if there are several
    made = [(maker, count) for maker, count in times.pairs_by_maker if count]
    named = [
        (f"{maker.label}, {long_date(maker.date)}", count)
        for maker, count in made or [(times.provenance, 0)]
    ]
    if len(named) == 1:
        engines = named[0][0]
    else:
        engines = " ; ".join(f"{maker} pour {number(count)} trajets" for maker, count in named)
    return (
        *_kept(study),
        f"Temps de trajet : {engines}, voiture, heures creuses ; {_estimates(study)}.",
        *((f"{sentence[0].upper()}{sentence[1:]}.",) if sentence else ()),
        *_undecided(study),
        *_credit(worded("{Sites}"), study.atlas.credits.sites),
        *_pupils(study),
        *_credit("Durées des trajets", study.atlas.credits.minutes),
        *_credit("Communes", study.atlas.credits.communes),
        *_credit(
            "Fond de carte",
            f"{credit} (ODbL)" if "OpenStreetMap" in credit and "ODbL" not in credit else credit,
        ),
    )


def _kept(study: Study) -> tuple[str, ...]:
    """Return the note on stored or recomputed figures; empty for a plan that was not decided."""
    if study.kept is None:
        return ()
    if study.kept.recomputed:
        return (study.kept.sentence,)
    return (
        study.kept.sentence,
        "Points de vigilance et trajets listés : avec les durées d'aujourd'hui.",
    )


def _pupils(study: Study) -> tuple[str, ...]:
    """Credit the numbers of pupils, and count the lycées with a known number."""
    lycees, site = study.territory.lycees.values(), terms().site
    sources = dict.fromkeys(lycee.pupils_source for lycee in lycees if lycee.pupils_source)
    typed = study.teams.sizes.get(Basis.PUPILS)
    if typed:
        sources |= {f"donné dans le scénario pour {site.counted(len(typed))}": None}
    known = [study.teams.size(lycee, Basis.PUPILS) is not None for lycee in lycees]
    if not any(known):
        return ()
    text = " ; ".join(sources) or "source non renseignée"
    given = f"{number(sum(known))} {site.plural} sur {number(len(known))}"
    return (f"{worded('{Sizes}')} : {text} ({given}).",)


def calendar_notes(study: Study) -> tuple[str, ...]:
    """Return the general notes on the calendar; empty without a calendar."""
    atlas = study.atlas
    if not atlas.calendar:
        return ()
    notes = (PLANNED, atlas.source.get("calendrier", ""), groups_text(study.plan))
    return tuple(note for note in notes if note)


def _undecided(study: Study) -> tuple[str, ...]:
    """Name the author of the sectors that the Région has not published, and the drafts' date."""
    statuses, lines = set(study.decisions.zones.values()), []
    if DecisionStatus.DRAFT in statuses:
        author, day = study.atlas.starting_plan.drafted_by, study.atlas.drafts.get("date")
        whose = f" {of(author)}" if author else ""
        when = f" du {long_date(day)}" if day else ""
        lines.append(
            f"Secteurs en brouillon : proposition{whose}{when}, noms et périmètres compris"
            + worded("{no_decision}.")
        )
    if statuses & {DecisionStatus.PROPOSED, DecisionStatus.RETAINED}:
        lines.append(
            "Secteurs et zones proposés ou retenus : ceux du scénario, pas encore publiés par "
            f"{terms().organisation.the}."
        )
    return tuple(lines)


def _credit(what: str, credit: str) -> tuple[str, ...]:
    """Return the credit of some data, in a sentence; none where the folder gives none."""
    return (f"{what} : {credit.rstrip('.')}.",) if credit else ()


def _estimates(study: Study) -> str:
    """Count the estimated drives: between colleagues of a zone, then all of them."""
    times, guessed = study.times, study.times.estimated_pairs
    if not guessed and not times.beyond_pairs:
        return "aucun trajet estimé"
    near, pairs = estimated_pairs(study, [zone.id for zone in study.plan.zones])
    known = sum(count for _, count in times.pairs_by_maker)
    told = (
        f"estimés (*) : {plural(near, 'trajet')} sur {number(pairs)} entre collègues, "
        f"{number(guessed)} sur {number(known)} entre {terms().site.plural}"
    )
    if not times.beyond_pairs:
        return told
    longer = f"{number(times.beyond_pairs)} trajets de {longer_than(times.within or 0)}"
    return f"{told} ; {longer} ne sont pas calculés, mais estimés"


def plan_in_view(
    exported: ExportedPlan, sector_id: str | None, reference: Plan | None = None
) -> PlanInView:
    """Return a sector (id) of a plan, all for ``None``; zones differing from ``reference`` changed.

    ``reference`` is by default the plan in force.
    """
    study, plan, scene = exported.study, exported.plan, _scene(exported, reference)
    codes = [sector.id for sector in plan.sectors] if sector_id is None else [sector_id]
    sectors = tuple(
        rows.sector_row(study, plan.sector(code), in_focus(study, scene, code), reference)
        for code in codes
    )
    points = point_rows(study, sector_id=sector_id)
    if sector_id is not None:
        (row,) = sectors
        return PlanInView(exported.version, sectors, row.values, row.scene, points)
    values = rows.shown_values(study, study.area())
    return PlanInView(exported.version, sectors, values, scene, points)


def _scene(exported: ExportedPlan, reference: Plan | None) -> Scene:
    """Return the map of a plan."""
    options = SceneOptions(colours=exported.colours, reference=reference)
    return build_scene(exported.study, options)


def comparison_of(
    first: ExportedPlan, second: ExportedPlan, sector_id: str | None, shown: PlanInView
) -> PlanComparison:
    """Compare a sector (id, ``None``: all) of the second plan, ``shown``, with the first plan."""
    before, after = first.study, second.study
    zones = None
    if sector_id is not None:
        zones = (zones_in(first.plan, sector_id), zones_in(second.plan, sector_id))
    if zones is not None and not zones[0]:
        # a sector that a plan lacks: its map alone, of the same extent as shown
        study = first.study
        values = rows.shown_values(study, study.evaluator.area(study.plan, ()))
        scene = replace(_scene(first, first.plan), view=shown.scene.view)
        earlier = PlanInView(first.version, (), values, scene, ())
    else:
        earlier = plan_in_view(first, sector_id, first.plan)
    points = changed_points(before, after, zones)
    change = _printable(plan_change(before, after, zones))
    told = {one.metric.key for one in change.figures}
    others = (
        one for one in compare_regions(before, after, zones=zones) if one.metric.key not in told
    )
    changed = _changed_zones(earlier, shown)
    return PlanComparison(
        earlier=earlier,
        change=change,
        changes=(*change.figures, *worst_first(others)),
        moves=tuple(
            replace(move, why=second.whys.get(move.id, ""))
            for move in rows.moves(before, after, zones)
        ),
        changed_zones=changed,
        points=points_told(points).written(printable),
        brought=frozenset(printable(point.sentence) for point in points.introduced),
        zones={lycee_id: rows.zone_name(before.plan, lycee_id) for lycee_id in before.plan.lycees},
        values=rows.values_by_area(before),
        drives=_drives(before, after, changed),
        others=other_changes(before, after) if sector_id is None else (),
        without_rns=_without_rns(before, after, lycees_in(second.plan, sector_id)),
        place="" if sector_id is None else _in_sector(second.plan, sector_id),
        region=None if zones is None else _printable(plan_change(before, after)),
        elsewhere="" if sector_id is None else pays_elsewhere(before, after, sector_id),
        also=also_does(before, after),
    )


def _printable(change: Effect) -> Effect:
    """Return a change whose sentences are on one line each, whatever the names in them."""
    losses, gains = (
        tuple(
            replace(
                line,
                names=tuple(map(printable, line.names)),
                place=printable(line.place),
                message=printable(line.message),
            )
            for line in side
        )
        for side in (change.losses, change.gains)
    )
    return replace(change, posts=printable(change.posts), losses=losses, gains=gains)


def _in_sector(plan: Plan, sector_id: str) -> str:
    """Return where the figures of a sector (id) are, in French."""
    return printable(f"dans le secteur {plan.sector(sector_id).name}")


def _without_rns(
    before: Study, after: Study, lycees: Iterable[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return the names of lycées (ids) whose sector has no RNS any more, by the RNS that it had."""
    found: dict[str, list[str]] = {}
    for lycee_id in lycees:
        if lycee_id in before.plan.zone_by_lycee and not after.plan.sector_of(lycee_id).rns:
            had = before.plan.sector_of(lycee_id).rns
            if had:
                found.setdefault(printable(had), []).append(printable(after.name(lycee_id)))
    return {rns: tuple(sorted(names)) for rns, names in found.items()}


def _changed_zones(before: PlanInView, after: PlanInView) -> frozenset[str]:
    """Return the zones (ids) whose lycées differ between two views."""
    first, then = (
        {zone.id: frozenset(lycee.id for lycee in zone.lycees) for zone in side.zones}
        for side in (before, after)
    )
    nobody: frozenset[str] = frozenset()
    return frozenset(
        code for code in (*first, *then) if first.get(code, nobody) != then.get(code, nobody)
    )


def _drives(before: Study, after: Study, changed: frozenset[str]) -> tuple[AreaDrive, ...]:
    """Return the longest drives of the changed zones (ids) that both plans have.

    Where both plans have none of them, those of the sectors that they are in.
    """
    plans = before.plan, after.plan
    zones = [
        zone
        for zone in after.plan.zones
        if zone.id in changed and all(p.has_zone(zone.id) and p.members(zone.id) for p in plans)
    ]
    if zones:
        return tuple(
            _drive(
                before,
                after,
                printable(f"dans la zone {zone.name}"),
                ((zone.id,), (zone.id,)),
                zone_id=zone.id,
            )
            for zone in zones
        )
    held = {p.zone(zone_id).sector for p in plans for zone_id in changed if p.has_zone(zone_id)}
    return tuple(
        _drive(
            before,
            after,
            _in_sector(after.plan, sector.id),
            (zones_in(before.plan, sector.id), zones_in(after.plan, sector.id)),
            sector_id=sector.id,
        )
        for sector in after.plan.sectors
        if sector.id in held
        and all(p.has_sector(sector.id) and p.lycees_of(sector.id) for p in plans)
    )


def _drive(before: Study, after: Study, place: str, zones: Zones, **area: str) -> AreaDrive:
    """Compare the longest drive of an area (``zone_id``, ``sector_id``); ``zones`` are its ids."""
    record = metric("max_minutes")
    shown = before.area(**area), after.area(**area)
    today = before.recomputed().area(**area), after.recomputed().area(**area)
    judgements = judgements_of(before, after, zones, of_today((record,), shown, today))
    (change,) = compare((record,), *shown, judgements)
    return AreaDrive(place, change)


def dossier(exported: ExportedPlan, view: ExportView) -> Dossier:
    """Return the dossier of a view: compared with the base, if it differs or is in view too."""
    paired = view.kind == "before-after"
    after, before = exported, exported.changed_from
    if paired:
        before = exported.base or of_baseline(exported.study.analysis)
    if before is not None and not are_kept_together(before.study, after.study):
        # figures of today, for both: drives and hypotheses changed since would make a difference
        after = replace(after, study=after.study.recomputed())
        before = replace(before, study=before.study.recomputed())
    study, sector_id = after.study, sector_in_view(view, after.plan)
    shown = plan_in_view(after, sector_id, before.plan if before is not None and paired else None)
    title, name, feedback = "Secteurs et zones de continuité", "region", after.feedback
    if paired:
        title, name = f"Avant et après : {exported.version.name}", "avant-apres"
    elif sector_id is not None:
        title = f"Secteur {shown.sectors[0].name}"
        name = f"secteur-{slug(shown.sectors[0].name)}"
        feedback = feedback.in_sector(after.plan, sector_id)
    return Dossier(
        version=shown.version,
        sectors=shown.sectors,
        values=shown.values,
        scene=shown.scene,
        points=shown.points,
        title=title,
        slug=name,
        matrix=rows.matrix(study, lycees_in(after.plan, sector_id)),
        sheets=site_sheets(
            study,
            None if before is None else before.study,
            lycees_in(after.plan, sector_id),
        ),
        comparison=None if before is None else comparison_of(before, after, sector_id, shown),
        paired=paired,
        ground=study.atlas.ground,
        author=study.atlas.starting_plan.author,
        document_rns=study.atlas.starting_plan.named_rns,
        calendar=_calendar(study),
        calendar_notes=calendar_notes(study),
        sources=credits_of(study),
        cells=study.territory.cells,
        organisation=study.atlas.organisation,
        reasons=_reasons_in(after, before, sector_id),
        asked=after.asked,
        feedback=feedback.sentences,
        feedback_line=feedback.line,
        threshold=study.settings.max_minutes,
        address=after.address,
    )


def _reasons_in(
    after: ExportedPlan, before: ExportedPlan | None, sector_id: str | None
) -> tuple[str, ...]:
    """Return people's reasons, without those given for moves that are all out of view."""
    if sector_id is None:
        return after.reasons
    plans = (after.plan,) if before is None else (before.plan, after.plan)
    here = {lycee for plan in plans for lycee in lycees_in(plan, sector_id)}
    kept = {after.whys[lycee_id] for lycee_id in after.whys.keys() & here}
    elsewhere = {why.strip().rstrip(".").casefold() for why in {*after.whys.values()} - kept}
    folded = {reason: reason.rstrip(".").casefold() for reason in after.reasons}
    return tuple(
        reason
        for reason, text in folded.items()
        # it ends with the reason of a move, or with that and its author in brackets
        if not any(text.endswith(why) or f"{why} (" in text for why in elsewhere)
    )


def dossier_of_change(exported: ExportedPlan) -> Dossier:
    """Return the dossier of what a plan changes; of the region if it changes nothing."""
    kind = "region" if exported.changed_from is None else "before-after"
    return dossier(exported, ExportView(kind))


def _calendar(study: Study) -> tuple[Step, ...]:
    calendar = study.atlas.calendar
    return tuple(
        Step(
            step.heading,
            tuple((part.whom, part.actions) for part in due(study.plan, calendar, rank)),
            step.doubts,
        )
        for rank, step in enumerate(calendar)
    )
