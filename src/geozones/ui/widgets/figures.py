"""Figures and facts of the selection, and headline changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import htpy

from geozones.common.french import inside, long_date, minutes
from geozones.domain import DecisionStatus, Milestone, Origin, Plan, Sector
from geozones.domain.terms import terms
from geozones.metrics.judgement import FigureJudgement
from geozones.metrics.metric import Better, Metric, MetricPlace, Values, whole_hours
from geozones.metrics.metric_changes import (
    SAME,
    UNTOLD,
    Change,
    Effect,
    PlanChange,
    compare,
)
from geozones.metrics.metric_registry import VIGILANCE, WatchList, metric, shown_in, watch_list
from geozones.ui import current_scenario, state
from geozones.ui.widgets import html
from geozones.workspace.plan_comparison import judgements_of
from geozones.workspace.study import Study, is_estimated
from geozones.workspace.teams.cost_summary import least_covered, posts_text
from geozones.workspace.vigilance import VigilancePoint, chosen, vigilance

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
        zones = _zones(self.study.plan, self.sector, self.zone)
        return is_estimated(self.study, record, self.values, zones)

    @property
    def mark(self) -> str:
        """Mark of a figure of several drives that are estimated."""
        return self.study.times.estimate_mark

    def card(self, record: Metric) -> htpy.Element:
        """Return the card of a metric."""
        detail = names_of(self.study, record, self.values) if record.lycees else record.about
        if record.key == "posts":
            detail = posts_text(self.study, self.sector, self.zone) or detail
        if record.key == "absorbed_share":
            zones = _zones(self.study.plan, self.sector, self.zone)
            detail = least_covered(self.study, zones) or detail
        if self.is_estimated(record):
            # names may be cut short: the mark stands before them
            parts = ("estimé", detail) if record.lycees else (detail, self.mark)
            detail = ", ".join(part for part in parts if part)
        return card(record.short, self.text_of(record), detail, self.difference_of(record))

    def _watched(self, study: Study) -> WatchList[VigilancePoint]:
        return watch_list(chosen(vigilance(study), sector_id=self.sector, zone_id=self.zone))

    def points(self, label: str, *about: str) -> htpy.Element:
        """Return the card of the points to watch; its detail is their doubt, then ``about``."""
        watched = self._watched(self.study)
        kept = self.study.kept_metrics(self.sector, self.zone)
        count, before = kept.get(VIGILANCE.key, watched.count), None
        if self.reference is not None:
            before = self._watched(self.reference).count
        return card(
            label,
            VIGILANCE.write(count),
            " · ".join(filter(None, (watched.doubt, *about))),
            difference(Change(VIGILANCE, before, count)),
            leads="vigilance:",
        )


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
    threshold = f"seuil {minutes(study.settings.max_minutes)}"
    cards = [
        *(figures.card(record) for record in shown_in(place) if record is not VIGILANCE),
        figures.points(VIGILANCE.label, "voir la liste", threshold),
    ]
    where = _scope(study.plan, sector_id, zone_id)
    label = f"Chiffres clés : {where}"
    html.show(
        htpy.section(".gz-figures", tabindex="0", aria_label=label)[
            htpy.p(".gz-figures-of")[where[0].upper() + where[1:]], cards
        ]
    )


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
        card(
            inside(record.short),
            figures.text_of(record),
            figures.mark if figures.is_estimated(record) else "",
            figures.difference_of(record),
        )
        for record in map(metric, SHORT)
    ]
    return htpy.div(".gz-three")[cards, figures.points(inside(VIGILANCE.label))]


def names_of(study: Study, record: Metric, values: Values) -> str:
    """Return the names of the lycées behind a metric."""
    lycees = metric(record.lycees)
    return lycees.format.write_lycees(
        values[lycees.key], lambda lycee_id: study.territory.lycees[lycee_id].name
    )


def _zones(plan: Plan, sector_id: str | None, zone_id: str | None) -> list[str]:
    if zone_id is not None:
        return [zone_id]
    entries = plan.zones if sector_id is None else plan.zones_of(sector_id)
    return [entry.id for entry in entries]


def _scope(plan: Plan, sector_id: str | None, zone_id: str | None) -> str:
    if zone_id is not None:
        return f"zone {plan.zone(zone_id).name}"
    return (
        terms().territory.whole if sector_id is None else f"secteur {plan.sector(sector_id).name}"
    )


def card(
    label: str,
    value: str,
    detail: str,
    change: htpy.Element | None = None,
    *,
    leads: str = "",
) -> htpy.Element:
    """Return the card of a figure: label, value, detail, change, target of a click."""
    box = (
        htpy.button(".gz-figure.gz-leads", type="button", data_go=leads)
        if leads
        else htpy.div(".gz-figure")
    )
    return box[
        htpy.span(".gz-figure-label", title=label)[label],
        htpy.span(".gz-figure-value")[value, " ", change],
        htpy.span(".gz-figure-detail", title=detail)[detail],
    ]


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


def change_table(change: PlanChange, *lead: htpy.Node) -> htpy.Element:
    """Return where posts change, then ``lead``, a table of the figures of a change, and T.I.S.

    Labels of minutes say that they cover the changed zones only, not the whole region.
    """
    rows = [_row(each, each.metric.label, each.told) for each in change.figures]
    tis = html.note(change.tis) if change.tis else None
    return html.stack(posts_line(change), *lead, _rows_table("Ce qui change", rows), tis)


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


def narrow_change_table(change: PlanChange) -> htpy.Element:
    """Return the figures alone, by their short labels; « équivalent » within the error."""
    rows = []
    for each in change.figures:
        gap = "équivalent" if each.is_within_error else each.gap(each.told_digits)
        told = gap if each.has_difference else each.difference_text
        rows.append(_row(each, each.metric.short, told))
    return htpy.div(".gz-five")[_rows_table("", rows)]


_LINES = {Effect.WORSE: "gz-worse", Effect.BETTER: "gz-better"}


def change_lines(change: PlanChange) -> list[htpy.Element]:
    """Return the same change as small lines: posts, what gets worse, then what gets better."""
    posts = [htpy.small(".gz-worse")[change.posts]] if change.posts else []
    lines = [
        htpy.small(class_=_LINES.get(effect, "gz-same"))[sentence]
        for effect, sentence in change.by_effect.items()
    ]
    return posts + lines + ([htpy.small(".gz-same")[change.tis]] if change.tis else [])


def changes_side_by_side(changes: Mapping[str, PlanChange]) -> htpy.Element:
    """Return the table of the figures of several changes of plan, a column for each."""
    rows = []
    for figures in zip(*(change.figures for change in changes.values()), strict=True):
        cells = [_row(each, each.metric.label, each.told) for each in figures]
        pairs = [htpy.fragment[arrow, " (", gap, ")"] for _, arrow, gap in cells]
        rows.append((cells[0][0], *pairs))
    heads = ("Avant → après (écart)", *changes)
    return html.table("Les cinq chiffres", heads, rows, hidden_caption=True, stacks=True)


def posts_line(change: PlanChange) -> htpy.Element | None:
    """Return where posts change, in bold; ``None`` if they stay."""
    return html.sentence(htpy.strong[change.posts]) if change.posts else None


def _row(change: Change, label: str, told: str) -> tuple[htpy.Node, ...]:
    """Return a figure's label, its values before and after, and its difference in its colour."""
    touched = htpy.small[" (zones touchées)"] if change.metric.unit == "min" else None
    gap = htpy.span(class_=_KINDS[change.better])[told]
    return [label, touched], change.arrow(change.told_digits), gap


def _rows_table(head: str, rows: Sequence[Sequence[htpy.Node]]) -> htpy.Element:
    heads = (head, "Avant → après", "Écart")
    return html.table("Ce qui change, avant et après", heads, rows, hidden_caption=True)


#: Statuses of the sectors as delivered or published: nobody signs what is only proposed.
_SIGNED = (DecisionStatus.PUBLISHED, DecisionStatus.DRAFT)


def own_facts(study: Study, sector: Sector) -> list[tuple[str, str]]:
    """Return the sector's author, as the data folder names it, and its own facts."""
    plan, status = study.atlas.starting_plan, study.decisions.sector(sector.id)
    author = plan.drafted_by if sector.origin is Origin.TOOL else plan.author
    facts = [("Auteur", author)] if author and status in _SIGNED else []
    if sector.experimental:
        facts.append(("Expérimental", "oui"))
    return facts


def sector_calendar(sector: Sector) -> htpy.Renderable | None:
    """Return the sector's own calendar; ``None`` if it has none."""
    if not sector.milestones:
        return None
    dates = html.bullets([milestone_text(entry) for entry in sector.milestones], "gz-steps")
    return htpy.fragment[htpy.h4["Calendrier du secteur"], dates]


def milestone_text(entry: Milestone) -> str:
    """Return « 1er septembre 2026 : nomination d'un T.I.S. (à confirmer) »."""
    return f"{long_date(entry.date)} : {entry.text}" + (" (à confirmer)" if entry.uncertain else "")


def say_status(sector_id: str) -> None:
    """Notify the user that a sector (id) was changed, with its new status."""
    study = current_scenario.study()
    name, status = study.plan.sector(sector_id).name, study.decisions.sector_text(sector_id)
    state.notify("ok", f"Secteur {name} enregistré dans le scénario : {status}.")
