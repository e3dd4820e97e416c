"""Figures of what is selected, their changes, and the card of a lycée, zone, sector or region."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import htpy

from geozones.common.french import capital, inside, listing, long_date, minutes, number, plural
from geozones.domain import DecisionStatus, Lycee, Origin, Plan, Sector, Zone
from geozones.domain.identifiers import is_temporary
from geozones.domain.places import Precision
from geozones.domain.settings import territory
from geozones.domain.terms import has_organisation, terms, worded
from geozones.effect import Effect
from geozones.metrics.judgement import FigureJudgement
from geozones.metrics.metric import Better, Metric, MetricPlace, Value, Values, whole_hours
from geozones.metrics.metric_changes import (
    SAME,
    UNTOLD,
    Change,
    FigureEffect,
    compare,
)
from geozones.metrics.metric_registry import (
    VIGILANCE,
    WatchList,
    metric,
    shown_in,
    watch_list,
    written,
)
from geozones.ui.state.carte_views import Selection
from geozones.ui.widgets import html
from geozones.workspace.figures.plan_comparison import judgements_of
from geozones.workspace.figures.study import (
    Study,
    estimated_pairs,
    is_estimated,
    written_in_full,
)
from geozones.workspace.figures.vigilance import VigilancePoint, chosen, vigilance
from geozones.workspace.maps import leaders, swatch_of_sector, swatch_of_zone
from geozones.workspace.moves.preview import MoveEffect
from geozones.workspace.teams import least_covered, posts_text, technicians_line

#: Figures of what is chosen that are shown first, by key of the metric; points to watch follow.
SHORT = ("mean_minutes", "worst_releve_minutes")


@dataclass(frozen=True)
class _Figures:
    """Figures of the region, a sector or a zone (ids), and their differences from a reference."""

    study: Study
    sector: str | None = None
    zone: str | None = None
    reference: Study | None = None

    @cached_property
    def values(self) -> Values:
        return self.study.area(self.sector, self.zone)

    @cached_property
    def _before(self) -> Values | None:
        return None if self.reference is None else self.reference.area(self.sector, self.zone)

    @cached_property
    def _judgements(self) -> dict[str, FigureJudgement]:
        return {} if self.reference is None else judgements_of(self.reference, self.study)

    def difference_of(self, record: Metric) -> htpy.Element | None:
        """Return the difference of a figure from the reference, if there is one."""
        if self._before is None:
            return None
        (change,) = compare([record], self._before, self.values, self._judgements)
        return difference(change)

    def text_of(self, record: Metric) -> str:
        """Write a figure; hours so that they add up to the yearly hours."""
        return record.write({**self.values, **whole_hours(self.values)}[record.key])

    def is_estimated(self, record: Metric) -> bool:
        """Tell whether a figure rests on estimated drives."""
        zones = _zone_ids(self.study.plan, self.sector, self.zone)
        return is_estimated(self.study, record, self.values, zones)

    @property
    def mark(self) -> str:
        """Mark of a figure of several drives that are estimated."""
        return self.study.times.estimate_mark

    def card(self, record: Metric) -> htpy.Element:
        """Return the card of a metric."""
        return html.figure(record.short, *self.told(record), self.difference_of(record))

    def told(self, record: Metric) -> tuple[str, str]:
        """Return a figure in words, and its detail."""
        detail = names_of(self.study, record, self.values) if record.lycees else record.about
        if record.key == "posts":
            detail = posts_text(self.study, self.sector, self.zone) or detail
        if record.key == "absorbed_share":
            zones = _zone_ids(self.study.plan, self.sector, self.zone)
            detail = least_covered(self.study, zones) or detail
        if self.is_estimated(record):
            # names may be cut short: the mark stands before them
            parts = ("estimé", detail) if record.lycees else (detail, self.mark)
            detail = ", ".join(part for part in parts if part)
        return self.text_of(record), detail

    def _watched(self, study: Study) -> WatchList[VigilancePoint]:
        return watch_list(chosen(vigilance(study), sector_id=self.sector, zone_id=self.zone))

    def points(self, label: str, *about: str) -> htpy.Element:
        """Return the card of the points to watch; its detail is their doubt, then ``about``."""
        before = None if self.reference is None else self._watched(self.reference).count
        change = Change(VIGILANCE, before, self._count_of_points())
        return html.figure(label, *self.told_points(*about), difference(change), leads="vigilance:")

    def told_points(self, *about: str) -> tuple[str, str]:
        """Return the points to watch in words, and their detail."""
        doubt = self._own_points.doubt
        return VIGILANCE.write(self._count_of_points()), " · ".join(filter(None, (doubt, *about)))

    def _count_of_points(self) -> Value:
        kept = self.study.kept_metrics(self.sector, self.zone)
        return kept.get(VIGILANCE.key, self._own_points.count)

    @cached_property
    def _own_points(self) -> WatchList[VigilancePoint]:
        return self._watched(self.study)


def key_figures(
    study: Study,
    sector_id: str | None,
    zone_id: str | None,
    reference: Study | None = None,
    place: MetricPlace = MetricPlace.STRIP,
) -> None:
    """Show the figures of the selection; with ``reference``, the differences from it.

    ``place`` says which: `MetricPlace.HEADLINE` has the figures of every change.
    """
    figures = _Figures(study, sector_id, zone_id, reference)
    cards = [
        *(figures.card(record) for record in shown_in(place) if record is not VIGILANCE),
        figures.points(VIGILANCE.label, *_about_points(study)),
    ]
    where = terms().territory.whole
    if zone_id is not None:
        where = f"zone {study.plan.zone(zone_id).name}"
    elif sector_id is not None:
        where = f"secteur {study.plan.sector(sector_id).name}"
    label = f"Chiffres clés : {where}"
    whole = sector_id is None and zone_id is None
    html.show(
        htpy.section(".gz-figures", tabindex="0", aria_label=label, data_whole=whole)[
            htpy.p(".gz-figures-of")[where[0].upper() + where[1:]], cards
        ]
    )


def _about_points(study: Study) -> tuple[str, str]:
    return "voir la liste", study.times.basis or f"seuil {minutes(study.settings.max_minutes)}"


def region_figures(study: Study) -> list[tuple[str, str]]:
    """Return the figures that `key_figures` has of the region and their details, in its order."""
    figures = _Figures(study, None, None, None)
    records = [record for record in shown_in(MetricPlace.STRIP) if record is not VIGILANCE]
    return [*map(figures.told, records), figures.told_points(*_about_points(study))]


def answer_kind(effect: MoveEffect) -> str:
    """Return the kind of the message that answers a move, told before it is saved and after."""
    return "warning" if effect.is_worse else "ok"


def short_figures(
    study: Study,
    reference: Study | None = None,
    *,
    sector_id: str | None = None,
    zone_id: str | None = None,
) -> htpy.Element:
    """Return three figures of the region, a sector or a zone (ids).

    With ``reference``, they have their differences from it.
    """
    figures = _Figures(study, sector_id, zone_id, reference)
    cards = [
        html.figure(
            inside(record.short),
            figures.text_of(record),
            figures.mark if figures.is_estimated(record) else "",
            figures.difference_of(record),
        )
        for record in map(metric, SHORT)
    ]
    return htpy.div(".gz-three")[cards, figures.points(inside(VIGILANCE.label), study.times.basis)]


def names_of(study: Study, record: Metric, values: Values) -> str:
    """Return the names of the lycées behind a metric."""
    lycees = metric(record.lycees)
    return lycees.format.write_lycees(
        values[lycees.key], lambda lycee_id: study.territory.lycees[lycee_id].name
    )


def _zone_ids(plan: Plan, sector_id: str | None, zone_id: str | None) -> list[str]:
    if zone_id is not None:
        return [zone_id]
    entries = plan.zones if sector_id is None else plan.zones_of(sector_id)
    return [entry.id for entry in entries]


def difference(change: Change) -> htpy.Element | None:
    """Return a difference from before, and whether it is better where that can be judged.

    Return ``None`` if there is no earlier figure, or neither way is better.
    """
    text, better = change.difference_text, change.better
    if text == UNTOLD or change.metric.better is Better.NEITHER:
        return None
    if text == SAME:
        return htpy.span(".gz-change.gz-same")["inchangé"]
    if not change.metric.judged_alone:
        return htpy.span(".gz-change.gz-same")[text]
    if better is None:
        return htpy.span(".gz-change.gz-same")[f"{text} ({change.word})" if change.word else text]
    kind = "better" if better else "worse"
    return htpy.span(class_=f"gz-change gz-{kind}")[f"{text} ({change.word})"]


_KINDS = {True: "gz-better", False: "gz-worse", None: "gz-same"}


def change_table(change: Effect, *lead: htpy.Node) -> htpy.Element:
    """Return who loses and gains, where posts change, ``lead``, a table of the figures, T.I.S.

    Labels of minutes say that they cover the changed zones only, not the whole region.
    """
    rows = [_row(each, each.metric.label, each.told) for each in change.figures]
    tis = html.note(change.tis) if change.tis else None
    whom, posts = sides(change), posts_line(change)
    return html.stack(whom, posts, *lead, _rows_table("Ce qui change", rows), tis)


def sides(change: Effect) -> htpy.Element | None:
    """Return who loses, the worst first, then who gains; ``None`` for nobody."""
    if not change.lost and not change.gained:
        return None
    return html.stack(
        html.bullets(change.lost, "gz-alerts") if change.lost else None,
        html.bullets(change.gained, "gz-solved") if change.gained else None,
    )


def changed_lycees(reference: Study, study: Study) -> list[tuple[str | None, str, str]]:
    """Return the lycées that move, open or close since another plan, and what each does.

    Each is an id (``None`` once closed), a name, and a text that follows the name.
    """
    before, after = reference.plan, study.plan
    told: list[tuple[str | None, str, str]] = [
        (
            lycee_id,
            study.name(lycee_id),
            f" : {before.zone(origin).name} → {after.zone(target).name}",
        )
        for lycee_id, origin, target in after.moves_from(before)
    ]
    told += [
        (lycee_id, study.name(lycee_id), f" ouvre : {after.zone_of(lycee_id).name}")
        for lycee_id in after.opened_since(before)
    ]
    told += [
        (None, reference.name(lycee_id), f" ferme : {before.zone_of(lycee_id).name}")
        for lycee_id in before.opened_since(after)
    ]
    return told


def counted_changes(before: Plan, after: Plan) -> str:
    """Return how many lycées move, open or close between two plans; empty if none does."""
    counts = (
        (after.moves_from(before), "{site} change de zone", "{sites} changent de zone"),
        (after.opened_since(before), "{site} ouvre", "{sites} ouvrent"),
        (before.opened_since(after), "{site} ferme", "{sites} ferment"),
    )
    return listing(
        [plural(len(keys), worded(one), worded(many)) for keys, one, many in counts if keys]
    )


def narrow_change_table(change: Effect) -> htpy.Element:
    """Return the figures alone, by their short labels; « équivalent » within the error."""
    rows = []
    for each in change.figures:
        gap = "équivalent" if each.is_within_error else each.gap(each.told_digits)
        told = gap if each.has_difference else each.difference_text
        rows.append(_row(each, each.metric.short, told))
    return htpy.div(".gz-five")[_rows_table(htpy.span(".gz-hidden")["Chiffre"], rows)]


_LINES = {FigureEffect.WORSE: "gz-worse", FigureEffect.BETTER: "gz-better"}


def change_lines(change: Effect) -> list[htpy.Element]:
    """Return the same as small lines: who loses and gains, posts, figures, worse ones first."""
    posts = [htpy.small(".gz-worse")[said] for said in change.lost]
    posts += [htpy.small(".gz-better")[said] for said in change.gained]
    posts += [htpy.small(".gz-worse")[change.posts]] if change.posts else []
    lines = [
        htpy.small(class_=_LINES.get(effect, "gz-same"))[sentence]
        for effect, sentence in change.by_effect.items()
    ]
    return posts + lines + ([htpy.small(".gz-same")[change.tis]] if change.tis else [])


def changes_side_by_side(changes: Mapping[str, Effect]) -> htpy.Element:
    """Return the table of the figures of several changes of plan, a column for each."""
    rows = []
    for figures in zip(*(change.figures for change in changes.values()), strict=True):
        cells = [_row(each, each.metric.label, each.told) for each in figures]
        pairs = [htpy.fragment[arrow, " (", gap, ")"] for _, arrow, gap in cells]
        rows.append((cells[0][0], *pairs))
    heads = ("Avant → après (écart)", *changes)
    return html.table("Les cinq chiffres", heads, rows, hidden_caption=True, stacks=True)


def posts_line(change: Effect) -> htpy.Element | None:
    """Return where posts change, in bold; ``None`` if they stay."""
    return html.sentence(htpy.strong[change.posts]) if change.posts else None


def _row(change: Change, label: str, told: str) -> tuple[htpy.Node, ...]:
    touched = htpy.small[" (zones touchées)"] if change.metric.unit == "min" else None
    gap = htpy.span(class_=_KINDS[change.better])[told]
    return [label, touched], change.arrow(change.told_digits), gap


def _rows_table(head: htpy.Node, rows: Sequence[Sequence[htpy.Node]]) -> htpy.Element:
    heads = (head, "Avant → après", "Écart")
    return html.table("Ce qui change, avant et après", heads, rows, hidden_caption=True)


#: Statuses of the sectors as delivered or published: nobody signs what is only proposed.
_SIGNED = (DecisionStatus.PUBLISHED, DecisionStatus.DRAFT)


def point_list(
    points: Iterable[VigilancePoint], text: Callable[[VigilancePoint], str]
) -> htpy.Element:
    """Return the points by their ``text``, which links to their places, with origin and status."""
    items = []
    for point in points:
        about = point.about if point.is_alert else f"information, {point.about}"
        small = htpy.small[f"{capital(about)} · {point.status.label}"]
        kind = None if point.is_alert else "gz-info"
        items.append(htpy.li(class_=kind)[html.go(point.place, text(point)), small])
    return htpy.ul(".gz-alerts")[items]


_HEADINGS = {
    DecisionStatus.PUBLISHED: "Publiés par {the_organisation}",
    DecisionStatus.RETAINED: "Retenus, pas encore publiés",
    DecisionStatus.PROPOSED: "Proposés, rien n'est décidé",
    DecisionStatus.DRAFT: "Brouillons, rien n'est décidé",
}
_NOTES = {
    DecisionStatus.RETAINED: "Retenu : décidé ici, pas encore publié par {the_organisation}.",
    DecisionStatus.PROPOSED: "Proposé par ce scénario : rien n'est décidé.",
    DecisionStatus.DRAFT: "Brouillon : nom, périmètre et zones sont de l'outil.",
}
#: What follows where the territory says who runs it.
_NOT_DECIDED = (
    " Ce n'est pas une décision {of_the_organisation}. RNS et {support_centre} ne sont pas publiés."
)


def details(
    study: Study, chosen: Selection, reference: Study | None = None, *, plan_name: str = ""
) -> htpy.Element:
    """Return the card of the lycée, zone, sector or region that is selected.

    ``reference`` is the plan that the figures are compared with, if any; ``plan_name`` names the
    plan where nothing above the card does.
    """
    plan = study.plan
    if chosen.lycee is not None:
        return lycee_card(study, chosen.lycee, reference=reference)
    if chosen.zone is not None:
        return zone_card(study, plan.zone(chosen.zone), reference)
    if chosen.sector is not None:
        return sector_card(study, plan.sector(chosen.sector), reference)
    return region_summary(study, reference, plan_name)


def choice_in_words(study: Study, chosen: Selection) -> str:
    """Say which lycée is selected, or else which zone; empty for neither."""
    if chosen.lycee is not None:
        zone = study.plan.zone_of(chosen.lycee)
        return f"Choisi : {study.name(chosen.lycee)}, {zone.name}."
    if chosen.zone is not None:
        return f"Choisie : zone {study.plan.zone(chosen.zone).name}."
    return ""


def lycee_card(
    study: Study,
    lycee_id: str,
    *,
    folded: bool = False,
    reference: Study | None = None,
) -> htpy.Element:
    """Return the card of a lycée.

    If ``folded``, its facts are one line, and the rest opens on request; else the figures of its
    zone come first, with their differences from a ``reference``.
    """
    plan = study.plan
    lycee = study.territory.lycees[lycee_id]
    zone = plan.zone_of(lycee_id)
    sector = plan.sector(zone.sector)
    rows = _lycee_facts(study, lycee, sector)
    facts: htpy.Node = [
        htpy.h4["Zone ", html.go(f"zone:{zone.id}", zone.name)],
        short_figures(study, _having(reference, zone.id), zone_id=zone.id),
        html.facts(rows),
    ]
    if folded:
        pupils, _ = study.teams.pupils(lycee)
        known = f"{number(pupils)} {terms().size.plural}" if pupils else None
        line = " · ".join(filter(None, (lycee.commune, known, f"zone {zone.name}")))
        heading = htpy.summary[worded("Fiche {of_the_site}")]
        facts = [htpy.p(".gz-remark")[line], htpy.details[heading, html.facts(rows)]]
    return htpy.div(".gz-card.gz-lycee-card")[htpy.h3[lycee.name], facts]


def _lycee_facts(study: Study, lycee: Lycee, sector: Sector) -> list[tuple[str, str]]:
    """Return what is known of a lycée, and its relève."""
    code = ", ".join((lycee.id, *lycee.associated_uais))
    where = f"{lycee.commune} ({lycee.departement})" if lycee.departement else lycee.commune
    pupils, source = study.teams.pupils(lycee)
    counted_by = source.partition(", par ")[0]  # the page's credits say the rest
    size = "non renseigné" if pupils is None else number(pupils)
    size += f" ({counted_by})" if pupils is not None and counted_by else ""
    need = study.teams.need(lycee)
    asked = f"{plural(need.half_days, 'demi-journée')} par semaine ({need.origin})"
    rows = [
        *([("Commune", where)] if lycee.commune else []),
        *([("Type", lycee.kind)] if lycee.kind else []),
        (worded("{Code}"), "provisoire" if is_temporary(lycee.id) else code),
        (worded("{Sizes}"), size),
        ("Besoin de présence", asked),
        ("Secteur", sector.name),
    ]
    releve = study.releve(lycee.id)
    if releve is not None:
        took = study.analysis.drive(releve[0], lycee.id)
        rows.append(("Relève", f"{took}, depuis {study.name(releve[0])}"))
    if sector.support_centre == lycee.id:
        rows.append(("Rôle", f"{terms().support_centre} du secteur {sector.name}"))
    elif sector.support_centre is not None:
        far = study.analysis.drive(sector.support_centre, lycee.id)
        rows.append((worded("{Support_centre}"), f"{study.name(sector.support_centre)}, à {far}"))
    printed = study.territory.printed_name(lycee.id)
    if printed is not None:
        rows.append((f"Nom {printed[1]}", printed[0]))
    if lycee.remark:
        rows.append(("À savoir", lycee.remark))
    if lycee.precision != "adresse":
        rows.append(("Position", Precision(lycee.precision).about))
    return rows


def _having(reference: Study | None, zone_id: str) -> Study | None:
    return reference if reference is not None and reference.plan.has_zone(zone_id) else None


def _workload(values: Values) -> str:
    needed, unknown = values["workload"], values["lycees_without_pupils"]
    if not isinstance(needed, int):
        return written(values, "workload")
    text = f"{plural(needed, 'demi-journée')} par semaine"
    if values["pupils"] is not None:
        text += f", {written(values, 'pupils')} {terms().size.plural}"
    if isinstance(unknown, int) and unknown:
        text += f" ({terms().site.counted(unknown)} sans effectif connu)"
    return text


def zone_card(study: Study, zone: Zone, reference: Study | None = None) -> htpy.Element:
    """Return the card of a zone: status, figures, alerts, relèves."""
    plan = study.plan
    sector = plan.sector(zone.sector)
    values = study.area(zone_id=zone.id)
    rows = [
        ("Secteur", sector.name),
        *leaders(study, sector),
        *_summary(study, values, [zone.id]),
        (metric("workload").label, _workload(values)),
    ]
    points = chosen(vigilance(study), zone_id=zone.id)
    changed = zone.id in study.decisions.changed_zones
    return html.card(
        html.kicker(
            "Zone de continuité ",
            html.pill(study.decisions.zone(zone.id), changed=changed),
            html.mark("modifiée" if changed else ""),
        ),
        htpy.h3[zone.name],
        short_figures(study, _having(reference, zone.id), zone_id=zone.id),
        html.facts(rows),
        point_list(points, lambda point: point.sentence) if points else None,
        htpy.h4[f"{terms().site.counted(len(plan.members(zone.id)))} et leur relève"],
        _releves(study, zone.id),
    )


def _releves(study: Study, zone_id: str) -> htpy.Element:
    plan = study.plan
    rows = []
    for lycee_id in plan.members(zone_id):
        releve = study.releve(lycee_id)
        came = "—"
        if releve:
            took = study.analysis.drive(releve[0], lycee_id)
            came = f"{took} depuis {study.territory.lycees[releve[0]].name}"
        rows.append((html.go(f"lycee:{lycee_id}", study.name(lycee_id)), came))
    return html.table(
        worded("Relève de chaque {site}"), (worded("{Site}"), "Relève"), rows, hidden_caption=True
    )


def sector_card(study: Study, sector: Sector, reference: Study | None = None) -> htpy.Element:
    """Return the card of a sector: status, leaders, zones."""
    plan = study.plan
    values = study.area(sector_id=sector.id)
    zones, status = plan.zones_of(sector.id), study.decisions.sector(sector.id)
    technicians = technicians_line(study, sector.id)
    plan_file = study.atlas.starting_plan
    author = plan_file.drafted_by if sector.origin is Origin.TOOL else plan_file.author
    rows = [
        *([("Auteur", author)] if author and status in _SIGNED else []),
        *([("Expérimental", "oui")] if sector.experimental else []),
        *leaders(study, sector),
        *([(worded("{Sector_technicians}"), technicians)] if has_organisation() else []),
        (worded("{Sites}"), f"{len(plan.lycees_of(sector.id))} en {plural(len(zones), 'zone')}"),
        *_summary(study, values, [zone.id for zone in zones]),
        (metric("workload").label, _workload(values)),
    ]
    if sector.support_centre is not None:
        mean = written(values, "support_mean_minutes", 0)
        far = f"{mean} en moyenne, {written(values, 'support_max_minutes')} au plus"
        lycees = study.plan.lycees_of(sector.id)
        if any(study.times.is_estimated(sector.support_centre, lycee) for lycee in lycees):
            far += f" ({study.times.estimate_mark})"
        rows.append((worded("Depuis {the_support_centre}"), far))
    note = _NOTES.get(status, "")
    if status is DecisionStatus.DRAFT and has_organisation():
        note += _NOT_DECIDED
    dates = [
        f"{long_date(entry.date)} : {entry.text}{' (à confirmer)' if entry.uncertain else ''}"
        for entry in sector.milestones
    ]
    marks = study.decisions.sector_marks(sector.id)
    return html.card(
        html.kicker("Secteur ", html.pill(status, changed=bool(marks)), html.mark(marks)),
        htpy.h3[sector.name],
        short_figures(
            study,
            reference if reference and reference.plan.has_sector(sector.id) else None,
            sector_id=sector.id,
        ),
        note and html.caveat(worded(note)),
        html.facts(rows),
        dates and (htpy.h4["Calendrier du secteur"], html.bullets(dates, "gz-steps")),
        htpy.h4["Zones de continuité"],
        htpy.ul(".gz-list")[[_line_of_zone(study, zone) for zone in zones]],
    )


def _line_of_zone(study: Study, zone: Zone) -> htpy.Element:
    plan = study.plan
    values = study.area(zone_id=zone.id)
    watched = watch_list(chosen(vigilance(study), zone_id=zone.id))
    alert = [" ", htpy.span(".gz-warn")[watched.text]] if watched.count else None
    count = terms().site.counted(len(plan.members(zone.id)))
    mean, worst = written(values, "mean_minutes", 0), written(values, "max_minutes")
    drives = f"trajet moyen {mean}, le plus long {worst}"
    if estimated_pairs(study, [zone.id])[0] > 0:
        drives += f" ({study.times.estimate_mark})"
    status = study.decisions.zone(zone.id)
    unlike = None if status is study.decisions.sector(zone.sector) else html.pill(status)
    changed = html.mark("modifiée" if zone.id in study.decisions.changed_zones else "")
    return htpy.li[
        html.swatch(swatch_of_zone(study, zone)),
        htpy.span[
            html.go(f"zone:{zone.id}", zone.name),
            [" ", unlike, changed],
            alert,
            htpy.small[f"{count}, {drives}"],
        ],
    ]


def region_summary(
    study: Study, reference: Study | None = None, plan_name: str = ""
) -> htpy.Element:
    """Return what the region is, three figures, and its sectors under their status.

    With ``reference``, the figures have their differences from it; ``plan_name`` follows the name.
    """
    plan = study.plan
    counts = (
        terms().site.counted(len(plan.lycees)),
        plural(len(plan.sectors), "secteur"),
        plural(len(plan.zones), "zone"),
    )
    groups = [
        (heading, [sector for sector in plan.sectors if study.decisions.sector(sector.id) is kind])
        for kind, heading in _HEADINGS.items()
    ]
    where = " · ".join(filter(None, (territory().name, plan_name)))
    return htpy.section(".gz-region")[
        where and html.kicker(where),
        htpy.h2[", ".join(counts)],
        htpy.p[worded("Dans chaque zone, les {technicians} se remplacent.")],
        short_figures(study, reference),
        [
            (
                htpy.h3[worded(heading)],
                htpy.ul(".gz-rows")[
                    [
                        htpy.li[
                            html.swatch(swatch_of_sector(study, sector)),
                            html.go(f"sector:{sector.id}", sector.name),
                            html.mark(study.decisions.sector_marks(sector.id)),
                            htpy.small[terms().site.counted(len(plan.lycees_of(sector.id)))],
                        ]
                        for sector in sectors
                    ]
                ],
            )
            for heading, sectors in groups
            if sectors
        ],
    ]


def _summary(study: Study, values: Values, zones: Sequence[str]) -> list[tuple[str, str]]:
    """Return the yearly hours of an area, then its summary figures with their lycées.

    The figures of `short_figures`, drawn above, are left out.
    """
    hours = metric("total_hours")
    rows = [(hours.short, written_in_full(study, hours, values, zones))]
    for record in shown_in(MetricPlace.SUMMARY):
        if record.key in SHORT:
            continue
        text = written_in_full(study, record, values, zones)
        if record.lycees and values[record.lycees] is not None:
            text = f"{text}, {names_of(study, record, values)}"
        rows.append((record.short, text))
    return rows
